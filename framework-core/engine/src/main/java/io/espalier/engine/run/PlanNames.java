package io.espalier.engine.run;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.UnitWidth;
import io.espalier.engine.layer.FileNames;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedGroup;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What people call that which a plan names by parameters and values, as these names are no names for a person where an
 * exporter has made them up.
 *
 * @param blocks for each residual block that is left out, its layers with weights
 * @param groups how groups are shown, by number
 * @param ignored layers of the groups that are left alone, in the order of the plan
 * @param nodes layers of the nodes that forbid something or compute a statistic, by first output
 * @param widths how wide layers become, in the order of the graph
 * @param inFile for names of values that only the lift has made, and sentences with such names, the same with names of the file
 */
public record PlanNames(
        List<List<String>> blocks,
        Map<Integer, Shown> groups,
        List<String> ignored,
        Map<String, String> nodes,
        List<LayerWidth> widths,
        Map<String, String> inFile) {

    public PlanNames {
        blocks = List.copyOf(blocks);
        nodes = Map.copyOf(nodes);
        inFile = Map.copyOf(inFile);
        groups = Collections.unmodifiableMap(new TreeMap<>(groups));
        ignored = List.copyOf(ignored);
        widths = List.copyOf(widths);
    }

    /**
     * How one group is shown.
     *
     * @param layer best name of the layer that computes its channels
     * @param channelsPerUnit how many channels of that layer are removed with one of its coupled channels, on average
     */
    public record Shown(String layer, double channelsPerUnit) {}

    /**
     * The names of a plan.
     *
     * @param groups the groups of the model as it is analysed; those of the plan are found by number and name
     */
    static PlanNames of(Plan plan, List<Group> groups, Analysis analysis) {
        Coupling coupling = analysis.coupling();
        Layers layers = analysis.layers();
        Map<Integer, Shown> shown = new TreeMap<>();
        plan.groups().forEach(planned -> shown.put(planned.id(), shown(planned, groups, coupling, layers)));
        List<String> ignored = plan.ignored().stream()
                .map(each -> groups.stream()
                        .filter(group -> group.name().equals(each.name()))
                        .findFirst()
                        .map(layers::name)
                        .orElse(each.name()))
                .toList();
        Map<String, String> nodes = new TreeMap<>();
        plan.frozen().forEach(each -> nodes.put(each.node(), layers.name(each.operator(), each.node())));
        plan.statistics().forEach(each -> nodes.put(each.node(), layers.name(each.operator(), each.node())));
        List<List<String>> blocks = analysis.shortened().blocks().stream()
                .map(block -> block.weighted().stream()
                        .map(node -> layers.name(node.qualifiedOperator(), node.id()))
                        .toList())
                .toList();
        return new PlanNames(
                blocks,
                shown,
                ignored,
                nodes,
                LayerWidth.of(plan, layers.computed(groups)),
                values(plan, analysis.names()));
    }

    private static Map<String, String> values(Plan plan, FileNames names) {
        Map<String, String> values = new TreeMap<>();
        plan.groups().stream().flatMap(group -> group.atoms().stream()).forEach(each -> {
            values.put(each.parameter(), names.of(each.parameter()));
            each.reader().ifPresent(reader -> values.put(reader.node(), names.of(reader.node())));
        });
        plan.frozen().forEach(each -> {
            values.put(each.node(), names.of(each.node()));
            values.put(each.value(), names.of(each.value()));
            values.put(each.reason(), names.in(each.reason()));
        });
        plan.statistics().forEach(each -> {
            values.put(each.node(), names.of(each.node()));
            values.put(each.value(), names.of(each.value()));
        });
        values.entrySet().removeIf(each -> each.getKey().equals(each.getValue()));
        return values;
    }

    private static Shown shown(PlannedGroup planned, List<Group> groups, Coupling coupling, Layers layers) {
        return groups.stream()
                .filter(group -> group.name().equals(planned.name()))
                .min((one, other) -> Boolean.compare(other.id() == planned.id(), one.id() == planned.id()))
                .map(group -> new Shown(layers.name(group), UnitWidth.of(coupling, group)))
                .orElse(new Shown(planned.name(), 1));
    }

    /** How a group of the plan is shown. */
    Shown group(PlannedGroup group) {
        return groups.get(group.id());
    }
}
