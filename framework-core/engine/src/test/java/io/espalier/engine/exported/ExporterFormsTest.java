package io.espalier.engine.exported;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forms that exporters write and hand-written graphs do not, each as small as it can be. */
final class ExporterFormsTest {

    private static final long SEED = 20261122;

    private final GraphBuilder graph = new GraphBuilder("form", SEED);

    private static Group groupOf(TestingPruning pruning, String parameter) {
        return Groups.of(pruning.coupling(), each -> each).stream()
                .filter(group -> group.labelledAxes().stream()
                        .anyMatch(labelledAxis -> labelledAxis.use().constant().equals(parameter)))
                .findFirst()
                .orElseThrow();
    }

    private static void assertProved(TestingPruning pruning, Removal removal) {
        assertThat(pruning.prove(removal))
                .as("seed %d", SEED)
                .satisfies(verification -> assertThat(verification.outcome())
                        .as("%s", verification)
                        .isEqualTo(Outcome.PROVED));
    }

    private void assertProvedWithout(String parameter, int... channels) {
        TestingPruning pruning = TestingPruning.of(graph.build());
        assertProved(pruning, pruning.removal(groupOf(pruning, parameter), channels));
    }

    private String sequence() {
        return graph.input("x", "batch", "length", 6);
    }

    private String extent(String value, long axis) {
        return graph.node("Shape", List.of(value), "start", axis, "end", axis + 1);
    }

    /** Deduplicated: the second reader must keep the extents the first one loses. */
    @Test
    void oneReshapeTargetServesTwoReaders() {
        String x = sequence();
        String target = graph.node("Concat", List.of(extent(x, 0), extent(x, 1), graph.longs(2, 4)), "axis", 0);
        String first = graph.linear("first", x, 8);
        String second = graph.linear("second", x, 8);
        String a = graph.follow(graph.node("Reshape", List.of(first, target)), "batch", "length", 2, 4);
        String b = graph.follow(graph.node("Reshape", List.of(second, target)), "batch", "length", 2, 4);
        graph.output(
                graph.linear("left", graph.reshape(a, 0, 0, 8), 3),
                graph.linear("right", graph.reshape(b, 0, 0, 8), 3));
        assertProvedWithout("first.weight", 0);
    }

    @Test
    void oneExpandTargetServesTwoReaders() {
        String x = sequence();
        String target =
                graph.node("Concat", List.of(extent(x, 0), graph.longs(3), extent(x, 1), graph.longs(8)), "axis", 0);
        String first = graph.unsqueeze(graph.linear("first", x, 8), 1);
        String second = graph.unsqueeze(graph.linear("second", x, 8), 1);
        String a = graph.follow(graph.node("Expand", List.of(first, target)), "batch", 3, "length", 8);
        String b = graph.follow(graph.node("Expand", List.of(second, target)), "batch", 3, "length", 8);
        graph.output(graph.linear("left", a, 3), graph.linear("right", b, 3));
        assertProvedWithout("first.weight", 1, 4, 5);
    }

    /** The last extent is read off a value that loses channels; the value that is reshaped loses none. */
    @Test
    void aTargetIsComputedFromAnotherValue() {
        String x = sequence();
        String pruned = graph.relu(graph.linear("pruned", x, 8));
        String kept = graph.linear("kept", x, 8);
        String target = graph.node("Concat", List.of(extent(x, 0), extent(x, 1), extent(pruned, 2)), "axis", 0);
        graph.output(
                graph.linear("head", pruned, 3),
                graph.follow(graph.node("Reshape", List.of(kept, target)), "batch", "length", 8));
        assertProvedWithout("pruned.weight", 2, 3);
    }

    @Test
    void aSliceEndIsComputedFromAnotherValue() {
        String x = sequence();
        String pruned = graph.relu(graph.linear("pruned", x, 4));
        String kept = graph.linear("kept", x, 8);
        String cut = graph.node("Slice", List.of(kept, graph.longs(0), extent(pruned, 2), graph.longs(2)));
        graph.output(graph.linear("head", pruned, 3), graph.follow(cut, "batch", "length", 4));
        assertProvedWithout("pruned.weight", 2);
    }

