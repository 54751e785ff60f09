package io.espalier.engine.verify;

import io.espalier.graph.operator.Nodes;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.GraphRewriter;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/** The original with residual blocks that are computed and multiplied by zero before they are added. */
final class SilencedBlocks {

    private SilencedBlocks() {}

    /**
     * Multiplies operands of sums by zero.
     *
     * @param blocks for each block, the edit that leaves it out
     */
    static Graph of(Graph graph, List<Edit.Omit> blocks, Shapes shapes) {
        if (blocks.isEmpty()) {
            return graph;
        }
        GraphIndex index = GraphIndex.of(graph);
        GraphRewriter rewriter = GraphRewriter.of(graph);
        Edit.Omit.bySum(blocks).forEach((sum, slots) -> {
            List<Node> nodes = new ArrayList<>();
            Node silenced = index.node(sum).orElseThrow();
            for (int slot : slots) {
                String branch = silenced.inputs().get(slot);
                DataType type = shapes.type(branch).orElse(DataType.FLOAT32);
                String zero = rewriter.constant(branch + "/zero", Tensors.fromDoubles(type, List.of(), 0));
                String silent = rewriter.fresh(branch + "/silent");
                nodes.add(Nodes.multiply(branch, zero, silent));
                silenced = silenced.withInput(slot, silent);
            }
            nodes.add(silenced);
            rewriter.replace(sum, nodes);
        });
        return rewriter.build();
    }
}
