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
import java.util.List;

/** The original with residual blocks that are computed and multiplied by zero before they are added. */
final class SilencedBlocks {

    private SilencedBlocks() {}

    /**
     * Multiplies by zero all operands of sums but those that remain.
     *
     * @param blocks for each block, the edit that leaves it out
     */
    static Graph of(Graph graph, List<Edit.Bypass> blocks, Shapes shapes) {
        if (blocks.isEmpty()) {
            return graph;
        }
        GraphIndex index = GraphIndex.of(graph);
        GraphRewriter rewriter = GraphRewriter.of(graph);
        for (Edit.Bypass block : blocks) {
            Node sum = index.node(block.node()).orElseThrow();
            int dropped = 1 - block.slot();
            String branch = sum.inputs().get(dropped);
            DataType type = shapes.type(branch).orElse(DataType.FLOAT32);
            String zero = rewriter.constant(branch + "/zero", Tensors.fromDoubles(type, List.of(), 0));
            String silent = rewriter.fresh(branch + "/silent");
            rewriter.replace(
                    block.node(), List.of(Nodes.multiply(branch, zero, silent), sum.withInput(dropped, silent)));
        }
        return rewriter.build();
    }
}
