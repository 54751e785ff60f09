package io.espalier.engine.coupling.propagate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.propagate.TestingOperators.Case;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is removed around an operator verifies; where nothing may be removed, the operator is named. */
final class OperatorRulesTest {

    /** Those of classical machine learning and of texts stand in networks of their own, which PipelinesTest prunes. */
    @Test
    void everyOperatorHasACase() throws Exception {
        Set<String> covered =
                TestingOperators.all().stream().map(Case::operator).collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = Operators.standard().all().stream()
                .filter(OperatorDefinition::isDescribed)
                .map(OperatorDefinition::qualifiedName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).containsAll(covered);
        described.removeAll(covered);
        assertThat(operatorsOfPipelines()).containsAll(described);
    }

    private static Set<String> operatorsOfPipelines() throws Exception {
        Set<String> operators = new TreeSet<>();
        Path folder = Path.of(OperatorRulesTest.class.getResource("/pipelines").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                try (Model model = new OnnxAdapter().open(file)) {
                    collect(model.graph(), operators);
                }
            }
        }
        return operators;
    }

    private static void collect(Graph graph, Set<String> operators) {
        for (Node node : graph.nodes()) {
            operators.add(node.qualifiedOperator());
            node.bodies().forEach(body -> collect(body, operators));
        }
    }

    @TestFactory
    Stream<DynamicTest> removalsVerify() {
        return TestingOperators.all().stream()
                .filter(each -> !each.barrier())
                .map(each -> dynamicTest(each.toString(), () -> checkRemovals(TestingPruning.of(each.graph()), each)));
    }

    private static void checkRemovals(TestingPruning pruning, Case each) {
        assertThat(Blocked.in(pruning.coupling()))
                .extracting(blocked -> blocked.barrier().operator())
                .doesNotContain(each.operator());
        for (long seed = 1; seed <= 3; seed++) {
            Removal removal = pruning.randomRemoval(seed);
            assertThat(removal.isEmpty()).as("nothing can be removed").isFalse();
            Verification verification = pruning.prove(removal);
            assertThat(verification.outcome()).as("%s", verification).isEqualTo(Outcome.PROVED);
        }
    }

    @TestFactory
    Stream<DynamicTest> barriersAreNamed() {
        return TestingOperators.all().stream()
                .filter(Case::barrier)
                .map(each -> dynamicTest(each.toString(), () -> {
                    Coupling coupling = TestingPruning.of(each.graph()).coupling();
                    assertThat(Blocked.in(coupling))
                            .extracting(blocked -> blocked.barrier().operator())
                            .contains(each.operator());
                }));
    }
}
