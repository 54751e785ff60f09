package io.espalier.engine.verify;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.coupling.channel.RemainingCounts;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** A graph with its analysis, for tests that prune it and prove the result. */
public final class TestingPruning {

    /** onnxruntime on one thread. */
    public static final GraphExecutor EXECUTOR = new OnnxExecutor();

    private static final VerificationOptions ONE_SEED = new VerificationOptions(1, 1, Map.of(), Optional.empty());

    private final Graph graph;
    private final Shapes shapes;
    private final Coupling coupling;

    private TestingPruning(Graph graph, Shapes shapes, Coupling coupling) {
        this.graph = graph;
        this.shapes = shapes;
        this.coupling = coupling;
    }

    /** Infers shapes and finds the coupling. */
    public static TestingPruning of(Graph graph) {
        Shapes shapes = Operators.standard().infer(graph);
        return of(graph, shapes, CouplingAnalysis.analyse(graph, shapes, Operators.standard()));
    }

    /** Takes a coupling that was found in another way. */
    public static TestingPruning of(Graph graph, Shapes shapes, Coupling coupling) {
        return new TestingPruning(graph, shapes, coupling);
    }

    public Graph graph() {
        return graph;
    }

    public Shapes shapes() {
        return shapes;
    }

    public Coupling coupling() {
        return coupling;
    }

    /** Groups formed without any preference between channels. */
    public List<Group> groups() {
        return Groups.of(coupling, each -> 0);
    }

    /** A random share of the channels of every group, never all of them nor all of a value. */
    public Removal randomRemoval(long seed) {
        return randomRemoval(seed, Heads.WHOLE);
    }

    /** The same with another offer of heads. */
    public Removal randomRemoval(long seed, Heads heads) {
        SplittableRandom random = new SplittableRandom(seed);
        List<CoupledChannel> chosen = new ArrayList<>();
        RemainingCounts occupancy = new RemainingCounts(coupling);
        for (Group group : Groups.of(coupling, randomScores(seed), heads)) {
            double share = random.nextDouble(0.1, 0.9);
            List<CoupledChannel> left = new ArrayList<>(group.channels());
            int count = Math.min(left.size() - 1, (int) Math.ceil(share * left.size()));
            for (int i = 0; i < count; i++) {
                CoupledChannel channel = left.remove(random.nextInt(left.size()));
                BitSet classes = new BitSet();
                Arrays.stream(channel.classes()).forEach(classes::set);
                if (occupancy.remove(classes)) {
                    chosen.add(channel);
                }
            }
        }
        return Removal.of(chosen);
    }

    /** Whether no group has two channels, so that no random removal removes anything. */
    public boolean offersNothing(Heads heads) {
        return Groups.of(coupling, each -> 0, heads).stream()
                .allMatch(group -> group.channels().size() < 2);
    }

    /** Scores of classes that depend on nothing but a seed and their number. */
    public static IntToDoubleFunction randomScores(long seed) {
        return each -> new SplittableRandom(seed * 0x9E3779B97F4A7C15L + each).nextDouble();
    }

    /** The removal of some channels of one group. */
    public Removal removal(Group group, int... channels) {
        List<CoupledChannel> chosen = new ArrayList<>();
        for (int channel : channels) {
            chosen.add(group.channels().get(channel));
        }
        return Removal.of(chosen);
    }

    /** The graph without what is removed. */
    public Graph cut(Removal removal) {
        return Surgery.prune(graph, shapes, coupling, removal).graph();
    }

    /** Cuts and verifies, with one random input for each assignment of extents. */
    public Verification prove(Removal removal) {
        return verify(removal, cut(removal));
    }

    /** The same where some symbolic extents are given. */
    public Verification prove(Removal removal, Map<String, Long> symbols) {
        VerificationOptions options = new VerificationOptions(1, 1, symbols, Optional.empty());
        return Verifier.verify(graph, coupling, shapes, removal, cut(removal), EXECUTOR, options);
    }

    /** Compares any graph with the masked original. */
    public Verification verify(Removal removal, Graph pruned) {
        return Verifier.verify(graph, coupling, shapes, removal, pruned, EXECUTOR, ONE_SEED);
    }
}
