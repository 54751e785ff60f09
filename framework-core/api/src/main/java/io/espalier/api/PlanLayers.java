package io.espalier.api;

import io.espalier.engine.run.PlanNames;
import io.espalier.spi.Stability;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What people call that which a plan names by parameters and values.
 *
 * @param blocks for each residual block that is left out, its layers with weights
 * @param groups how groups are shown, by number of the group
 * @param ignored layers of the ignored groups, in their order
 * @param nodes layers of the nodes that forbid something or compute a statistic, by first output
 * @param inFile for names of values that only the lift has made, and reasons with such names, the same with names of the file
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record PlanLayers(
        List<List<String>> blocks,
        Map<Integer, GroupLayer> groups,
        List<String> ignored,
        Map<String, String> nodes,
        Map<String, String> inFile) {

    public PlanLayers {
        blocks = List.copyOf(blocks);
        groups = Collections.unmodifiableMap(new TreeMap<>(groups));
        ignored = List.copyOf(ignored);
        nodes = Map.copyOf(nodes);
        inFile = Map.copyOf(inFile);
    }

    static PlanLayers of(PlanNames names) {
        Map<Integer, GroupLayer> groups = new TreeMap<>();
        names.groups().forEach((id, shown) -> groups.put(id, new GroupLayer(shown.layer(), shown.channelsPerUnit())));
        return new PlanLayers(names.blocks(), groups, names.ignored(), names.nodes(), names.inFile());
    }

    /** A name of a value, or a reason, of the plan in names of the file. */
    public String inFile(String text) {
        return inFile.getOrDefault(text, text);
    }
}
