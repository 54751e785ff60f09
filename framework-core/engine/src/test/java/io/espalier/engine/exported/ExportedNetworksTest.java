package io.espalier.engine.exported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Networks written by the exporters that people use: shapes, parity of the lift, coupling, and a proved prune. */
final class ExportedNetworksTest {

    private static final long SEED = 20261122;
    private static final double SHARE = 0.4;

    /** What rounding to half precision or to integers may amount to, by how a file was made. */
    private static final Map<String, Double> TOLERANCES =
            Map.of("half", 2e-2, "qdq", 5e-2, "qoperator", 5e-2, "dynamic", 5e-2);

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyValueHasAShape() {
        return each(network -> {
            assertThat(network.analysis().shapes().problems()).isEmpty();
            assertThat(network.analysis().shapes().values())
                    .isNotEmpty()
                    .allSatisfy(value -> assertThat(network.analysis().shapes().shape(value))
                            .as(value)
                            .isPresent());
        });
    }

    @TestFactory
    Stream<DynamicTest> theLiftedGraphComputesWhatTheFileComputes() {
        return each(network -> {
            Map<String, Tensor> inputs =
                    TestingInputs.of(network.graph(), network.analysis().shapes(), SEED);
            try (Runner file = network.model().runner();
                    Runner lifted = new OnnxExecutor().prepare(network.graph(), Settings.PLAIN)) {
                Map<String, Tensor> expected = file.run(inputs);
                Map<String, Tensor> found = lifted.run(inputs);
                assertThat(found.keySet()).isEqualTo(expected.keySet());
                double tolerance = TOLERANCES.getOrDefault(
                        network.name().substring(network.name().indexOf('.') + 1), 1e-4);
                expected.forEach((name, tensor) -> assertClose(name, tensor, found.get(name), tolerance));
            }
        });
    }

    private static void assertClose(String name, Tensor expected, Tensor found, double tolerance) {
        assertThat(found.shape()).as(name).isEqualTo(expected.shape());
        double[] one = Tensors.toDoubles(expected);
        double[] other = Tensors.toDoubles(found);
        for (int i = 0; i < one.length; i++) {
            assertThat(other[i]).as("%s[%d], seed %d", name, i, SEED).isCloseTo(one[i], within(tolerance));
        }
    }

    @TestFactory
    Stream<DynamicTest> whatASpecialistWouldPruneIsFound() {
        return each(network -> {
            List<Group> groups = network.groups();
            assertThat(groups.stream().map(group -> group.channels().size()).sorted())
                    .as(
                            "%s; kept: %s",
                            groups.stream().map(Group::name).toList(),
                            Blocked.in(network.analysis().coupling()))
                    .isEqualTo(ExpectedGroups.of(network.name()));
        });
    }

    @TestFactory
    Stream<DynamicTest> twoFifthsOfEveryGroupGoAndTheRestIsProved() {
        return each(network -> {
            Removal removal = network.random(SHARE, SEED);
            assertThat(removal.isEmpty()).isFalse();
            Verification verification = network.prune(removal, folder.resolve("pruned.onnx"));
            assertThat(verification.outcome())
                    .as("seed %d: %s", SEED, verification)
                    .isEqualTo(Verification.Outcome.PROVED);
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsLeftCostsWhatWasPredicted() {
        return each(network -> {
            Removal removal = network.random(SHARE, SEED);
            CostModel whole =
                    CostModel.of(network.graph(), network.analysis().shapes(), Operators.standard(), Map.of());
            Cost predicted =
                    RemovalCosts.of(whole, network.analysis().coupling()).of(removal);
            try (TestingNetwork pruned = TestingNetwork.open(network.write(removal, folder.resolve("pruned.onnx")))) {
                Cost found = CostModel.under(
                                pruned.graph(), pruned.analysis().shapes(), Operators.standard(), whole.symbols())
                        .total();
                assertThat(predicted.macs()).isEqualTo(found.macs());
                assertThat(predicted.parameters()).isEqualTo(found.parameters());
            }
        });
    }

    private interface Check {

        void on(TestingNetwork network);
    }

    private static Stream<DynamicTest> each(Check check) {
        return TestingNetwork.files()
                .map(file -> dynamicTest(file.getFileName().toString(), () -> {
                    try (TestingNetwork network = TestingNetwork.open(file)) {
                        check.on(network);
                    }
                }));
    }
}
