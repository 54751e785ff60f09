package io.espalier.engine.recover;

import io.espalier.engine.verify.Part;
import io.espalier.graph.operator.Nodes;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the graph that sums the moments of one application of a weight over samples of a batch. It reads what the node
 * reads and, in inputs of its own, what the original has computed in the place of its output and which samples to take.
 */
final class MomentGraph {

    private static final String GRAM = "gram";
    private static final String CROSS = "cross";
    private static final String INPUT_SUMS = "input_sums";
    private static final String TARGET_SUMS = "target_sums";
    private static final String TARGET_SQUARES = "target_squares";
    private static final String ERROR = "error";
    private static final String SAMPLES = "samples";

    private final FreshNames names;
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private final String target;
    private final String rows;
    private final Optional<String> weights;
    private final Node node;
    private Graph graph;

    private MomentGraph(Node node, Map<String, ValueType> inputs, Map<String, Tensor> operands, boolean isWeighted) {
        this.node = node;
        this.names = FreshNames.of(new Graph("", inputs, List.of(), List.of(), operands, Map.of()));
        this.target = names.fresh("target");
        this.rows = names.fresh("rows");
        this.weights = isWeighted ? Optional.of(names.fresh("weights")) : Optional.empty();
    }

    /**
     * Builds the graph.
     *
     * @param application the application, which reads its weight and bias from constants
     * @param inputs types of what it reads besides
     * @param narrowed for an input, the axes of which positions are chosen before the node reads it, with those
     * @param operands constants that it reads
     * @param kept for each axis of the output that the weight gives, the positions of the original that are kept
     * @param targetType type of what the original computes
     * @param weights type of what says how much each sample counts; empty where all count alike
     */
    static MomentGraph of(
            Application application,
            Map<String, ValueType> inputs,
            Map<String, Map<Integer, int[]>> narrowed,
            Map<String, Tensor> operands,
            Map<Integer, int[]> kept,
            ValueType targetType,
            Optional<ValueType> weights) {
        MomentGraph built = new MomentGraph(application.node(), inputs, operands, weights.isPresent());
        WeightMatrix matrix = application.matrix();
        built.constants.putAll(operands);
        Node node = built.narrowed(application.node(), narrowed);
        DataType type = operands.get(node.inputs().get(matrix.slot())).type();
        String basis = built.constant("basis", matrix.basis(type));
        Node multiplied = node.withInput(matrix.slot(), basis);
        if (application.biasSlot().isPresent()) {
            int slot = application.biasSlot().getAsInt();
            Tensor zero = Tensors.fromDoubles(
                    type,
                    List.of((long) matrix.groups() * matrix.inputs()),
                    new double[matrix.groups() * matrix.inputs()]);
            multiplied = multiplied.withInput(slot, built.constant("no_bias", zero));
        }
        String regressors = built.arranged(built.applied(multiplied), matrix.ofBasis());
        String selected = built.selected(built.target, kept);
        String targets = built.arranged(selected, matrix);
        String given = built.arranged(built.applied(node), matrix);
        Optional<String> each = built.weights.map(weight -> built.ofSamples(weight, selected, matrix));
        Optional<String> factor = each.map(weight -> built.add("Sqrt", List.of(weight), Map.of()));
        built.sums(
                new Samples(built.times(regressors, factor), built.times(targets, factor), built.times(given, factor)),
                factor,
                each);
        Map<String, ValueType> all = new LinkedHashMap<>(inputs);
        all.put(built.target, targetType);
        weights.ifPresent(ofWeights -> all.put(built.weights.orElseThrow(), ofWeights));
        all.put(built.rows, Part.open(Tensors.vector()));
        built.graph =
                new Graph("moments", all, List.copyOf(built.outputs.values()), built.nodes, built.constants, Map.of());
        return built;
    }

    /** The constant that the node reads in a slot. */
    Tensor operand(int slot) {
        return constants.get(node.inputs().get(slot));
    }

    Graph graph() {
        return graph;
    }

    /** The input that takes what the original has computed. */
    String target() {
        return target;
    }

    /** The input that takes the places of the samples that are summed over. */
    String rows() {
        return rows;
    }

    /** The input that takes how much each sample counts. */
    Optional<String> weights() {
        return weights;
    }

    /** By group and sample, each times the root of its weight. */
    private record Samples(String regressors, String targets, String given) {}

    private String times(String value, Optional<String> factor) {
        return factor.map(root -> add("Mul", List.of(value, root), Map.of())).orElse(value);
    }

    /** What is given for each sample, by group and sample. */
    private String ofSamples(String weight, String like, WeightMatrix matrix) {
        String shape = add("Shape", List.of(like), Map.of());
        String first = constant("first", Tensors.vector(0));
        return gathered(arranged(add("Expand", List.of(weight, shape), Map.of()), matrix), first, 2);
    }

