package io.espalier.engine.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.MobileNetworks;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is found is what may be left out: each network without a block equals the one whose block is multiplied by zero.
 *
 * <p>The system property {@code espalier.randomGraphs} says how many random graphs of each kind are tried.
 */
final class ResidualBlocksTest {

    private static final long RANDOM_GRAPHS = Long.getLong("espalier.randomGraphs", 150);

    private static final Scale SMALL = Scale.SMALL;

    @Test
    void aResidualNetworkHasOneBlockForEachOfItsSums() {
        assertThat(TestingDepth.of(ResidualNetworks.resnet18(1, SMALL)).blocks())
                .hasSize(8);
        assertThat(TestingDepth.of(ResidualNetworks.resnet50(1, SMALL)).blocks())
                .hasSize(16);
        assertThat(TestingDepth.of(ClassicNetworks.vgg11(1, SMALL)).blocks()).isEmpty();
    }

    @Test
    void ofTwoBranchesTheOneWithMoreWeightsIsTheBlock() {
        List<ResidualBlock> blocks =
                TestingDepth.of(ResidualNetworks.resnet18(1, SMALL)).blocks();

        assertThat(blocks).allSatisfy(block -> assertThat(block.weighted()).hasSize(2));
    }

    @TestFactory
    Stream<DynamicTest> smallNetworksWithoutAnyOneBlock() {
        return Networks.small().entrySet().stream()
                .map(entry -> dynamicTest(
                        entry.getKey(), () -> proveAll(entry.getValue().apply(1), 1)));
    }

    @TestFactory
    Stream<DynamicTest> randomGraphsWithoutAnyOneBlock() {
        return LongStream.range(0, RANDOM_GRAPHS)
                .boxed()
                .flatMap(seed -> Stream.of(
                        dynamicTest(
                                "plain, seed " + seed,
                                () -> proveAll(RandomGraphs.plain(seed).graph(), seed)),
                        dynamicTest(
                                "exotic, seed " + seed,
                                () -> proveAll(RandomGraphs.exotic(seed).graph(), seed))));
    }

    @Test
    void manyRandomGraphsHaveBlocks() {
        long blocks = LongStream.range(0, 100)
                .map(seed -> TestingDepth.of(RandomGraphs.plain(seed).graph())
                        .blocks()
                        .size())
                .sum();

        assertThat(blocks).isGreaterThan(25);
    }

    @Test
    void mostAreSeenToChangeTheOutputs() {
        int proved = 0;
        int all = 0;
        for (long seed = 0; seed < 40; seed++) {
            for (Verification verification : proveAll(RandomGraphs.plain(seed).graph(), seed)) {
                all++;
                proved += verification.outcome() == Verification.Outcome.PROVED ? 1 : 0;
            }
        }

        assertThat(all).isGreaterThan(10);
        assertThat(proved).isGreaterThan(all * 9 / 10);
    }

    /** Leaves each block out in turn, with a random cut of what is left. */
    private static List<Verification> proveAll(Graph graph, long seed) {
        List<Verification> verifications = new ArrayList<>();
        TestingDepth depth = TestingDepth.of(graph);
        for (ResidualBlock block : depth.blocks()) {
            Shortened rest = depth.without(block);
            TestingPruning pruning = depth.pruning(rest);
            Removal removal = pruning.randomRemoval(seed);
            Verification verification = depth.verify(rest, removal, pruning.cut(removal));
            assertThat(verification.outcome())
                    .as("without %s: %s", block.branch(), verification)
                    .isIn(Verification.Outcome.PROVED, Verification.Outcome.NOT_PROVED);
            assertThat(verification.reason())
                    .as("without %s: %s", block.branch(), verification)
                    .isIn(
                            "",
                            "masking what is removed changes no output",
                            "the outputs are constant, so nothing could be seen");
            verifications.add(verification);
        }
        return verifications;
    }

    @Test
    void blocksAreLeftOutOneAfterTheOtherAndAllAtOnceAlike() {
        TestingDepth depth = TestingDepth.of(ResidualNetworks.resnet18(3, SMALL));
        Shortened rest = Shortened.whole(depth.graph());
        int count = 0;
        while (!depth.blocks(rest).isEmpty()) {
            List<ResidualBlock> blocks = depth.blocks(rest);
            rest = rest.without(blocks.get(blocks.size() / 2));
            count++;
        }

        assertThat(count).isEqualTo(8);
        assertThat(GraphEdits.apply(depth.graph(), new ArrayList<>(rest.edits())))
                .isEqualTo(rest.graph());
        assertThat(depth.verify(rest, Removal.of(List.of()), rest.graph()).outcome())
                .isEqualTo(Verification.Outcome.PROVED);
    }

    @Test
    void aGraphWithoutAnotherBlockIsFound() {
        TestingDepth depth = TestingDepth.of(ResidualNetworks.resnet18(3, SMALL));
        Shortened planned = depth.without(depth.blocks().get(1));
        Shortened other = depth.without(depth.blocks().get(3));

        assertThat(depth.verify(planned, Removal.of(List.of()), planned.graph()).outcome())
                .isEqualTo(Verification.Outcome.PROVED);
        assertThat(depth.verify(planned, Removal.of(List.of()), other.graph()).outcome())
                .isEqualTo(Verification.Outcome.FAILED);
        assertThat(depth.verify(planned, Removal.of(List.of()), depth.graph()).outcome())
                .isEqualTo(Verification.Outcome.FAILED);
    }

