package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.tensor.Tensor;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator that a plug-in teaches counts, is scored and is pruned as ours are. */
class TaughtOperatorTest {

    private static final Path MODELS = Path.of("src", "test", "resources", "taught");
    private static final Path DENSE = Path.of("../../docs/examples/dense.onnx");

    @TempDir
    private Path folder;

    private TestingRun dense() {
        return TestingRun.of(DENSE, folder.resolve("pruned.onnx")).target("macs=50%");
    }

    @Test
    void multiplyAccumulatesFollowFromTheNotation() {
        Plan plan = dense().teaching(new TestingDense()).run().plan().plan();

        assertThat(plan.original().macs()).isEqualTo(32 * 64 + 64 * 10);
        assertThat(plan.predicted().macs()).isEqualTo(32 * 32 + 32 * 10);
    }

    /** onnxruntime has this operator, and Espalier does not know it. */
    @Test
    void aTaughtOperatorIsPrunedAndProved() throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            Path file = folder.resolve("deconvolved" + seed + ".onnx");
            new ModelWriter(1000).write(GraphEncoder.encode(deconvolved(seed)), Optional.empty(), file);
            Path output = folder.resolve("pruned" + seed + ".onnx");

            PruningReport report = TestingRun.of(file, output)
                    .target("channels=50%")
                    .teaching(new TestingDeconvolution())
                    .prune();

            assertThat(report.verification().outcome())
                    .as("seed %d: %s", seed, report.verification())
                    .isEqualTo(Outcome.PROVED);
            try (Model pruned = new OnnxAdapter().open(output)) {
                Map<String, Tensor> constants = pruned.graph().constants();
                assertThat(constants.get("taught.weight").shape()).containsExactly(4L, 3L, 2L, 2L);
                assertThat(constants.get("taught.bias").shape()).containsExactly(3L);
                assertThat(constants.get("last.weight").shape()).containsExactly(3L, 3L, 1L, 1L);
            }
        }
    }

    private static Graph deconvolved(long seed) {
        GraphBuilder graph = new GraphBuilder("deconvolved", seed);
        String x = graph.relu(graph.conv("first", graph.input("x", "batch", 2, 5, 5), 8, Window.same(3)));
        List<String> operands = List.of(
                x,
                graph.normal("taught.weight", 0.4, 8, 6, 2, 2),
                graph.longs(0, 0, 0, 0),
                graph.normal("taught.bias", 0.4, 6));
        String y =
                graph.node("com.microsoft.ConvTransposeWithDynamicPads", operands, "kernel_shape", new long[] {2, 2});
        y = graph.relu(graph.follow(y, "batch", 6, 6, 6));
        return graph.output(graph.conv("last", y, 3, Window.same(1))).build();
    }

    @Test
    void anAddedVectorBesideAContractionIsABias() {
        try (Model model = new OnnxAdapter().open(DENSE)) {
            assertThat(Analysis.of(model.graph(), List.of(new TestingDense()))
                            .coupling()
                            .labelledAxes())
                    .filteredOn(axis -> axis.use().constant().equals("b1"))
                    .extracting(LabelledAxis::role)
                    .containsExactly(ParameterRole.BIAS);
        }
    }

    @Test
    void aModelThatCountsNothingHasNoTargetOfMultiplyAccumulates() {
        assertThatThrownBy(() -> dense().teaching(new TestingUncounted()).prune())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no multiply-accumulates are counted")
                .hasMessageContaining("teach its operators");
    }

    @Test
    void aPluginWhoseNotationDoesNotFitIsNamed() {
        assertThatThrownBy(() -> dense().teaching(new TestingMistake()).prune())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("testing-dense")
                .hasMessageContaining("my.domain.Dense")
                .hasMessageContaining("')' is missing");
    }

    @Test
    void anOperatorOfTheSameNameInAnotherDomainIsNotOurs() {
        try (Model model = new OnnxAdapter().open(MODELS.resolve("custom-gather.onnx"))) {
            Analysis analysis = Analysis.of(model.graph());
            assertThat(Blocked.in(analysis.coupling()))
                    .extracting(blocked -> blocked.barrier().operator())
                    .contains("my.domain.Gather");
        }
    }

    /** A matrix product with a bias in the words of a plug-in. */
    private static class TestingDense implements OperatorSemantics {

        @Override
        public String name() {
            return "testing-dense";
        }

        @Override
        public String description() {
            return "A matrix product with a bias.";
        }

        @Override
        public List<String> operators() {
            return List.of("my.domain.Dense");
        }

        @Override
        public Optional<String> indexNotation(Node node, List<Integer> inputRanks) {
            return Optional.of("x[n i] w[i o] b[o] -> y[n o]");
        }
    }

    /** The same, in the words of a plug-in that counts no multiply-accumulates. */
    private static final class TestingUncounted extends TestingDense {

        @Override
        public OptionalLong macs(Node node, List<Optional<long[]>> inputs) {
            return OptionalLong.of(0);
        }
    }

    /** A transposed convolution whose pads are an operand, in the words of a plug-in. */
    private static final class TestingDeconvolution implements OperatorSemantics {

        @Override
        public String name() {
            return "testing-deconvolution";
        }

        @Override
        public String description() {
            return "A transposed convolution with computed pads.";
        }

        @Override
        public List<String> operators() {
            return List.of("com.microsoft.ConvTransposeWithDynamicPads");
        }

        @Override
        public Optional<String> indexNotation(Node node, List<Integer> inputRanks) {
            return Optional.of("x[n i ~*] w[i o #*k] _ b[o] -> y[n o ~*]");
        }
    }

    /** Notation with a mistake. */
    private static final class TestingMistake extends TestingDense {

        @Override
        public Optional<String> indexNotation(Node node, List<Integer> inputRanks) {
            return Optional.of("x[n i] w[(i o] b[o] -> y[n o]");
        }
    }
}
