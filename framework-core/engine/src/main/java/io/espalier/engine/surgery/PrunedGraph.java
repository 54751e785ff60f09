package io.espalier.engine.surgery;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;

/**
 * What surgery makes of a graph and a removal.
 *
 * @param edits what was changed, in neutral terms, to be applied to a file in this order
 * @param graph the graph with these edits; constants that were cut are views of the original ones
 * @param shapes the shapes of its values
 * @param keptIndices what is left of every value and parameter of the original
 */
public record PrunedGraph(List<Edit> edits, Graph graph, Shapes shapes, KeptIndices keptIndices) {

    public PrunedGraph {
        edits = List.copyOf(edits);
    }

    /** The same with the edits that came before. */
    public PrunedGraph after(List<? extends Edit> earlier) {
        List<Edit> all = new ArrayList<>(earlier);
        all.addAll(edits);
        return new PrunedGraph(all, graph, shapes, keptIndices);
    }
}
