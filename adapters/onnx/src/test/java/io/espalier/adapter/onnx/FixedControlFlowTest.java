package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.TypeInference;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixedControlFlowTest {

    private static final Tensor YES = Tensors.fromDoubles(DataType.BOOL, List.of(), 1);
    private static final Tensor X = Tensors.floats(Tensors.shape(2, 3), 1, -2, 3, 4, 5, -6);

    @TempDir
    Path folder;

    /** Lifts a model and checks that it computes what the file computes, before and after it was written again. */
    private Graph lifted(TestingProto proto) {
        Path file = proto.save(folder.resolve("model.onnx"));
        Map<String, Tensor> inputs = Map.of("x", X);
        try (Model model = new OnnxAdapter().open(file);
                Runner original = model.runner();
                Runner lifted = new OnnxExecutor().prepare(model.graph(), GraphExecutor.Settings.DEFAULT)) {
            Map<String, Tensor> expected = original.run(inputs);
            TestingModels.assertClose(lifted.run(inputs), expected, 1e-6);
            Path written = folder.resolve("written.onnx");
            model.write(written, List.of(), Map.of());
            try (Model again = new OnnxAdapter().open(written);
                    Runner rewritten = again.runner()) {
                TestingModels.assertClose(rewritten.run(inputs), expected, 1e-6);
            }
            return model.graph();
        }
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(Node::operator).toList();
    }

    private static TestingProto model() {
        return TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2, 3)
                .output("y")
                .constant("yes", YES);
    }

    private static TestingProto body(String state) {
        TestingProto body = TestingProto.body().input("i", DataType.INT64).input("on", DataType.BOOL);
        body.graph().addInputBuilder().setName(state);
        return body;
    }

    @Test
    void aLoopWithAConstantNumberOfTurnsIsWrittenOut() {
        TestingProto body = body("state")
                .node("Identity", "on", "going")
                .node("Constant", "", "half", value("value", Tensors.floats(List.of(), 0.5f)))
                .node("Cast", "i", "turn", integer("to", 1))
                .node("Mul", "state half", "less")
                .node("Add", "less turn", "next")
                .output("going", "next");
        Graph graph = lifted(model().constant("three", Tensors.longs(List.of(), 3))
                .node("Loop", "three yes x", "y", graph("body", body)));
        assertThat(operators(graph)).doesNotContain("Loop").containsSubsequence("Mul", "Add", "Mul", "Add", "Mul");
        assertThat(graph.constants().values().stream().filter(each -> Tensors.toDoubles(each)[0] == 0.5))
                .as("a constant of the body is moved out of it once")
                .hasSize(1);
    }

    @Test
    void aLoopOfMoreTurnsThanTheOptionAllowsIsKept() {
        TestingProto body = body("state")
                .node("Identity", "on", "going")
                .node("Add", "state state", "next")
                .output("going", "next");
        Path file = model().constant("three", Tensors.longs(List.of(), 3))
                .node("Loop", "three yes x", "y", graph("body", body))
                .save(folder.resolve("model.onnx"));
        OnnxAdapter adapter = new OnnxAdapter();
        for (int most = 2; most <= 3; most++) {
            Options options =
                    Options.resolve("the adapter", adapter.options(), Map.of("unroll", Integer.toString(most)));
            try (Model model = adapter.open(file, new AdapterContext(options, TypeInference.DECLARED, () -> {}))) {
                assertThat(operators(model.graph()).contains("Loop")).isEqualTo(most < 3);
            }
        }
    }

    @Test
    void aLoopThatTurnsNeverReturnsWhatItWasGiven() {
        TestingProto body = body("state")
                .node("Identity", "on", "going")
                .node("Relu", "state", "next")
                .output("going", "next");
        Graph graph = lifted(model().constant("none", Tensors.longs(List.of(), 0))
                .node("Loop", "none yes x", "same", graph("body", body))
                .node("Neg", "same", "y"));
        assertThat(operators(graph)).doesNotContain("Loop", "Relu");
    }

    @Test
    void aBranchOnAConstantIsTheBranch() {
        TestingProto then = TestingProto.body().node("Relu", "x", "r").output("r");
        TestingProto otherwise = TestingProto.body().node("Neg", "x", "n").output("n");
        Graph graph = lifted(model().node("Identity", "yes", "certainly")
                .node("If", "certainly", "y", graph("then_branch", then), graph("else_branch", otherwise)));
        assertThat(operators(graph)).contains("Relu").doesNotContain("If", "Neg");
    }

    /** The form in which PyTorch's exporter leaves a split into single slices behind. */
    @Test
    void sequencesOfKnownLengthAreTheirParts() {
        TestingProto body = body("parts")
                .node("Identity", "on", "going")
                .node("Constant", "", "one", value("value", Tensors.vector(1)))
                .node("Unsqueeze", "i first", "begin")
                .node("Add", "begin one", "end")
                .node("Slice", "x begin end one", "part")
                .node("SequenceInsert", "parts part", "longer")
                .output("going", "longer");
        Graph graph = lifted(model().constant("two", Tensors.longs(List.of(), 2))
                .constant("first", Tensors.vector(0))
                .constant("last", Tensors.longs(List.of(), -1))
                .node("SequenceEmpty", "", "nothing", integer("dtype", 1))
                .node("Loop", "two yes nothing", "parts", graph("body", body))
                .node("SequenceInsert", "parts x last", "three")
                .node("SequenceAt", "three last", "end")
                .node("ConcatFromSequence", "three", "all", integer("axis", 1))
                .node("Concat", "end all", "y", integer("axis", 1)));
        assertThat(operators(graph)).noneMatch(operator -> operator.contains("Sequence") || operator.equals("Loop"));
    }

    /** The form in which PyTorch's exporter leaves a list behind that a loop appends to, once for each row of the input. */
    @Test
    void aSequenceThatALoopAppendsToIsCollected() {
        TestingProto body = body("state");
        body.graph().addInputBuilder().setName("earlier");
        body.node("Gather", "x i", "row")
                .node("Add", "row state", "next")
                .node("SequenceInsert", "earlier next", "longer")
                .node("Identity", "yes", "going")
                .output("going", "next");
        body.graph().addOutputBuilder().setName("longer");
        TestingProto proto = model().constant("zero", Tensors.longs(List.of(), 0))
                .constant("start", Tensors.floats(Tensors.shape(3), 1, 2, 3))
                .node("SequenceEmpty", "", "nothing", integer("dtype", 1))
                .node("Shape", "x", "extents")
                .node("Gather", "extents zero", "turns")
                .node("Loop", "turns yes start nothing", "last list", graph("body", body))
                .node("ConcatFromSequence", "list", "all", integer("axis", 0), integer("new_axis", 1))
                .node("Add", "all last", "y");
        assertThat(operators(lifted(proto))).contains("Loop").noneMatch(operator -> operator.contains("Sequence"));
    }

    @Test
    void whatDependsOnDataStays() {
        TestingProto then = TestingProto.body().node("Relu", "x", "r").output("r");
        TestingProto otherwise = TestingProto.body().node("Neg", "x", "n").output("n");
        TestingProto body = body("state")
                .node("ReduceSum", "state", "sum", integer("keepdims", 0))
                .node("Greater", "sum limit", "going")
                .node("Abs", "state", "next")
                .output("going", "next");
        Graph graph = lifted(model().constant("limit", Tensors.floats(List.of(), 3))
                .constant("five", Tensors.longs(List.of(), 5))
                .node("ReduceMax", "x", "top", integer("keepdims", 0))
                .node("Greater", "top limit", "large")
                .node("If", "large", "b", graph("then_branch", then), graph("else_branch", otherwise))
                .node("Loop", "five yes b", "y", graph("body", body)));
        assertThat(operators(graph)).contains("If", "Loop");
    }
}
