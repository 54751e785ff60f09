package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;

import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.testkit.contract.AdapterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

class OnnxAdapterTest extends AdapterContract {

    @Override
    protected FrameworkAdapter adapter() {
        return new OnnxAdapter();
    }

    @Override
    protected List<Path> models(Path target) throws IOException {
        Path external = Files.createDirectory(target.resolve("external"));
        Path inside = convolution().save(target.resolve("convolution.onnx"));
        try (OnnxModel model = OnnxModel.open(inside, AdapterContext.of(adapter()))) {
            model.write(external.resolve("external.onnx"), List.of(), Map.of(), new ModelWriter(1000));
        }
        return List.of(
                inside,
                external.resolve("external.onnx"),
                branches().save(target.resolve("branches.onnx")),
                sums().save(target.resolve("sums.onnx")),
                Files.copy(
                        TestingModels.examples().resolve("fashion-resnet20.onnx"),
                        target.resolve("fashion-resnet20.onnx")));
    }

    /** Old operators and every binding a constant can have: initializer, node, attribute, typed fields. */
    private static TestingProto convolution() {
        TestingProto proto = TestingProto.opset(9)
                .input("x", DataType.FLOAT32, -1, 3, 8, 8)
                .constant("w", floats(1, 8, 3, 3, 3))
                .constant("b", floats(2, 8))
                .node("Constant", "", "v", TestingProto.value("value", floats(3, 8, 5)))
                .node("Conv", "x w b", "c", ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1))
                .node("Clip", "c", "r", real("min", -1), real("max", 1))
                .node("GlobalAveragePool", "r", "p")
                .node("Squeeze", "p", "s", ints("axes", 2, 3))
                .node("MatMul", "s v", "m")
                .node("LeakyRelu", "m", "y", real("alpha", 0.1))
                .output("y", DataType.FLOAT32);
        proto.model()
                .setProducerName("a test")
                .addMetadataPropsBuilder()
                .setKey("author")
                .setValue("somebody");
        return proto;
    }

    /** A sum of three by one operator, and one by a chain. */
    private static TestingProto sums() {
        TestingProto proto = TestingProto.opset(17).input("x", DataType.FLOAT32, -1, 6);
        for (String weight : List.of("w", "a", "b", "c", "d")) {
            proto.constant(weight, floats(weight.charAt(0), 6, 6));
        }
        return proto.node("MatMul", "x w", "h")
                .node("MatMul", "h a", "f")
                .node("MatMul", "h b", "g")
                .node("Sum", "f h g", "sum")
                .node("Relu", "sum", "r")
                .node("MatMul", "r c", "k")
                .node("MatMul", "r d", "l")
                .node("Add", "k l", "pair")
                .node("Add", "pair r", "chain")
                .node("Relu", "chain", "y")
                .output("y", DataType.FLOAT32);
    }

    /** Weights in bodies and around them. */
    private static TestingProto branches() {
        TestingProto left = TestingProto.body()
                .constant("lw", floats(5, 6, 4))
                .node("MatMul", "h lw", "l")
                .output("l", DataType.FLOAT32);
        TestingProto right = TestingProto.body()
                .constant("rw", floats(6, 6, 4))
                .node("MatMul", "h rw", "t")
                .node("Neg", "t", "r")
                .output("r", DataType.FLOAT32);
        return TestingProto.opset(17)
                .input("x", DataType.FLOAT32, -1, 5)
                .constant("w", floats(4, 5, 6))
                .constant("zero", floats(0))
                .node("MatMul", "x w", "h")
                .node("ReduceSum", "x", "total", integer("keepdims", 0))
                .node("Greater", "total zero", "condition")
                .node("If", "condition", "y", graph("then_branch", left), graph("else_branch", right))
                .output("y", DataType.FLOAT32);
    }

    private static Tensor floats(long seed, long... shape) {
        return TestingModels.random(
                DataType.FLOAT32,
                IntStream.range(0, shape.length).mapToObj(i -> shape[i]).toList(),
                new Random(seed));
    }

    @Override
    protected List<Edit> edits(Path file, Graph graph) {
        return switch (file.getFileName().toString()) {
            case "branches.onnx" -> slices(new int[] {0, 2, 5}, "w", 1, "lw", 0, "rw", 0);
            case "sums.onnx" ->
                slices(new int[] {0, 2, 5}, "w", 1, "a", 0, "a", 1, "b", 0, "b", 1, "c", 0, "c", 1, "d", 0, "d", 1);
            case "fashion-resnet20.onnx" -> List.of(renamedInputs(graph));
            default -> {
                List<Edit> edits = new ArrayList<>(slices(new int[] {1, 2, 3, 6}, "w", 0, "b", 0, "v", 0));
                edits.add(new Edit.SetAttribute("y", "alpha", Optional.of(new Attribute.Real(0.5))));
                yield edits;
            }
        };
    }

    private static List<Edit> slices(int[] keep, Object... constantsAndAxes) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < constantsAndAxes.length; i += 2) {
            edits.add(new Edit.Keep((String) constantsAndAxes[i], (int) constantsAndAxes[i + 1], keep));
        }
        return edits;
    }

    /** A constant of its own for the first weight in the network, with other numbers. */
    private static Edit renamedInputs(Graph graph) {
        var node = graph.nodes().stream()
                .filter(each -> each.operator().equals("Conv"))
                .findFirst()
                .orElseThrow();
        Tensor weight = graph.constants().get(node.inputs().get(1));
        Random random = new Random(7);
        return new Edit.SetInput(
                node.id(), 1, "own.weight", TestingModels.random(weight.type(), weight.shape(), random));
    }
}
