package io.espalier.engine.verify;

import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
    private final ProofRuns runs;
    private final GraphProof graphs;
    private final Model original;
    private final Pending<List<Map<String, Tensor>>> whole;
    private final long seed;

    /**
     * Starts to run the original as a neutral graph.
     *
     * @param whole for each input, what the original makes of it in its own runtime
     * @param seed seed of the noise for weights that have to be brought to life
     */
    ModelProof(
            EquivalenceCheck check,
            ProofRuns runs,
            Model original,
            Pending<List<Map<String, Tensor>>> whole,
            long seed) {
        this.check = check;
        this.runs = runs;
        this.graphs = new GraphProof(check, runs, seed);
        this.original = original;
        this.whole = whole;
        this.seed = seed;
    }

    /** Starts to compare a pruned model with the masked original; the result is what follows from it. */
    Supplier<Verification> start(PrunedRun pruned) {
        // That a model which rounds agrees on some inputs says little about the next: a step more or less is seen or
        // not.
        if (check.rounds()) {
            Pending<Optional<Verification>> exact = runs.startWork(() -> compareInRuntime(pruned));
            return () -> byRuntime(exact, pruned, lift());
        }
        Pending<GraphProof.Masked> masked = graphs.start(pruned);
        return () -> byGraphs(masked, pruned);
    }

    private Verification byGraphs(Pending<GraphProof.Masked> masked, PrunedRun pruned) {
        Lift lift = lift();
        if (!lift.refusal().isEmpty()) {
            return byRuntime(runs.startWork(() -> compareInRuntime(pruned)), pruned, lift);
        }
        if (lift.difference() <= lift.allowed()) {
            return graphs.prove(masked, 0).withLift(lift.difference());
        }
        return repeats(lift.allowed())
                ? Verification.wrongLift(lift.difference())
                : Verification.notProved("the original computes something else each time it runs, because "
                        + ReplayedNoise.drawing(
                                        check.original(),
                                        check.shapes(),
                                        check.coupling().operators())
                                .map(node -> node + " draws random numbers that cannot be replayed")
                                .orElse("an operator of it draws random numbers and none that is known does")
                        + ": there is nothing to compare with");
    }

    /** Whether the original computes the same when it runs again. */
    private boolean repeats(double allowed) {
        Comparison difference = check.comparison();
        runs.run(original::runner, (input, again) -> difference.add(whole.get().get(input), again));
        return difference.isWithin(allowed);
    }

    /**
     * How well the neutral graph stands for the original.
     *
     * @param difference largest relative difference, NaN when the executor refuses the graph
     * @param allowed what the float noise of the executor allows
     * @param refusal why the executor does not run the graph, else empty
     */
    private record Lift(double difference, double allowed, String refusal) {}

    private Lift lift() {
        try {
            Comparison difference = check.comparison();
            List<Map<String, Tensor>> lifted = graphs.unmasked();
            for (int input = 0; input < lifted.size(); input++) {
                difference.add(whole.get().get(input), lifted.get(input));
            }
            boolean sameShapes = difference.problem().isEmpty() || !difference.isFinite();
            return new Lift(
                    sameShapes ? difference.maxRelative() : Double.POSITIVE_INFINITY,
                    check.tolerance(graphs.noise()),
                    "");
        } catch (ExecutionException refused) {
            return new Lift(Double.NaN, 0, refused.getMessage());
        }
    }

    /**
     * Compares the pruned model with the original whose masked weights are zero, both in their own runtime.
     *
     * @return empty when that cannot be expressed
     */
    private Optional<Verification> compareInRuntime(PrunedRun pruned) {
        List<Map<String, Tensor>> unmasked = whole.get();
        List<Map<String, Tensor>> cut = pruned.outputs().get();
        Optional<Runner> zeroed = zeroed(check.original()).flatMap(original::runner);
        if (zeroed.isEmpty()) {
            return Optional.empty();
        }
        Comparison difference = check.comparison();
        Comparison change = check.comparison();
        runs.run(zeroed::get, (input, expected) -> {
            difference.add(expected, cut.get(input));
            change.add(unmasked.get(input), expected);
        });
        int values = check.original().outputs().size();
        return Optional.of(check.judge(
                difference,
                change,
                EquivalenceCheck.FLOAT32_TOLERANCE,
                runs.inputs().size(),
                values));
    }

    /** The edits that mask channels by zero weights; no weights stand between a residual block and its sum. */
    private Optional<List<Edit>> zeroed(Graph graph) {
        return check.blocks().isEmpty()
                ? NativeReference.edits(graph, check.shapes(), check.coupling(), check.removal())
                : Optional.empty();
    }

    private Verification byRuntime(Pending<Optional<Verification>> compared, PrunedRun pruned, Lift lift) {
        return compared.get()
                .map(exact -> byRuntime(exact, pruned, lift))
                .orElseGet(() -> roundedByGraphs(pruned, lift))
                .withLift(lift.difference());
    }

    private Verification byRuntime(Verification exact, PrunedRun pruned, Lift lift) {
        boolean unseen = exact.reason().equals(EquivalenceCheck.UNSEEN);
        boolean onlyRounding = exact.outcome() == Outcome.FAILED && exact.maxRelative() <= rounding(lift);
        if (!lift.refusal().isEmpty()) {
            return unseen ? new PerturbedProof(check, seed, this::tryInRuntime).prove(exact) : exact;
        }
        return unseen || onlyRounding ? throughGraphs(exact, pruned, lift) : exact;
    }

    /** Runs the original with other weights in its own runtime: as it is, with weights masked, and pruned. */
    private Comparison tryInRuntime(List<Edit> perturbation, Comparison change, double tolerance) {
        Graph perturbed = GraphEdits.apply(check.original(), perturbation);
        List<Edit> masked = zeroed(perturbed).orElseThrow();
        Comparison difference = check.comparison();
        try (Runner whole = edited(perturbation, List.of());
                Runner reference = edited(perturbation, masked);
                Runner pruned = edited(perturbation, check.cut(perturbed).edits())) {
            for (Map<String, Tensor> input : runs.inputs()) {
                Map<String, Tensor> expected = reference.run(input);
                difference.add(expected, pruned.run(input));
                change.add(whole.run(input), expected);
            }
        }
        return difference;
    }

    private Runner edited(List<Edit> perturbation, List<Edit> further) {
        List<Edit> edits = new ArrayList<>(perturbation);
        edits.addAll(further);
        return original.runner(edits).orElseThrow();
    }

    private Verification roundedByGraphs(PrunedRun pruned, Lift lift) {
        return lift.refusal().isEmpty()
                ? throughGraphs(graphs.prove(graphs.start(pruned), rounding(lift)), pruned, lift)
                : Verification.notProved("the reference cannot be run: " + lift.refusal());
    }

    /** What rounding may amount to: twice what it does to the original. */
    private static double rounding(Lift lift) {
        return Math.min(LARGEST_QUANTISED, Math.max(TWO_STEPS, 2 * lift.difference()));
    }

    /** Where the runtime rounds otherwise than its reference, the same graphs without any rounding must be equal. */
    private Verification throughGraphs(Verification rounded, PrunedRun pruned, Lift lift) {
        boolean unseen = rounded.reason().equals(EquivalenceCheck.UNSEEN);
        if (rounded.outcome() != Outcome.PROVED && !unseen && !(rounded.maxRelative() <= rounding(lift))) {
            return rounded;
        }
        Verification unrounded = graphs.proveUnrounded(pruned.graph());
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
}
