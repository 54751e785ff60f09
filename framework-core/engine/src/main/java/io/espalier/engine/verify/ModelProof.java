package io.espalier.engine.verify;

import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
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

    private final EquivalenceCheck check;
    private final List<Map<String, Tensor>> inputs;
    private final GraphExecutor executor;
    private final GraphProof graphs;

    /**
     * A proof on some inputs that the original accepts.
     *
     * @param seed seed of the noise for weights that have to be brought to life
     */
    ModelProof(EquivalenceCheck check, List<Map<String, Tensor>> inputs, GraphExecutor executor, long seed) {
        this.check = check;
        this.inputs = inputs;
        this.executor = executor;
        this.graphs = new GraphProof(check, inputs, executor, seed);
    }

    /**
     * Compares a pruned model with the masked original.
     *
     * @param whole for each input, what the original makes of it
     * @param pruned the pruned model as a neutral graph
     * @param cut for each input, what the pruned model makes of it
     */
    Verification prove(Model original, List<Map<String, Tensor>> whole, Graph pruned, List<Map<String, Tensor>> cut) {
        Lift lift = lift(whole);
        boolean rounds = rounds(check.original());
        // That a model which rounds agrees on some inputs says little about the next: a step more or less is seen or
        // not.
        if (lift.refusal().isEmpty() && !rounds && lift.difference() <= lift.allowed()) {
            return graphs.prove(pruned, cut, 0).withLift(lift.difference());
        }
        if (lift.refusal().isEmpty() && !rounds) {
            return Verification.wrongLift(lift.difference());
        }
        return byRuntime(original, whole, pruned, cut, lift).withLift(lift.difference());
    }

    /** Whether a graph computes in integers somewhere, with a rounding that its runtime has to itself. */
    static boolean rounds(Graph graph) {
        return graph.nodes().stream().anyMatch(FloatReference::rounds)
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

    private Lift lift(List<Map<String, Tensor>> whole) {
        Graph graph = check.original();
        Comparison difference = check.comparison();
        Comparison noise = check.comparison();
        try (Runner optimised = executor.prepare(graph, Settings.DEFAULT);
                Runner plain = executor.prepare(graph, Settings.PLAIN)) {
            for (int i = 0; i < inputs.size(); i++) {
                Map<String, Tensor> lifted = optimised.run(inputs.get(i));
                difference.add(whole.get(i), lifted);
                noise.add(plain.run(inputs.get(i)), lifted);
            }
        } catch (ExecutionException refused) {
            return new Lift(Double.NaN, 0, refused.getMessage());
        }
        boolean sameShapes = difference.problem().isEmpty() || !difference.isFinite();
        return new Lift(
                sameShapes ? difference.maxRelative() : Double.POSITIVE_INFINITY,
                check.tolerance(noise.maxRelative()),
                "");
    }

    private Verification byRuntime(
            Model original, List<Map<String, Tensor>> whole, Graph pruned, List<Map<String, Tensor>> cut, Lift lift) {
        Optional<Runner> zeroed = NativeReference.edits(
                        check.original(), check.shapes(), check.coupling(), check.removal())
                .flatMap(original::runner);
        if (zeroed.isEmpty()) {
            return lift.refusal().isEmpty()
                    ? throughGraphs(graphs.prove(pruned, cut, rounding(lift)), pruned, lift)
                    : Verification.notProved("the reference cannot be run: " + lift.refusal());
        }
        try (Runner masked = zeroed.get()) {
            Verification exact = compare(whole, masked, cut);
            boolean unseen = exact.reason().equals(EquivalenceCheck.UNSEEN);
            boolean onlyRounding = exact.outcome() == Outcome.FAILED && exact.maxRelative() <= rounding(lift);
            return lift.refusal().isEmpty() && (unseen || onlyRounding) ? throughGraphs(exact, pruned, lift) : exact;
        }
    }

    /** What rounding may amount to: twice what it does to the original. */
    private static double rounding(Lift lift) {
        return Math.min(LARGEST_QUANTISED, Math.max(TWO_STEPS, 2 * lift.difference()));
    }

    /** Where the runtime rounds otherwise than its reference, the same graphs without any rounding must be equal. */
    private Verification throughGraphs(Verification rounded, Graph pruned, Lift lift) {
        boolean unseen = rounded.reason().equals(EquivalenceCheck.UNSEEN);
        if (rounded.outcome() != Outcome.PROVED && !unseen && !(rounded.maxRelative() <= rounding(lift))) {
            return rounded;
        }
        Verification unrounded = graphs.proveUnrounded(pruned);
        return unrounded.outcome() == Outcome.PROVED
                ? new Verification(
                        Outcome.PROVED,
                        rounded.maxAbsolute(),
                        rounded.maxRelative(),
                        rounding(lift),
                        rounded.inputs(),
                        rounded.values() + unrounded.values(),
                        "")
                : unrounded;
    }

    private Verification compare(List<Map<String, Tensor>> whole, Runner masked, List<Map<String, Tensor>> cut) {
        Comparison difference = check.comparison();
        Comparison change = check.comparison();
        for (int i = 0; i < inputs.size(); i++) {
            Map<String, Tensor> expected = masked.run(inputs.get(i));
            difference.add(expected, cut.get(i));
            change.add(whole.get(i), expected);
        }
        int values = check.original().outputs().size();
        return check.judge(difference, change, EquivalenceCheck.FLOAT32_TOLERANCE, inputs.size(), values);
    }
}
