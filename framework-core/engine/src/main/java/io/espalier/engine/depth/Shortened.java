package io.espalier.engine.depth;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

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
        return new Shortened(original, all, GraphEdits.apply(original, List.copyOf(edits(all))));
    }

    /** What makes the graph of the original. */
    public List<Edit.Omit> edits() {
        return edits(blocks);
    }

    private static List<Edit.Omit> edits(List<ResidualBlock> blocks) {
        return blocks.stream().map(ResidualBlock::edit).toList();
    }

    /** The operand of a sum of the original that is one of those that are left. */
    int slot(String sum, int left) {
        Set<Integer> gone = Edit.Omit.bySum(edits()).getOrDefault(sum, Set.of());
        return IntStream.iterate(0, slot -> slot + 1)
                .filter(slot -> !gone.contains(slot))
                .skip(left)
                .findFirst()
                .orElseThrow();
    }
}
