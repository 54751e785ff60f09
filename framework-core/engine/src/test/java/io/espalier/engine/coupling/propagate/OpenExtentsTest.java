package io.espalier.engine.coupling.propagate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.propagate.TestingOperators.Case;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.OpenedGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever extents of its inputs a graph leaves open: shapes are those of the graph that fixes them, and removals verify. */
final class OpenExtentsTest {

    private static final long CHOICES = 3;

    @TestFactory
    Stream<DynamicTest> removalsVerify() {
        return TestingOperators.all().stream()
                .flatMap(each -> LongStream.range(0, CHOICES)
                        .mapToObj(seed -> dynamicTest(each + ", seed " + seed, () -> check(each, seed))));
    }

    private static void check(Case each, long seed) {
        OpenedGraph opened = OpenedGraph.of(each.graph(), seed);
        TestingPruning pruning = TestingPruning.of(opened.graph());
        checkShapes(TestingPruning.of(each.graph()).shapes(), pruning.shapes(), opened);
        Removal removal = pruning.randomRemoval(seed);
        if (!removal.isEmpty()) {
            Verification verification = pruning.prove(removal, opened.extents());
            assertThat(verification.outcome())
                    .as("%s with %s open: %s", each, opened.extents(), verification)
                    .isEqualTo(Outcome.PROVED);
        }
    }

    /** Where the fixed graph knows an extent, the open one knows it as a function of the open extents, or not at all. */
    private static void checkShapes(Shapes fixed, Shapes open, OpenedGraph opened) {
        Graph graph = opened.graph();
        graph.nodes().stream().flatMap(node -> node.outputs().stream()).forEach(value -> {
            Optional<List<Dim>> expected = fixed.shape(value);
            Optional<List<Dim>> found = open.shape(value);
            if (expected.isEmpty() || found.isEmpty()) {
                return;
            }
            assertThat(found.get()).as(value).hasSameSizeAs(expected.get());
            for (int axis = 0; axis < expected.get().size(); axis++) {
                Dim extent = found.get().get(axis);
                Map<String, Long> extents = new HashMap<>(opened.extents());
                boolean closed = expected.get().get(axis).isConstant()
                        && extents.keySet().containsAll(extent.symbols());
                if (closed) {
                    assertThat(extent.evaluate(extents))
                            .as("axis %d of %s is %s", axis, value, extent)
                            .isEqualTo(expected.get().get(axis).constant());
                }
            }
        });
    }
}
