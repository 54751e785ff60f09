package io.espalier.engine.coupling.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.RecurrentNetworks;
import io.espalier.testkit.model.RecurrentNetworks.Cell;
import io.espalier.testkit.model.RecurrentNetworks.Form;
import io.espalier.testkit.model.RecurrentNetworks.InitialState;
import io.espalier.testkit.model.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where every row must keep equally many columns, a channel takes the least important one left of every row. */
final class BundlesTest {

    private static final int SEEDS = 20;

    /**
     * A graph with a grid.
     *
     * @param constant the parameter whose positions lie in the grid
     * @param axis the axis of those positions
     * @param rows how many rows the grid has
     */
    record Bundled(String name, Graph graph, String constant, int axis, int rows) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Bundled> grids() {
        return Stream.of(
                new Bundled("filters of a grouped convolution", grouped(), "grouped.weight", 0, 3),
                new Bundled("inputs of a grouped convolution", grouped(), "conv1.weight", 0, 3),
                new Bundled("units of a bidirectional cell", cell(Cell.LSTM), "layer0.R", 2, 2),
                new Bundled("units of another bidirectional cell", cell(Cell.GRU), "layer0.R", 2, 2));
    }

    private static Graph grouped() {
        GraphBuilder graph = new GraphBuilder("grouped", 4);
        String x = graph.relu(graph.conv("conv1", graph.input("image", "batch", 2, 6, 6), 12, Window.same(3)));
        String y = graph.relu(graph.conv("grouped", x, 15, Window.same(3).groups(3)));
        return graph.output(graph.conv("conv2", y, 3, Window.same(1))).build();
    }

    private static Graph cell(Cell cell) {
        return RecurrentNetworks.build(3, new Form(cell, 1, true, InitialState.ABSENT), 4, 5, 3);
    }

    @ParameterizedTest
    @MethodSource("grids")
    void everyChannelTakesOneOfEveryRow(Bundled bundled) {
        Coupling coupling = TestingPruning.of(bundled.graph()).coupling();
        for (long seed = 0; seed < SEEDS; seed++) {
            for (List<Integer> places : bundles(coupling, bundled, TestingPruning.randomScores(seed))) {
                int width = width(coupling, bundled);
                assertThat(places.stream().map(place -> place / width))
                        .as("seed %d", seed)
                        .containsExactlyElementsOf(
                                IntStream.range(0, bundled.rows()).boxed().toList());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void theLowestScoresOfAllRowsGoTogether(Bundled bundled) {
        Coupling coupling = TestingPruning.of(bundled.graph()).coupling();
        int[] classes = classes(coupling, bundled);
        int width = width(coupling, bundled);
        for (long seed = 0; seed < SEEDS; seed++) {
            IntToDoubleFunction score = TestingPruning.randomScores(seed);
            Set<Set<Integer>> expected = new HashSet<>();
            for (int rank = 0; rank < width; rank++) {
                Set<Integer> bundle = new HashSet<>();
                for (int row = 0; row < bundled.rows(); row++) {
                    bundle.add(IntStream.range(row * width, (row + 1) * width)
                            .boxed()
                            .sorted(Comparator.comparingDouble(place -> score.applyAsDouble(classes[place])))
                            .skip(rank)
                            .findFirst()
                            .orElseThrow());
                }
                expected.add(bundle);
            }
            Set<Set<Integer>> found = new HashSet<>();
            bundles(coupling, bundled, score).forEach(places -> found.add(new HashSet<>(places)));
            assertThat(found).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void ofEqualScoresTheLowerIndicesStayLongest(Bundled bundled) {
        Coupling coupling = TestingPruning.of(bundled.graph()).coupling();
        int width = width(coupling, bundled);
        List<List<Integer>> found = bundles(coupling, bundled, each -> 1);
        assertThat(found).hasSize(width);
        for (List<Integer> places : found) {
            assertThat(places.stream().map(place -> place % width).distinct()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void anySubsetOfChannelsVerifies(Bundled bundled) {
        TestingPruning pruning = TestingPruning.of(bundled.graph());
        for (long seed = 0; seed < 5; seed++) {
            Removal removal = pruning.randomRemoval(seed);
            assertThat(pruning.prove(removal).outcome()).as("seed %d", seed).isEqualTo(Outcome.PROVED);
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void anySubsetOfChannelsLeavesAsManyInEveryRow(Bundled bundled) {
        Coupling coupling = TestingPruning.of(bundled.graph()).coupling();
        int width = width(coupling, bundled);
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] lost = new int[bundled.rows()];
            bundles(coupling, bundled, TestingPruning.randomScores(seed)).stream()
                    .filter(places -> random.nextBoolean())
                    .forEach(places -> places.forEach(place -> lost[place / width]++));
            assertThat(Arrays.stream(lost).distinct().count()).isEqualTo(1);
        }
    }

    private static LabelledAxis labelledAxis(Coupling coupling, Bundled bundled) {
        return coupling.labelledAxes().stream()
                .filter(labelledAxis -> labelledAxis.use().constant().equals(bundled.constant())
                        && labelledAxis.axis() == bundled.axis())
                .findFirst()
                .orElseThrow();
    }

    private static int[] classes(Coupling coupling, Bundled bundled) {
        return coupling.classesAt(labelledAxis(coupling, bundled));
    }

    private static int width(Coupling coupling, Bundled bundled) {
        return classes(coupling, bundled).length / bundled.rows();
    }

    /** The positions in the grid that each channel takes, ascending. */
    private static List<List<Integer>> bundles(Coupling coupling, Bundled bundled, IntToDoubleFunction score) {
        int[] classes = classes(coupling, bundled);
        List<List<Integer>> bundles = new ArrayList<>();
        for (Group group : Groups.of(coupling, score)) {
            for (CoupledChannel channel : group.channels()) {
                List<Integer> places = IntStream.range(0, classes.length)
                        .filter(place -> Arrays.binarySearch(channel.classes(), classes[place]) >= 0)
                        .boxed()
                        .toList();
                if (!places.isEmpty()) {
                    bundles.add(places);
                }
            }
        }
        return bundles;
    }
}
