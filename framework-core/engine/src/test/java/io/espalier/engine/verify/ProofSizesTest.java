package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes a proof tries agree where the graph says how, and what is wrong with them is said where it does not. */
final class ProofSizesTest {

    private final GraphBuilder graph = new GraphBuilder("sizes", 3);

    private static List<Map<String, Long>> candidates(Graph graph, Map<String, Long> fixed) {
        return Extents.candidates(graph, Operators.standard().infer(graph), Operators.standard(), fixed);
    }

    /** New and past tokens are joined, and masked by an input as long as both. */
    private Graph masked(int pasts) {
        String tokens = graph.linear("tokens", graph.input("x", "batch", "seq", 6), 8);
        String[] parts = new String[pasts + 1];
        for (int i = 0; i < pasts; i++) {
            parts[i] = graph.input("past" + i, "batch" + i, "length" + i, 8);
        }
        parts[pasts] = tokens;
        String all = graph.node("Concat", List.of(parts), "axis", 1);
        graph.follow(all, "batch", GraphBuilder.unknown(), 8);
        String mask = graph.input("mask", "rows", "total", 1);
        String hidden = graph.node("Add", List.of(all, mask));
        graph.follow(hidden, "batch", GraphBuilder.unknown(), 8);
        String inner = graph.relu(graph.linear("inner", hidden, 8));
        return graph.output(graph.linear("head", inner, 3)).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aMaskIsAsLongAsPastAndNewTokensTogether(int pasts) {
        for (Map<String, Long> sizes : candidates(masked(pasts), Map.of()).subList(0, 2)) {
            long total = sizes.get("seq");
            for (int i = 0; i < pasts; i++) {
                total += sizes.get("length" + i);
                assertThat(sizes).containsEntry("batch" + i, sizes.get("batch"));
            }
            assertThat(sizes).containsEntry("total", total);
        }
    }

    @Test
    void sizesThatAreGivenStay() {
        Map<String, Long> given = Map.of("total", 31L, "seq", 4L);
        Map<String, Long> sizes = candidates(masked(1), given).get(0);
        assertThat(sizes).containsAllEntriesOf(given).containsEntry("length0", 27L);
    }

    @Test
    void whatIsMaskedIsProved() {
        TestingPruning pruning = TestingPruning.of(masked(2));
        Verification verification = pruning.prove(pruning.randomRemoval(1));
        assertThat(verification.outcome()).as("%s", verification).isEqualTo(Outcome.PROVED);
    }

    @Test
    void aBatchIsDividedIntoSegments() {
        Random random = new Random(20261128);
        for (int attempt = 0; attempt < 20; attempt++) {
            long segments = 2 + random.nextInt(30);
            GraphBuilder segmented = new GraphBuilder("segments", attempt);
            String x = segmented.input("x", "frames", 6);
            String clips = segmented.node("Div", List.of(segmented.sizeOf(x, 0), segmented.index(segments)));
            String divided = segmented.reshapeTo(x, clips, segments, 6);
            Graph built = segmented
                    .output(segmented.follow(divided, GraphBuilder.unknown(), segments, 6))
                    .build();
            assertThat(candidates(built, Map.of()).get(0).get("frames") % segments)
                    .as("segments %d", segments)
                    .isZero();
        }
    }

    @Test
    void whatIsExpandedToTheShapeOfAMapHasItsExtents() {
        String x = graph.relu(graph.conv("first", graph.input("x", 1, 3, "h", "w"), 16, Window.same(3)));
        String state = graph.input("state", "b", "c", "sh", "sw");
        String expanded = graph.node("Expand", List.of(state, graph.node("Shape", List.of(x))));
        Graph built = graph.output(graph.follow(expanded, "b", 16, "h", "w")).build();
        for (Map<String, Long> sizes : candidates(built, Map.of()).subList(0, 2)) {
            assertThat(sizes)
                    .containsEntry("c", 16L)
                    .containsEntry("sh", sizes.get("h"))
                    .containsEntry("sw", sizes.get("w"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void openChannelsAreThoseOfTheWeightThatReadsThem(int groups) {
        String x = graph.input("x", "batch", "channels", 16, 16);
        String weight = graph.normal("weight", 0.2, 8, 3, 3, 3);
        String y = graph.node("Conv", List.of(x, weight), "group", groups, "pads", new long[] {1, 1, 1, 1});
        Graph built = graph.output(graph.follow(y, "batch", 8, 16, 16)).build();
        for (Map<String, Long> sizes : candidates(built, Map.of()).subList(0, 2)) {
            assertThat(sizes).containsEntry("channels", 3L * groups);
        }
    }

    @Test
    void noInputIsLargerThanMemoryAllows() {
        Graph built =
                graph.output(graph.relu(graph.input("x", "a", "b", "c", "d"))).build();
        assertThat(candidates(built, Map.of()))
                .isNotEmpty()
                .allSatisfy(sizes -> assertThat(sizes.values().stream().reduce(1L, Math::multiplyExact))
                        .isLessThanOrEqualTo(1L << 24));
    }

    @Test
    void theRefusalNamesSymbolsSizesAndReason() {
        String hidden = graph.relu(graph.linear("inner", graph.input("x", "rows", 6), 8));
        String odd = graph.node("Reshape", List.of(graph.linear("head", hidden, 2), graph.longs(1_000_003)));
        TestingPruning pruning =
                TestingPruning.of(graph.output(graph.follow(odd, 1_000_003)).build());
        assertThatThrownBy(() -> pruning.prove(pruning.randomRemoval(1)))
                .isInstanceOf(OriginalRefusedException.class)
                .hasMessageContainingAll("'rows'=2", "Reshape", "--dim", "--input");
    }
}
