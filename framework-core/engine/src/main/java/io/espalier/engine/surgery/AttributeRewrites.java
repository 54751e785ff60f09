package io.espalier.engine.surgery;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attributes that count positions of an index: groups of a convolution, the hidden size of a cell. */
final class AttributeRewrites {

    private AttributeRewrites() {}

    static List<Edit> edits(Graph graph, Coupling coupling, Removal removal) {
        List<Edit> edits = new ArrayList<>();
        KeptIndices keptIndices = new KeptIndices(coupling, removal);
        for (Node node : graph.nodes()) {
            Map<String, Long> sizes = keptIndices.attributeSizes(node.id());
            sizes.forEach((attribute, size) -> {
                Attribute found = node.attributes().get(attribute);
                Attribute wanted = counting(found, size);
                if (found != null && !found.equals(wanted)) {
                    edits.add(new Edit.SetAttribute(node.id(), attribute, Optional.of(wanted)));
                }
            });
        }
        return edits;
    }

    /** A list says the same count several times over, as for queries, keys and values. */
    private static Attribute counting(Attribute found, long size) {
        return found instanceof Attribute.Ints list
                ? new Attribute.Ints(Collections.nCopies(list.values().size(), size))
                : new Attribute.Int(size);
    }
}