    /** Group normalisation of opsets before 18: instance normalisation of rows joined with open height and width. */
    @Test
    void aStatisticIsTakenOverChannelsJoinedWithOpenExtents() {
        String x = graph.conv("first", graph.input("x", "batch", 2, "height", "width"), 8, Window.same(3));
        String rows = graph.follow(
                graph.node("Reshape", List.of(x, graph.longs(0, 2, -1))), "batch", 2, GraphBuilder.unknown());
        String normal = graph.node(
                "InstanceNormalization",
                List.of(rows, graph.uniform("scale", 1, 2, 2), graph.uniform("shift", 1, 2, 2)));
        String shape = graph.node("Shape", List.of(x));
        String back = graph.follow(graph.node("Reshape", List.of(normal, shape)), "batch", 8, "height", "width");
        graph.output(graph.conv("second", graph.relu(back), 3, Window.same(1)));
        assertProvedWithout("first.weight", 1, 3);
    }

    /** The channels that go are summed on an axis they share with an extent nobody knows. */
    @Test
    void channelsJoinedWithOpenExtentsAreSummed() {
        String x = graph.conv("first", graph.input("x", "batch", 2, "height", "width"), 8, Window.same(3));
        String joined =
                graph.follow(graph.node("Reshape", List.of(x, graph.longs(0, -1))), "batch", GraphBuilder.unknown());
        graph.output(graph.follow(
                graph.node("ReduceSum", List.of(graph.relu(joined), graph.longs(1)), "keepdims", 1), "batch", 1));
        assertProvedWithout("first.weight", 1, 3, 6);
    }

    /** A weight that is standardised when the model runs is one tensor, however often it is read. */
    @Test
    void aWeightIsReadSeveralTimesBeforeItIsUsed() {
        String x = graph.relu(graph.conv("first", graph.input("x", "batch", 2, 6, 6), 8, Window.same(1)));
        String weight = graph.normal("weight", 1, 6, 8, 3, 3);
        String mean = graph.node("ReduceMean", List.of(weight, graph.longs(1, 2, 3)), "keepdims", 1);
        String centred = graph.node("Sub", List.of(weight, mean));
        String y = graph.node("Conv", List.of(x, centred));
        graph.output(graph.conv("last", graph.follow(y, "batch", 6, 4, 4), 3, Window.same(1)));
        TestingPruning pruning = TestingPruning.of(graph.build());
        List<Group> groups = Groups.of(pruning.coupling(), each -> each);
        assertThat(groups).extracting(group -> group.channels().size()).containsExactlyInAnyOrder(8, 6);
        assertProved(pruning, pruning.removal(groupOf(pruning, "first.weight"), 0, 3));
    }

    @Test
    void aTableKeptForItsShapeHasNothingToPrune() {
        String x = sequence();
        String table = graph.normal("table", 1, 2, 4);
        String size = graph.node("Shape", List.of(table));
        String target = graph.node("Concat", List.of(graph.longs(0, 0), size), "axis", 0);
        String split = graph.follow(
                graph.node("Reshape", List.of(graph.linear("first", x, 8), target)), "batch", "length", 2, 4);
        graph.output(graph.linear("head", graph.reshape(split, 0, 0, 8), 3));
        TestingPruning pruning = TestingPruning.of(graph.build());
        assertThat(Groups.of(pruning.coupling(), each -> each))
                .allSatisfy(group -> assertThat(group.labelledAxes())
                        .extracting(labelledAxis -> labelledAxis.use().constant())
                        .doesNotContain("table"));
        assertProved(pruning, pruning.removal(groupOf(pruning, "first.weight"), 0));
    }

    /** Space is padded to whole windows, by an amount computed at run time; channels are not. */
    @Test
    void onlyTheSpaceIsPaddedByAComputedAmount() {
        String x = graph.relu(graph.conv("first", graph.input("x", "batch", 2, "height", 6), 8, Window.same(1)));
        String amount = graph.node("Mod", List.of(extent(x, 2), graph.longs(2)));
        String pads = graph.node("Concat", List.of(graph.longs(0, 0, 0, 0, 0, 0), amount, graph.longs(0)), "axis", 0);
        String padded = graph.follow(graph.node("Pad", List.of(x, pads)), "batch", 8, GraphBuilder.unknown(), 6);
        graph.output(graph.conv("second", padded, 3, Window.same(1)));
        assertProvedWithout("first.weight", 2, 7);
    }
}
