package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.FunctionProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.spi.Budget;
import io.espalier.spi.BudgetException;
import io.espalier.spi.Quoted;
import java.util.List;

/** Counts the nodes that writing out functions and loops adds. Not thread-safe. */
final class NodeBudget {

    private final long most;
    private long count;

    private NodeBudget(long most) {
        this.most = most;
    }

    /** What a model may result in: a file with many nodes in more than the budget says. */
    static NodeBudget of(ModelProto model, Budget budget) {
        long read = nodes(model.getGraph().getNodeList());
        for (FunctionProto function : model.getFunctionsList()) {
            read += nodes(function.getNodeList());
        }
        return new NodeBudget(Math.max(budget.nodes(), Budget.NODES_A_NODE_READ * read));
    }

    private static long nodes(List<NodeProto> nodes) {
        return nodes.size()
                + nodes.stream()
                        .flatMap(node -> node.getAttributeList().stream())
                        .filter(AttributeProto::hasG)
                        .mapToLong(attribute -> nodes(attribute.getG().getNodeList()))
                        .sum();
    }

    /**
     * Counts one more.
     *
     * @param cause what is written out, for the message
     * @throws BudgetException when there are too many
     */
    void add(String cause) {
        if (++count > most) {
            throw new BudgetException(
                    "more than " + most + " nodes would result from writing out " + Quoted.name(cause)
                            + " and what it calls",
                    "nodes");
        }
    }
}