    private void sums(Samples samples, Optional<String> factor, Optional<String> weights) {
        String regressors = samples.regressors();
        String targets = samples.targets();
        String turned = add("Transpose", List.of(regressors), Map.of("perm", ints(List.of(0L, 2L, 1L))));
        output(GRAM, multiplied(turned, regressors));
        output(CROSS, multiplied(turned, targets));
        output(INPUT_SUMS, overSamples("ReduceSum", times(regressors, factor)));
        output(TARGET_SUMS, overSamples("ReduceSum", times(targets, factor)));
        output(TARGET_SQUARES, overSamples("ReduceSumSquare", targets));
        output(ERROR, overSamples("ReduceSumSquare", add("Sub", List.of(targets, samples.given()), Map.of())));
        output(
                SAMPLES,
                weights.map(each -> overSamples("ReduceSum", each))
                        .orElseGet(() -> add(
                                "Shape",
                                List.of(targets),
                                Map.of("start", new Attribute.Int(1), "end", new Attribute.Int(2)))));
    }

    private String multiplied(String left, String right) {
        String result = names.fresh("product");
        nodes.add(Nodes.multiplyMatrices(left, right, result));
        return result;
    }

    private String overSamples(String operator, String value) {
        String axis = constant("samples_axis", Tensors.vector(1));
        return add(operator, List.of(value, axis), Map.of("keepdims", new Attribute.Int(0)));
    }

    private void output(String name, String value) {
        outputs.put(name, value);
    }

    /** The node as it reads what is chosen. */
    private Node narrowed(Node node, Map<String, Map<Integer, int[]>> narrowed) {
        Node chosen = node;
        for (Map.Entry<String, Map<Integer, int[]>> value : narrowed.entrySet()) {
            String selected = selected(value.getKey(), value.getValue());
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                if (node.inputs().get(slot).equals(value.getKey())) {
                    chosen = chosen.withInput(slot, selected);
                }
            }
        }
        return chosen;
    }

    /** Some positions along axes of a value. */
    private String selected(String value, Map<Integer, int[]> kept) {
        String selected = value;
        for (Map.Entry<Integer, int[]> axis : kept.entrySet()) {
            long[] positions = Arrays.stream(axis.getValue()).asLongStream().toArray();
            selected = gathered(selected, constant("kept", Tensors.vector(positions)), axis.getKey());
        }
        return selected;
    }

    private String gathered(String value, String positions, int axis) {
        String result = names.fresh("gathered");
        nodes.add(Nodes.gather(value, positions, axis, result));
        return result;
    }

    /** An output of the operator by group, sample and output, in single precision. */
    private String arranged(String value, WeightMatrix matrix) {
        String single = add("Cast", List.of(value), Map.of("to", new Attribute.Int(1)));
        String first = add("Transpose", List.of(single), Map.of("perm", ints(matrix.samplesFirst())));
        String separated = reshaped(first, matrix.separated());
        String sampled = gathered(separated, rows, 0);
        String grouped = add("Transpose", List.of(sampled), Map.of("perm", ints(matrix.byGroup())));
        return reshaped(grouped, List.of((long) matrix.groups(), -1L, (long) matrix.outputs()));
    }

    private String reshaped(String value, List<Long> shape) {
        long[] extents = shape.stream().mapToLong(Long::longValue).toArray();
        String result = names.fresh("reshaped");
        nodes.add(Nodes.reshape(value, constant("shape", Tensors.vector(extents)), result));
        return result;
    }

    private String applied(Node node) {
        List<String> results = new ArrayList<>();
        node.outputs().forEach(output -> results.add(output.isEmpty() ? "" : names.fresh("result")));
        nodes.add(new Node(node.domain(), node.operator(), node.inputs(), results, node.attributes()));
        return results.get(0);
    }

    private String add(String operator, List<String> inputs, Map<String, Attribute> attributes) {
        String result = names.fresh(operator.toLowerCase(Locale.ROOT));
        nodes.add(new Node("", operator, inputs, List.of(result), attributes));
        return result;
    }

    private String constant(String wish, Tensor value) {
        String name = names.fresh(wish);
        constants.put(name, value);
        return name;
    }

    private static Attribute ints(List<Long> values) {
        return new Attribute.Ints(values);
    }

    /** Adds the results of a run to moments, and returns those with their samples. */
    Moments add(Map<String, Tensor> results, Moments moments) {
        sum(results, GRAM, moments.gram());
        sum(results, CROSS, moments.cross());
        sum(results, INPUT_SUMS, moments.inputSums());
        sum(results, TARGET_SUMS, moments.targetSums());
        sum(results, TARGET_SQUARES, moments.targetSquares());
        double samples = Tensors.toDoubles(results.get(outputs.get(SAMPLES)))[0];
        return new Moments(
                moments.groups(),
                moments.inputs(),
                moments.outputs(),
                moments.samples() + samples,
                moments.gram(),
                moments.cross(),
                moments.inputSums(),
                moments.targetSums(),
                moments.targetSquares());
    }

    private void sum(Map<String, Tensor> results, String name, double[] sums) {
        Tensors.forEach(results.get(outputs.get(name)), (i, value) -> sums[(int) i] += value);
    }

    /** The squared difference between the targets and what the node computes, over a run. */
    double error(Map<String, Tensor> results) {
        double error = 0;
        for (double each : Tensors.toDoubles(results.get(outputs.get(ERROR)))) {
            error += each;
        }
        return error;
    }
}
