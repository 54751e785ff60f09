package io.espalier.training;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.operator.Nodes;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is minimised: the loss of the labels, and where there is a teacher that of its outputs too.
 *
 * @param graph the model with the losses
 * @param loss the value that is differentiated
 * @param own the loss of the labels
 * @param taught the loss of what the teacher says
 */
record Objective(Graph graph, String loss, LossGraph own, Optional<LossGraph> taught) {

    /**
     * The loss of the labels alone.
     *
     * @param example a batch, of the size that all have
     */
    static Objective of(Graph model, Operators operators, Batch example, ChosenLoss chosen) {
        LossGraph own = LossGraph.ofEqualBatches(model, operators, example, chosen);
        return new Objective(own.graph(), own.loss(), own, Optional.empty());
    }

    /**
     * This objective with a teacher.
     *
     * @param outputs outputs of the model
     * @param taught a batch whose labels are what the teacher says
     */
    Objective with(Distillation distillation, List<String> outputs, Operators operators, Batch taught) {
        Graph model = new Graph(
                graph.name(),
                graph.inputs(),
                outputs,
                graph.nodes(),
                graph.constants(),
                graph.declared(),
                graph.given());
        LossGraph second = LossGraph.ofEqualBatches(model, operators, taught, distillation.loss());
        Graph both = second.graph();
        FreshNames names = FreshNames.of(both);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>(both.nodes());
        String first = share(loss, 1 - distillation.share(), names, nodes, constants);
        String other = share(second.loss(), distillation.share(), names, nodes, constants);
        String sum = names.fresh("objective");
        nodes.add(Nodes.add(first, other, sum));
        return new Objective(both.withNodes(nodes).withConstants(constants), sum, own, Optional.of(second));
    }

    private static String share(
            String loss, double share, FreshNames names, List<Node> nodes, Map<String, Tensor> constants) {
        String factor = names.fresh("objective/share");
        constants.put(factor, Tensors.floats(List.of(), (float) share));
        String product = names.fresh("objective/part");
        nodes.add(Nodes.multiply(loss, factor, product));
        return product;
    }

    /** Checks the labels of data, where they count. */
    void require(Batches data) {
        own.require(data);
    }

    /**
     * What the graph is fed with.
     *
     * @param taught the same batch with what the teacher says; empty without a teacher
     */
    Map<String, Tensor> inputs(Batch batch, Optional<Batch> taught) {
        Map<String, Tensor> inputs = own.inputs(batch);
        taught.ifPresent(each -> inputs.putAll(this.taught.orElseThrow().inputs(each)));
        return inputs;
    }
}
