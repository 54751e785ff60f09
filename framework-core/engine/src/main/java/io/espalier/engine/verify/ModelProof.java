package io.espalier.engine.verify;

import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.ExecutionException;
import io.espalier.spi.adapter.GraphExecutor;
import io.espalier.spi.adapter.GraphExecutor.Settings;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves a cut of a native model. First the original in its own runtime is compared with its neutral graph: if they
 * agree, the neutral graph with masks is the reference. If the runtime rounds to integers, or runs what the executor
 * does not know, the reference is the original file with zeroed weights, run by the same runtime as the pruned one.
 */
final class ModelProof {

    /** Integer kernels differ from the neutral graph by their rounding; beyond this it is no rounding any more. */
    private static final double LARGEST_QUANTISED = 5e-2;

    /** Two steps of 8 bits: whether the runtime rounds the other way somewhere is chance, on any given input. */
    private static final double TWO_STEPS = 2.0 / 127;

    private final Verifier verifier;
    private final Model original;
    private final Runner whole;
    private final Graph pruned;
    private final Runner cut;
    private final GraphExecutor executor;

    ModelProof(Verifier verifier, Model original, Runner whole, Graph pruned, Runner cut, GraphExecutor executor) {
        this.verifier = verifier;
        this.original = original;
        this.whole = whole;
        this.pruned = pruned;
        this.cut = cut;
        this.executor = executor;
    }

    Verification prove(Optional<List<Edit>> zeroed) {
        List<Map<String, Tensor>> inputs = verifier.inputs(whole);
        if (inputs.isEmpty()) {
            return Verifier.notProved(Verifier.NO_INPUTS);
        }
        Lift lift = lift(inputs);
        boolean rounds = rounds(original.graph());
        // That a model which rounds agrees on some inputs says little about the next: a step more or less is seen or
        // not.
        if (lift.refusal().isEmpty() && !rounds && lift.difference() <= lift.allowed()) {
            return verifier.compare(pruned, cut, inputs).withLift(lift.difference());
        }
        if (lift.refusal().isEmpty() && !rounds) {
            return Verifier.wrongLift(lift.difference());
        }
        return byRuntime(inputs, lift, zeroed).withLift(lift.difference());
    }

    /** Whether a graph computes in integers somewhere, with a rounding that its runtime has to itself. */
    static boolean rounds(Graph graph) {
        return graph.nodes().stream().anyMatch(Unrounded::rounds)
                || graph.constants().values().stream().anyMatch(ModelProof::isIntegerMatrix);
    }

    /** Weights of 8 bits meet activations that a kernel rounds, too, even where the graph does not say so. */
    private static boolean isIntegerMatrix(Tensor tensor) {
        return (tensor.type() == DataType.INT8 || tensor.type() == DataType.UINT8)
                && tensor.shape().size() > 1;
    }

    /**
     * How well the neutral graph stands for the original.
     *
     * @param difference largest relative difference, NaN when the executor refuses the graph
     * @param allowed what the float noise of the executor allows
     * @param refusal why the executor does not run the graph, else empty
     */
    private record Lift(double difference, double allowed, String refusal) {}

    private Lift lift(List<Map<String, Tensor>> inputs) {
        Graph graph = original.graph();
        Comparison difference = new Comparison(verifier.bounded());
        Comparison noise = new Comparison(verifier.bounded());
        try (Runner optimised = executor.prepare(graph, Settings.DEFAULT);
                Runner plain = executor.prepare(graph, Settings.PLAIN)) {
            for (Map<String, Tensor> input : inputs) {
                Map<String, Tensor> lifted = optimised.run(input);
                difference.add(whole.run(input), lifted);
                noise.add(plain.run(input), lifted);
            }
        } catch (ExecutionException refused) {
            return new Lift(Double.NaN, 0, refused.getMessage());
        }
        boolean sameShapes = difference.problem().isEmpty() || !difference.isFinite();
        return new Lift(
                sameShapes ? difference.maxRelative() : Double.POSITIVE_INFINITY,
                verifier.tolerance(noise.maxRelative()),
                "");
    }

    private Verification byRuntime(List<Map<String, Tensor>> inputs, Lift lift, Optional<List<Edit>> zeroed) {
        Optional<Runner> reference = zeroed.flatMap(original::runner);
        if (reference.isEmpty()) {
            return lift.refusal().isEmpty()
                    ? throughGraphs(verifier.compare(pruned, cut, inputs, rounding(lift)), inputs, lift)
                    : Verifier.notProved("the reference cannot be run: " + lift.refusal());
        }
        try (Runner masked = reference.get()) {
            Verification exact = compare(masked, inputs);
            boolean unseen = exact.reason().equals(Verifier.UNSEEN);
            boolean onlyRounding = exact.outcome() == Outcome.FAILED && exact.maxRelative() <= rounding(lift);
            return lift.refusal().isEmpty() && (unseen || onlyRounding) ? throughGraphs(exact, inputs, lift) : exact;
        }
    }

    /** What rounding may amount to: twice what it does to the original. */
    private static double rounding(Lift lift) {
        return Math.min(LARGEST_QUANTISED, Math.max(TWO_STEPS, 2 * lift.difference()));
    }

    /** Where the runtime rounds otherwise than its reference, the same graphs without any rounding must be equal. */
    private Verification throughGraphs(Verification rounded, List<Map<String, Tensor>> inputs, Lift lift) {
        boolean unseen = rounded.reason().equals(Verifier.UNSEEN);
        if (rounded.outcome() != Outcome.PROVED && !unseen && !(rounded.maxRelative() <= rounding(lift))) {
            return rounded;
        }
        Verification graphs = verifier.compareUnrounded(pruned, inputs);
        return graphs.outcome() == Outcome.PROVED
                ? new Verification(
                        Outcome.PROVED,
                        rounded.maxAbsolute(),
                        rounded.maxRelative(),
                        rounding(lift),
                        rounded.inputs(),
                        rounded.values() + graphs.values(),
                        "")
                : graphs;
    }

    private Verification compare(Runner masked, List<Map<String, Tensor>> inputs) {
        Comparison difference = new Comparison(verifier.bounded());
        Comparison change = new Comparison(verifier.bounded());
        for (Map<String, Tensor> input : inputs) {
            Map<String, Tensor> expected = masked.run(input);
            difference.add(expected, cut.run(input));
            change.add(whole.run(input), expected);
        }
        return verifier.judge(
                difference,
                change,
                Verifier.FLOAT32_TOLERANCE,
                inputs.size(),
                original.graph().outputs().size());
    }
}
