package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Seeded small networks, and seeded edits of their nodes that mostly keep what the network computes. */
final class TestingNodeEdits {

    private static final int CHANNELS = 4;

    /** What an edit does. */
    enum Kind {
        FOLD,
        CLIP,
        WRAP,
        SCALE,
        DROP,
        SPLIT_GEMM,
        RESCALE
    }

    private final Random random;
    private final List<Edit> edits = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private final List<String> factors = new ArrayList<>();
    private Graph graph;
    private FreshNames names;
    private boolean meaningKept = true;

    private TestingNodeEdits(Graph graph, long seed) {
        this.graph = graph;
        this.random = new Random(seed);
    }

    /** Convolutions with what stands between them, and a dense layer in the end. */
    static TestingProto network(int opset, long seed) {
        Random random = new Random(seed);
        TestingProto proto = TestingProto.opset(opset).input("x", DataType.FLOAT32, 2, CHANNELS, 6, 6);
        String value = "x";
        int steps = 5 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            value = step(proto, value, "v" + i, random);
        }
        boolean transposed = random.nextBoolean();
        constant(proto, "dense", random, transposed ? new long[] {3, CHANNELS} : new long[] {CHANNELS, 3});
        constant(proto, "bias", random, 3);
        return proto.node("GlobalAveragePool", value, "pooled")
                .node("Flatten", "pooled", "flat")
                .node("Gemm", "flat dense bias", "g", integer("transB", transposed ? 1 : 0))
                .node(random.nextBoolean() ? "Relu" : "Identity", "g", "y")
                .output("y", DataType.FLOAT32);
    }

    private static String step(TestingProto proto, String value, String name, Random random) {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                constant(proto, name + "w", random, CHANNELS, CHANNELS, 3, 3);
                constant(proto, name + "b", random, CHANNELS);
                boolean biased = random.nextBoolean();
                boolean normalised = random.nextBoolean();
                String result = normalised ? name + "c" : name;
                proto.node(
                        "Conv",
                        value + " " + name + "w" + (biased ? " " + name + "b" : ""),
                        result,
                        ints("pads", 1, 1, 1, 1));
                if (normalised) {
                    for (String role : List.of("s", "o", "m")) {
                        constant(proto, name + role, random, CHANNELS);
                    }
                    proto.constant(name + "v", Tensors.floats(List.of((long) CHANNELS), 0.5f, 1, 2, 0.75f))
                            .node(
                                    "BatchNormalization",
                                    String.join(" ", result, name + "s", name + "o", name + "m", name + "v"),
                                    name,
                                    real("epsilon", 1e-3));
                }
            }
            case 2, 3 -> proto.node("Relu", value, name);
            case 4 -> proto.node("Identity", value, name);
            default -> proto.node("Dropout", value, name);
        }
        return name;
    }

    private static void constant(TestingProto proto, String name, Random random, long... shape) {
        Tensor value = TestingModels.random(DataType.FLOAT32, Tensors.shape(shape), random);
        if (random.nextBoolean()) {
            proto.constant(name, value);
        } else {
            proto.node("Constant", "", name, TestingProto.value("value", value));
        }
    }

    /** Seeded edits of a lifted network, one after the other. */
    static TestingNodeEdits of(Graph graph, long seed) {
        TestingNodeEdits edited = new TestingNodeEdits(graph, seed);
        for (int tries = 0; tries < 40 && edited.kinds.size() < 6; tries++) {
            edited.attempt();
        }
        return edited;
    }

    List<Edit> edits() {
        return edits;
    }

    /** The kinds of edits that were made, in order. */
    List<Kind> kinds() {
        return kinds;
    }

    /** Whether the edited network computes what the original computes. */
    boolean keepsMeaning() {
        return meaningKept;
    }

    private void attempt() {
        names = FreshNames.of(graph);
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        Node node = graph.nodes().get(random.nextInt(graph.nodes().size()));
        List<Edit> step = switch (kind) {
            case FOLD -> fold(node);
            case CLIP -> clip(node);
            case WRAP -> wrap(node);
            case SCALE -> scale(node);
            case DROP -> drop(node);
            case SPLIT_GEMM -> splitGemm(node);
            case RESCALE -> rescale();
        };
        if (!step.isEmpty()) {
            graph = GraphEdits.apply(graph, step);
            edits.addAll(step);
            kinds.add(kind);
        }
    }

    private double[] numbers(String constant) {
        return Tensors.toDoubles(graph.constants().get(constant));
    }

    /** A normalisation goes into the convolution before it. */
    private List<Edit> fold(Node norm) {
        GraphIndex index = GraphIndex.of(graph);
        Optional<Node> conv = norm.input(0).flatMap(index::producer);
        if (!norm.operator().equals("BatchNormalization")
                || conv.isEmpty()
                || !conv.get().operator().equals("Conv")
                || !index.isReadOnce(norm.inputs().get(0))) {
            return List.of();
        }
        double[] weight = numbers(conv.get().inputs().get(1));
        double[] bias = conv.get().input(2).map(this::numbers).orElse(new double[CHANNELS]);
        int row = weight.length / CHANNELS;
        for (int c = 0; c < CHANNELS; c++) {
            double factor = numbers(norm.inputs().get(1))[c]
                    / Math.sqrt(numbers(norm.inputs().get(4))[c] + norm.realAttribute("epsilon", 1e-5));
            for (int i = 0; i < row; i++) {
                weight[c * row + i] *= factor;
            }
            bias[c] = (bias[c] - numbers(norm.inputs().get(3))[c]) * factor
                    + numbers(norm.inputs().get(2))[c];
        }
        Map<String, Tensor> own = new LinkedHashMap<>();
        String w = own(own, "folded.weight", Tensors.shape(CHANNELS, CHANNELS, 3, 3), weight);
        String b = own(own, "folded.bias", Tensors.shape(CHANNELS), bias);
        Node folded = Node.of(
                "Conv",
                List.of(conv.get().inputs().get(0), w, b),
                norm.outputs(),
                conv.get().attributes());
        return List.of(
                new Edit.RemoveNode(norm.id()), new Edit.RemoveNode(conv.get().id()), new Edit.AddNode(folded, own));
    }

    private String own(Map<String, Tensor> constants, String wish, List<Long> shape, double... values) {
        String name = names.fresh(wish);
        constants.put(name, Tensors.fromDoubles(DataType.FLOAT32, shape, values));
        return name;
    }

    private String own(Map<String, Tensor> constants, String wish, long... values) {
        String name = names.fresh(wish);
        constants.put(name, Tensors.vector(values));
        return name;
    }

    private List<Edit> clip(Node relu) {
        if (!relu.operator().equals("Relu")) {
            return List.of();
        }
        Map<String, Tensor> own = new LinkedHashMap<>();
        List<String> inputs = new ArrayList<>(List.of(relu.inputs().get(0), own(own, "low", List.of(), 0)));
        if (random.nextBoolean()) {
            inputs.add(own(own, "high", List.of(), 1e6));
        }
        return List.of(
                new Edit.RemoveNode(relu.id()),
                new Edit.AddNode(Node.of("Clip", inputs, relu.outputs(), Map.of()), own));
    }

    /** The node reads its first input through nodes that change nothing. */
    private List<Edit> through(Node reader, List<Edit.AddNode> between, String result) {
        List<Edit> step = new ArrayList<>(between);
        step.add(random.nextInt(step.size() + 1), new Edit.RemoveNode(reader.id()));
        step.add(new Edit.AddNode(reader.withInput(0, result), Map.of()));
        return step;
    }

    private List<Edit> wrap(Node reader) {
        String x = reader.inputs().get(0);
        String y = names.fresh("same");
        String between = names.fresh("between");
        Map<String, Tensor> own = new LinkedHashMap<>();
        List<Edit.AddNode> nodes = new ArrayList<>();
        switch (random.nextInt(7)) {
            case 0 -> nodes.add(add(own, "Identity", List.of(x), y));
            case 1 -> nodes.add(add(own, "Dropout", List.of(x, own(own, "ratio", List.of(), 0.25)), y));
            case 2 -> {
                nodes.add(add(own, "Unsqueeze", List.of(x, own(own, "axes", 0)), between));
                own = new LinkedHashMap<>();
                nodes.add(add(own, "Squeeze", List.of(between, own(own, "axes", 0)), y));
            }
            case 3 -> {
                nodes.add(add(own, "Unsqueeze", List.of(x, own(own, "axes", 1)), between));
                own = new LinkedHashMap<>();
                String sum = random.nextBoolean() ? "ReduceSum" : "ReduceMax";
                Edit.AddNode add = add(own, sum, List.of(between, own(own, "axes", 1)), y);
                nodes.add(new Edit.AddNode(add.node().withAttribute("keepdims", new Attribute.Int(0)), own));
            }
            case 4 ->
                nodes.add(add(
                        own,
                        "Slice",
                        List.of(x, own(own, "starts", 0), own(own, "ends", Long.MAX_VALUE), own(own, "axes", 0)),
                        y));
            case 5 -> {
                if (!List.of("Conv", "Relu", "Clip", "Gemm").contains(reader.operator())) {
                    return List.of();
                }
                String other = names.fresh("other");
                Node split = new Node(
                        "",
                        "Split",
                        List.of(x, own(own, "sizes", 1, 1)),
                        List.of(between, other),
                        Map.of("axis", new Attribute.Int(0)));
                nodes.add(new Edit.AddNode(split, own));
                Node concat =
                        Node.of("Concat", List.of(between, other), List.of(y), Map.of("axis", new Attribute.Int(0)));
                nodes.add(new Edit.AddNode(concat, Map.of()));
            }
            default -> {
                if (!reader.operator().equals("Conv")) {
                    return List.of();
                }
                nodes.add(
                        add(own, "Pad", List.of(x, own(own, "pads", new long[8]), own(own, "value", List.of(), 0)), y));
            }
        }
        return through(reader, nodes, y);
    }

    private static Edit.AddNode add(Map<String, Tensor> own, String operator, List<String> inputs, String output) {
        return new Edit.AddNode(Node.of(operator, inputs, List.of(output), Map.of()), own);
    }

    /** Multiplies what a convolution reads by one, channel by channel. */
    private List<Edit> scale(Node conv) {
        if (!conv.operator().equals("Conv")) {
            return List.of();
        }
        double[] ones = new double[CHANNELS];
        Arrays.fill(ones, 1);
        Map<String, Tensor> own = new LinkedHashMap<>();
        String factor = own(own, "factor", Tensors.shape(CHANNELS, 1, 1), ones);
        factors.add(factor);
        String y = names.fresh("scaled");
        return through(conv, List.of(add(own, "Mul", List.of(conv.inputs().get(0), factor), y)), y);
    }

    /** Changes the constant of a node that an earlier edit has added. */
    private List<Edit> rescale() {
        List<String> left = factors.stream()
                .filter(name -> graph.constants().containsKey(name))
                .toList();
        if (left.isEmpty()) {
            return List.of();
        }
        meaningKept = false;
        String factor = left.get(random.nextInt(left.size()));
        Tensor value = Tensors.fromDoubles(DataType.FLOAT32, Tensors.shape(CHANNELS, 1, 1), 2, -1, 0.5, 1);
        return List.of(new Edit.SetConstant(factor, value));
    }

    /** What reads a node that changes nothing reads what it reads. */
    private List<Edit> drop(Node node) {
        GraphIndex index = GraphIndex.of(graph);
        boolean passes = node.operator().equals("Identity") || node.operator().equals("Dropout");
        if (!passes || index.isReturned(node.id())) {
            return List.of();
        }
        List<Edit> step = new ArrayList<>(List.of(new Edit.RemoveNode(node.id())));
        index.readers(node.id()).forEach(reader -> {
            step.add(new Edit.RemoveNode(reader.node().id()));
            step.add(new Edit.AddNode(
                    reader.node().withInput(reader.slot(), node.inputs().get(0)), Map.of()));
        });
        return step;
    }

    private List<Edit> splitGemm(Node gemm) {
        if (!gemm.operator().equals("Gemm")) {
            return List.of();
        }
        String weight = gemm.inputs().get(1);
        Map<String, Tensor> own = new LinkedHashMap<>();
        if (gemm.intAttribute("transB", 0) == 1) {
            Tensor turned = Tensors.permuted(graph.constants().get(weight), 1, 0);
            weight = names.fresh("turned");
            own.put(weight, turned);
        }
        String product = names.fresh("product");
        return List.of(
                new Edit.RemoveNode(gemm.id()),
                new Edit.AddNode(
                        Node.of("Add", List.of(product, gemm.inputs().get(2)), gemm.outputs(), Map.of()), Map.of()),
                add(own, "MatMul", List.of(gemm.inputs().get(0), weight), product));
    }
}
