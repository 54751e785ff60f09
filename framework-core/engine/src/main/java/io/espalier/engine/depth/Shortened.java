package io.espalier.engine.depth;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph without some residual blocks.
 *
 * @param original the graph with all of them
 * @param blocks those that are left out, one after the other
 * @param graph what is left
 */
public record Shortened(Graph original, List<ResidualBlock> blocks, Graph graph) {

    public Shortened {
        blocks = List.copyOf(blocks);
    }

    /** A graph with all its blocks. */
    public static Shortened whole(Graph graph) {
        return new Shortened(graph, List.of(), graph);
    }

    /** The same without one block more, which is one of what is left. */
    public Shortened without(ResidualBlock block) {
        List<ResidualBlock> all = new ArrayList<>(blocks);
        all.add(block);
        return new Shortened(original, all, GraphEdits.apply(graph, List.of(block.edit())));
    }

    /** What makes the graph of the original. */
    public List<Edit.Bypass> edits() {
        return blocks.stream().map(ResidualBlock::edit).toList();
    }
}
