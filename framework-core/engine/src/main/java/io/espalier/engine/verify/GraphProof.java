package io.espalier.engine.verify;

import io.espalier.engine.coupling.channel.Masking;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The proof of a cut against the masked neutral graph, each loaded as a whole. */
final class GraphProof {

    private final EquivalenceCheck check;
    private final ProofRuns runs;
    private final long seed;
    private final Pending<List<Map<String, Tensor>>> unmasked;
    private final Pending<Comparison> noise;

    /**
     * Starts to run the original.
     *
     * @param seed seed of the noise for weights that have to be brought to life
     */
    GraphProof(EquivalenceCheck check, ProofRuns runs, long seed) {
        this.check = check;
        this.runs = runs;
        this.seed = seed;
        this.unmasked = runs.start(() -> runs.prepare(check.original()));
        this.noise = runs.startWork(this::measureNoise);
    }

    /** For each input, what the original makes of it as a neutral graph. */
    List<Map<String, Tensor>> unmasked() {
        return unmasked.get();
    }

    /** How much the original differs from itself when it is not optimised. */
    double noise() {
        return noise.get().maxRelative();
    }

    private Comparison measureNoise() {
        List<Map<String, Tensor>> optimised = unmasked.get();
        Comparison difference = check.comparison();
        runs.run(
                () -> runs.prepareUnoptimised(check.original()),
                (input, plain) -> difference.add(plain, optimised.get(input)));
        return difference;
    }

    /**
     * The masked original compared with a pruned graph and with the original.
     *
     * @param graph the masked original
     * @param difference masked against pruned
     * @param change unmasked against masked
     */
    record Masked(Graph graph, PrunedRun pruned, Comparison difference, Comparison change) {}

    /** Starts to compare a pruned graph with the masked original. */
    Pending<Masked> start(PrunedRun pruned) {
        return runs.startWork(() -> compare(pruned));
    }

    /** Compares outputs and probed values. */
    private Masked compare(PrunedRun pruned) {
        List<Map<String, Tensor>> whole = unmasked.get();
        List<Map<String, Tensor>> cut = pruned.outputs().get();
        List<String> probed = check.probed().values();
        Masked masked = new Masked(check.masked(check.original()), pruned, check.comparison(), check.comparison());
        Supplier<Runner> reference = () -> runs.prepare(masked.graph().withOutputs(probed));
        if (probed.isEmpty() && cut.get(0).keySet().containsAll(check.original().outputs())) {
            runs.run(reference, (input, expected) -> add(masked, whole.get(input), expected, cut.get(input)));
            return masked;
        }
        try (Runner tapped = runs.prepare(pruned.graph().withOutputs(probed))) {
            runs.run(reference, (input, expected) -> {
                Map<String, Tensor> actual = new LinkedHashMap<>(cut.get(input));
                tapped.run(runs.inputs().get(input)).forEach(actual::putIfAbsent);
                add(masked, whole.get(input), expected, actual);
            });
        }
        return masked;
    }

    private static void add(
            Masked masked, Map<String, Tensor> unmasked, Map<String, Tensor> expected, Map<String, Tensor> actual) {
        masked.difference().add(expected, actual);
        masked.change().add(unmasked, expected);
    }

    /**
     * Judges a comparison.
     *
     * @param rounding relative difference that is allowed at least
     * @throws Masking.UnprovableException when the masked original cannot be expressed
     */
    Verification prove(Pending<Masked> started, double rounding) {
        Masked masked = started.get();
        PrunedRun pruned = masked.pruned();
        double tolerance = Math.max(rounding, check.tolerance(noise()));
        double fineTolerance = rounding > 0
                ? Double.POSITIVE_INFINITY
                : check.fineTolerance(noise.get().maxFineRelative());
        Verification verification = judge(masked.difference(), masked.change(), tolerance, fineTolerance);
        if (verification.outcome() == Outcome.FAILED && mayChoose(pruned, tolerance)) {
            verification = judge(
                    withTheSameChoices(masked.graph(), pruned.graph()), masked.change(), tolerance, fineTolerance);
        }
        return verification.reason().equals(EquivalenceCheck.UNSEEN)
                ? new PerturbedProof(check, seed, this::tryOut).prove(verification)
                : verification;
    }

    /** Compares a pruned graph with the masked original, both computing without any rounding to integers. */
    Verification proveUnrounded(Graph pruned) {
        Graph cut = check.unrounded(pruned);
        PrunedRun run = new PrunedRun(cut, runs.start(() -> runs.prepare(cut)));
        GraphProof unrounded = new GraphProof(check.unrounded(), runs, seed);
        return unrounded.prove(unrounded.start(run), 0);
    }

    private Verification judge(Comparison difference, Comparison change, double tolerance, double fineTolerance) {
        int values = check.original().outputs().size() + check.probed().values().size();
        return check.judge(
                difference, change, tolerance, fineTolerance, runs.inputs().size(), values);
    }

    /** Whether the network chooses at all, and the file computes what the pruned graph computes, choices included. */
    private boolean mayChoose(PrunedRun pruned, double tolerance) {
        if (check.choices().isEmpty()) {
            return false;
        }
        List<Map<String, Tensor>> cut = pruned.outputs().get();
        Comparison difference = check.comparison();
        runs.run(() -> runs.prepare(pruned.graph()), (input, lifted) -> difference.add(cut.get(input), lifted));
        return difference.isWithin(tolerance);
    }

    /**
     * Compares two graphs where the pruned one takes the decisions of the masked one as inputs. Between candidates that are equal but
     * for rounding either may be chosen, and then all that follows differs, although both compute the same.
     */
    private Comparison withTheSameChoices(Graph masked, Graph pruned) {
        DiscreteDecisions choices = check.choices();
        Comparison difference = check.comparison();
        List<String> chosen = List.copyOf(choices.results().keySet());
        List<String> computed = check.probed().values().stream()
                .filter(value -> !choices.results().containsKey(value))
                .toList();
        try (Runner reference = runs.prepare(masked.withOutputs(computed).withOutputs(chosen));
                Runner cut = runs.prepare(choices.decided(pruned).withOutputs(computed))) {
            for (Map<String, Tensor> input : runs.inputs()) {
                Map<String, Tensor> expected = reference.run(input);
                Map<String, Tensor> actual = cut.run(choices.withResults(input, expected));
                difference.add(only(expected, actual.keySet()), actual);
            }
        }
        return difference;
    }

    private Comparison tryOut(List<Edit> perturbation, Comparison change, double tolerance) {
        Graph unmasked = GraphEdits.apply(check.original(), perturbation);
        Graph masked = check.masked(unmasked);
        Graph pruned = check.cut(unmasked).graph();
        List<String> probed = check.probed().values();
        Comparison difference = check.comparison();
        try (Runner reference = runs.prepare(masked.withOutputs(probed));
                Runner whole = runs.prepare(unmasked.withOutputs(probed));
                Runner cut = runs.prepare(pruned.withOutputs(probed))) {
            for (Map<String, Tensor> input : runs.inputs()) {
                Map<String, Tensor> expected = reference.run(input);
                difference.add(expected, cut.run(input));
                change.add(whole.run(input), expected);
            }
        }
        return difference.isWithin(tolerance) || check.choices().isEmpty()
                ? difference
                : withTheSameChoices(masked, pruned);
    }

    private static Map<String, Tensor> only(Map<String, Tensor> values, Collection<String> names) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        names.forEach(name -> some.put(name, values.get(name)));
        return some;
    }
}
