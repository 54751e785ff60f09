package io.espalier.graph.operator;

import io.espalier.graph.shape.KnownValues;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Batch normalisations with statistics of the file as part of the convolution before them: its weight times scale over deviation,
 * and what that makes of the bias. Weights are far smaller than what they are applied to, so that a backward graph of this form passes over
 * less data. Everything is computed in the graph, so that gradients reach the weight, the scale and the shift.
 */
public final class FoldedStatistics {

    private static final int SCALE = 1;
    private static final int SHIFT = 2;
    private static final int MEAN = 3;
    private static final int VARIANCE = 4;
    private static final double EPSILON = 1e-5;
    /** How many examples are differentiated at once, about: whether a weight is the smaller one depends on it. */
    private static final long EXAMPLES = 16;

    private final GraphIndex index;
    private final Set<String> kept;
    private final Emitter emitter;

    private FoldedStatistics(Graph graph, KnownValues shapes, Set<String> kept) {
        this.index = GraphIndex.of(graph);
        this.kept = kept;
        this.emitter = new Emitter(FreshNames.of(graph), shapes, "folded");
    }

    /**
     * The graph in this form; the same one when there is nothing to fold. The convolutions remain, too: they compute what they did, for whoever reads it.
     *
     * @param kept values that gradients are taken by: what would not pass through them otherwise remains as it is
     */
    public static Graph of(Graph graph, KnownValues shapes, Set<String> kept) {
        return new FoldedStatistics(graph, shapes, kept).folded();
    }

    private Graph folded() {
        List<Node> nodes = new ArrayList<>();
        int taken = 0;
        for (Node node : index.graph().nodes()) {
            Node form = convolution(node).map(each -> folded(node, each)).orElse(node);
            List<Node> added = emitter.nodes();
            nodes.addAll(added.subList(taken, added.size()));
            taken = added.size();
            nodes.add(form);
        }
        return taken == 0 ? index.graph() : index.graph().withNodes(nodes).withConstants(emitter.constants());
    }

    /** The convolution that a normalisation can become part of. */
    private Optional<Node> convolution(Node node) {
        boolean fits = node.qualifiedOperator().equals(Nodes.BATCH_NORMALISATION)
                && node.intAttribute("training_mode", 0) == 0
                && isHeld(node.inputs().get(MEAN))
                && isHeld(node.inputs().get(VARIANCE));
        if (!fits) {
            return Optional.empty();
        }
        String data = node.inputs().get(0);
        if (kept.contains(data) || index.isReturned(data) || !index.isReadOnce(data)) {
            return Optional.empty();
        }
        return index.producer(data)
                .filter(each -> each.qualifiedOperator().equals(Nodes.CONVOLUTION))
                .filter(each -> isSmaller(each, data));
    }

    /** Statistics that gradients are taken by are shared with something that is trained, or asked for by mistake. */
    private boolean isHeld(String statistic) {
        return index.constant(statistic).isPresent() && !kept.contains(statistic);
    }

    private boolean isSmaller(Node convolution, String data) {
        Optional<List<Dim>> weight = emitter.shapes().shape(convolution.inputs().get(1));
        Optional<List<Dim>> result = emitter.shapes().shape(data);
        if (weight.isEmpty()
                || result.isEmpty()
                || !weight.get().stream().allMatch(Dim::isConstant)
                || kept.contains(convolution.outputs().get(0))) {
            return false;
        }
        double each = weight.get().stream().skip(1).mapToDouble(Dim::constant).reduce(1, (a, b) -> a * b);
        double places = result.get().stream()
                .skip(2)
                .mapToDouble(extent -> extent.isConstant() ? extent.constant() : Double.POSITIVE_INFINITY)
                .reduce(EXAMPLES, (a, b) -> a * b);
        return each <= places;
    }

    private Node folded(Node node, Node convolution) {
        String deviation = Activations.unary(emitter, "Sqrt", spread(node));
        String factor = emitter.divide(node.inputs().get(SCALE), deviation);
        String weight = convolution.inputs().get(1);
        long[] axes = LongStream.range(1, emitter.shapeOf(weight).size()).toArray();
        String scaled = emitter.multiply(weight, emitter.unsqueeze(factor, axes));
        String level = emitter.multiply(node.inputs().get(MEAN), factor);
        String shift = emitter.subtract(node.inputs().get(SHIFT), level);
        String total = convolution
                .input(2)
                .map(bias -> emitter.add(emitter.multiply(bias, factor), shift))
                .orElse(shift);
        return new Node(
                convolution.domain(),
                convolution.operator(),
                List.of(convolution.inputs().get(0), scaled, total),
                node.outputs(),
                convolution.attributes());
    }

    /** The variance and what keeps it from zero; a number already, because inference follows the elements of what is computed. */
    private String spread(Node node) {
        Tensor variance = index.constant(node.inputs().get(VARIANCE)).orElseThrow();
        double epsilon = node.realAttribute("epsilon", EPSILON);
        double[] spread = Arrays.stream(Tensors.toDoubles(variance))
                .map(each -> each + epsilon)
                .toArray();
        return emitter.constant(Tensors.fromDoubles(DataType.FLOAT32, variance.shape(), spread));
    }
}
