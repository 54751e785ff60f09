package io.espalier.engine.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.Allocation.Selection;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.Normalisation;
import io.espalier.engine.score.SliceScores;
import io.espalier.engine.score.TestingCriterion;
import io.espalier.engine.verify.Verification;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.RealModels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels that were made worthless are found: zeros are planted in inner channels of trained networks, l1 ranks all
 * channels together, and exactly the planted ones go, without a change of the outputs.
 */
final class PlantedZerosTest {

    private static final long SEED = 7;
    private static final double SHARE = 0.2;
    private static final double LARGEST_CHANGE = 1e-5;

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> exactlyThePlantedChannelsGo() {
        return Stream.of(
                dynamicTest(
                        "inner convolutions of resnet20",
                        () -> check(TestingFiles.example("resnet20"), named(".c1.weight"))),
                dynamicTest(
                        "expansions of mobilenet",
                        () -> check(TestingFiles.example("mobilenet"), named(".f.0.weight"))),
                dynamicTest(
                        "feed-forward units of vit", () -> check(TestingFiles.example("vit"), named(".m.0.weight"))),
                dynamicTest(
                        "feed-forward units of MiniLM",
                        () -> check(
                                RealModels.copy(RealModels.MINILM, folder),
                                group -> group.channels().size() == 1536)));
    }

    private static Predicate<Group> named(String end) {
        return group -> group.name().endsWith(end);
    }

    private void check(Path trained, Predicate<Group> inner) {
        Path planted = folder.resolve("planted.onnx");
        Path pruned = folder.resolve("pruned.onnx");
        Map<String, List<Integer>> worthless = plant(trained, inner, planted);
        try (TestingPruner pruner = TestingPruner.open(planted)) {
            Allocation allocation = prune(pruner, worthless);
            assertThat(removed(allocation)).as("seed %d", SEED).isEqualTo(worthless);
            pruner.write(allocation.removal(), pruned);
            Verification verification = pruner.verify(allocation.removal(), pruned);
            assertThat(verification.outcome()).as("%s", verification).isEqualTo(Verification.Outcome.PROVED);
            checkOutputs(pruner, pruned);
        }
    }

    /** Zeros in a fifth of every inner group; returns the channels by group. */
    private static Map<String, List<Integer>> plant(Path trained, Predicate<Group> inner, Path target) {
        Map<String, List<Integer>> worthless = new LinkedHashMap<>();
        Random random = new Random(SEED);
        try (TestingPruner pruner = TestingPruner.open(trained)) {
            TestingZeros zeros = new TestingZeros(pruner);
            for (Group group : pruner.groups()) {
                if (inner.test(group)) {
                    int size = group.channels().size();
                    List<Integer> channels = random.ints(0, size)
                            .distinct()
                            .limit((long) (SHARE * size))
                            .sorted()
                            .boxed()
                            .toList();
                    channels.forEach(channel -> zeros.plant(group.channels().get(channel)));
                    worthless.put(group.name(), channels);
                }
            }
            pruner.model.write(target, zeros.edits(), Map.of());
        }
        assertThat(worthless).isNotEmpty();
        return worthless;
    }

    private static Allocation prune(TestingPruner pruner, Map<String, List<Integer>> worthless) {
        SliceScores slices = pruner.scores(new TestingCriterion());
        List<GroupScores> scored = pruner.groups().stream()
                .map(group -> new GroupScores(group, Normalisation.SUM.of(slices.ofChannels(group, Aggregation.SUM))))
                .toList();
        int channels = scored.stream().mapToInt(group -> group.scores().length).sum();
        int planted = worthless.values().stream().mapToInt(List::size).sum();
        List<RankingPool> together = List.of(
                new RankingPool(IntStream.range(0, scored.size()).boxed().toList()));
        CostModel costs = CostModel.of(pruner.graph(), pruner.shapes, Operators.standard(), Map.of());
        return new TargetSolver(pruner.coupling, RemovalCosts.of(costs, pruner.coupling), Widths.DEFAULT, List.of())
                .solve(scored, new Pools(together), Target.parse("channels=" + (channels - planted)));
    }

    private static Map<String, List<Integer>> removed(Allocation allocation) {
        Map<String, List<Integer>> removed = new LinkedHashMap<>();
        for (Selection selection : allocation.selections()) {
            if (!selection.removed().isEmpty()) {
                removed.put(selection.scores().group().name(), selection.removed());
            }
        }
        return removed;
    }

    private static void checkOutputs(TestingPruner planted, Path file) {
        Map<String, Tensor> inputs = TestingInputs.of(planted.graph(), planted.shapes, false, SEED);
        try (Model pruned = new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()));
                Runner before = planted.model.runner();
                Runner after = pruned.runner()) {
            Map<String, Tensor> expected = before.run(inputs);
            Map<String, Tensor> actual = after.run(inputs);
            expected.forEach((name, tensor) -> assertThat(change(tensor, actual.get(name)))
                    .as("change of '%s'", name)
                    .isLessThanOrEqualTo(LARGEST_CHANGE));
        }
    }

    private static double change(Tensor expected, Tensor actual) {
        double[] one = Tensors.toDoubles(expected);
        double[] other = Tensors.toDoubles(actual);
        assertThat(other).hasSameSizeAs(one);
        double largest = IntStream.range(0, one.length)
                .mapToDouble(i -> Math.abs(one[i]))
                .max()
                .orElseThrow();
        return IntStream.range(0, one.length)
                        .mapToDouble(i -> Math.abs(one[i] - other[i]))
                        .max()
                        .orElseThrow()
                / largest;
    }
}