    @Test
    void whatIsReturnedOrReadElsewhereIsNoBlock() {
        GraphBuilder returned = new GraphBuilder("returned", 1);
        String x = returned.input("x", "batch", 8);
        assertThat(TestingDepth.of(returned.output(returned.add(x, returned.gemm("fc", x, 8)))
                                .build())
                        .blocks())
                .as("the sum is an output")
                .isEmpty();

        GraphBuilder bare = new GraphBuilder("bare", 1);
        String y = bare.input("x", "batch", 8);
        assertThat(TestingDepth.of(bare.output(bare.relu(bare.add(y, bare.relu(y))))
                                .build())
                        .blocks())
                .as("the branch has no weights")
                .isEmpty();

        GraphBuilder towers = new GraphBuilder("towers", 1);
        String left = towers.gemm("left", towers.input("a", "batch", 8), 8);
        String right = towers.gemm("right", towers.input("b", "batch", 8), 8);
        assertThat(TestingDepth.of(towers.output(towers.relu(towers.add(left, right)))
                                .build())
                        .blocks())
                .as("an input would not be read any more")
                .isEmpty();
    }

    @Test
    void aBlockThatHoldsAnotherTakesItAlong() {
        GraphBuilder nested = new GraphBuilder("nested", 1);
        String x = nested.gemm("in", nested.input("x", "batch", 8), 8);
        String inner = nested.gemm("first", x, 8);
        inner = nested.relu(nested.add(inner, nested.relu(nested.gemm("second", inner, 8))));
        Graph graph = nested.output(nested.gemm("out", nested.relu(nested.add(x, nested.gemm("third", inner, 8))), 3))
                .build();
        TestingDepth depth = TestingDepth.of(graph);

        assertThat(depth.blocks()).extracting(block -> block.weighted().size()).containsExactly(1, 3);
        assertThat(depth.blocks(depth.without(depth.blocks().get(1)))).isEmpty();
        proveAll(graph, 1);
    }

    @TestFactory
    Stream<DynamicTest> eachBranchOfASumIsABlockHoweverItIsWritten() {
        return LongStream.range(0, RANDOM_GRAPHS / 5)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> leaveAllOut(TestingSums.of(seed), seed)));
    }

    /** Leaves the branches of random sums out one after the other, in random order, with a random cut of what is left. */
    private static void leaveAllOut(TestingSums sums, long seed) {
        TestingDepth depth = TestingDepth.of(sums.graph());
        SplittableRandom random = new SplittableRandom(seed);
        Shortened rest = Shortened.whole(depth.graph());
        for (int left = sums.branches(); left > 0; left--) {
            List<ResidualBlock> blocks = depth.blocks(rest);
            assertThat(blocks).as("seed %d without %s", seed, rest.edits()).hasSize(left);
            rest = rest.without(blocks.get(random.nextInt(left)));
            TestingPruning pruning = depth.pruning(rest);
            Removal removal = pruning.randomRemoval(seed);
            Verification verification = depth.verify(rest, removal, pruning.cut(removal));
            assertThat(verification.outcome())
                    .as("seed %d without %s: %s", seed, rest.edits(), verification)
                    .isEqualTo(Verification.Outcome.PROVED);
        }
        assertThat(depth.blocks(rest)).isEmpty();
    }

    @Test
    void ofManyBranchesTheOneWithFewestWeightsIsTheShortcut() {
        GraphBuilder builder = new GraphBuilder("projected", 1);
        String x = builder.relu(builder.gemm("in", builder.input("x", "batch", 8), 8));
        String shortcut = builder.gemm("shortcut", x, 6);
        String first = builder.gemm("first.2", builder.relu(builder.gemm("first.1", x, 9)), 6);
        String second = builder.gemm("second.2", builder.relu(builder.gemm("second.1", x, 7)), 6);
        Graph graph = builder.output(builder.gemm("out", builder.relu(builder.sum(first, shortcut, second)), 3))
                .build();

        assertThat(TestingDepth.of(graph).blocks())
                .extracting(ResidualBlock::branch)
                .containsExactly(first, second);
        proveAll(graph, 1);
    }

    @Test
    void anOperandThatOthersAreComputedFromIsNoBlock() {
        GraphBuilder builder = new GraphBuilder("behind", 1);
        String x = builder.relu(builder.gemm("in", builder.input("x", "batch", 8), 8));
        String first = builder.relu(builder.gemm("first", x, 8));
        String second = builder.relu(builder.gemm("second", first, 8));
        Graph graph = builder.output(builder.gemm("out", builder.relu(builder.sum(x, first, second)), 3))
                .build();

        TestingDepth depth = TestingDepth.of(graph);
        assertThat(depth.blocks()).extracting(ResidualBlock::branch).containsExactly(second);
        assertThat(depth.blocks(depth.without(depth.blocks().get(0))))
                .extracting(ResidualBlock::branch)
                .containsExactly(first);
    }

    @Test
    void mobileNetworksAreFoundByTheSameRule() {
        TestingDepth depth = TestingDepth.of(MobileNetworks.mobilenetV2(1, SMALL));

        assertThat(depth.blocks()).isNotEmpty();
        assertThat(depth.blocks())
                .allSatisfy(block -> assertThat(block.weighted()).hasSizeBetween(2, 3));
    }
}
