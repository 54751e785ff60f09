package io.espalier.engine.verify;

import io.espalier.engine.coupling.channel.Masking;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The proof of a cut against the masked neutral graph, each loaded as a whole. */
final class GraphProof {

    private final EquivalenceCheck check;
    private final List<Map<String, Tensor>> inputs;
    private final GraphExecutor executor;
    private final long seed;

    /**
     * A proof on some inputs.
     *
     * @param seed seed of the noise for weights that have to be brought to life
     */
    GraphProof(EquivalenceCheck check, List<Map<String, Tensor>> inputs, GraphExecutor executor, long seed) {
        this.check = check;
        this.inputs = inputs;
        this.executor = executor;
        this.seed = seed;
    }

    /**
     * Compares a pruned graph with the masked original.
     *
     * @param cut for each input, what the pruned model makes of it, whatever has run it
     * @param rounding relative difference that is allowed at least
     * @throws Masking.UnprovableException when the masked original cannot be expressed
     */
    Verification prove(Graph pruned, List<Map<String, Tensor>> cut, double rounding) {
        Graph masked = check.masked(check.original());
        Comparison difference = check.comparison();
        List<Map<String, Tensor>> outputs = compare(masked, pruned, cut, difference);
        Comparison change = check.comparison();
        double tolerance = Math.max(rounding, check.tolerance(noise(outputs, change)));
        Verification verification = judge(difference, change, tolerance);
        if (verification.outcome() == Outcome.FAILED && mayChoose(pruned, cut, tolerance)) {
            verification = judge(withTheSameChoices(masked, pruned), change, tolerance);
        }
        return verification.reason().equals(EquivalenceCheck.UNSEEN)
                ? new PerturbedProof(check, seed, this::tryOut).prove(verification)
                : verification;
    }

    /** Compares a pruned graph with the masked original, both computing without any rounding to integers. */
    Verification proveUnrounded(Graph pruned) {
        Graph cut = FloatReference.of(pruned, check.shapes());
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        try (Runner runner = executor.prepare(cut, Settings.DEFAULT)) {
            inputs.forEach(input -> outputs.add(runner.run(input)));
        }
        return new GraphProof(check.unrounded(), inputs, executor, seed).prove(cut, outputs, 0);
    }

    private Verification judge(Comparison difference, Comparison change, double tolerance) {
        int values = check.original().outputs().size() + check.probed().values().size();
        return check.judge(difference, change, tolerance, inputs.size(), values);
    }

    /** Compares outputs and witnesses; gives the outputs of the masked graph. */
    private List<Map<String, Tensor>> compare(
            Graph masked, Graph pruned, List<Map<String, Tensor>> cut, Comparison difference) {
        List<String> probed = check.probed().values();
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        try (Runner reference = executor.prepare(masked.withOutputs(probed), Settings.DEFAULT);
                Runner tapped = executor.prepare(pruned.withOutputs(probed), Settings.DEFAULT)) {
            for (int i = 0; i < inputs.size(); i++) {
                Map<String, Tensor> expected = reference.run(inputs.get(i));
                Map<String, Tensor> actual = new LinkedHashMap<>(cut.get(i));
                tapped.run(inputs.get(i)).forEach(actual::putIfAbsent);
                difference.add(expected, actual);
                outputs.add(only(expected, check.original().outputs()));
            }
        }
        return outputs;
    }

    /**
     * How much the original differs from itself when it is not optimised. A runtime keeps what it needed for a run until
     * it is closed: no more of them are open than are compared.
     */
    private double noise(List<Map<String, Tensor>> masked, Comparison change) {
        Comparison noise = check.comparison();
        try (Runner plain = executor.prepare(check.original(), Settings.PLAIN);
                Runner optimised = executor.prepare(check.original(), Settings.DEFAULT)) {
            for (int i = 0; i < inputs.size(); i++) {
                Map<String, Tensor> unmasked = optimised.run(inputs.get(i));
                change.add(unmasked, masked.get(i));
                noise.add(plain.run(inputs.get(i)), unmasked);
            }
        }
        return noise.maxRelative();
    }

    /** Whether the network chooses at all, and the file computes what the pruned graph computes, choices included. */
    private boolean mayChoose(Graph pruned, List<Map<String, Tensor>> cut, double tolerance) {
        if (check.choices().isEmpty()) {
            return false;
        }
        Comparison difference = check.comparison();
        try (Runner lifted = executor.prepare(pruned, Settings.DEFAULT)) {
            for (int i = 0; i < inputs.size(); i++) {
                difference.add(cut.get(i), lifted.run(inputs.get(i)));
            }
        }
        return difference.isWithin(tolerance);
    }

    /**
     * Compares two graphs where the pruned one is told what the masked one chose. Between candidates that are equal but
     * for rounding either may be chosen, and then all that follows differs, although both compute the same.
     */
    private Comparison withTheSameChoices(Graph masked, Graph pruned) {
        DiscreteDecisions choices = check.choices();
        Comparison difference = check.comparison();
        List<String> chosen = List.copyOf(choices.results().keySet());
        List<String> computed = check.probed().values().stream()
                .filter(value -> !choices.results().containsKey(value))
                .toList();
        try (Runner reference = executor.prepare(masked.withOutputs(computed).withOutputs(chosen), Settings.DEFAULT);
                Runner cut = executor.prepare(choices.given(pruned).withOutputs(computed), Settings.DEFAULT)) {
            for (Map<String, Tensor> input : inputs) {
                Map<String, Tensor> expected = reference.run(input);
                Map<String, Tensor> actual = cut.run(choices.told(input, expected));
                difference.add(only(expected, actual.keySet()), actual);
            }
        }
        return difference;
    }

    private Comparison tryOut(Graph unmasked, Graph masked, Graph pruned, Comparison change, double tolerance) {
        List<String> probed = check.probed().values();
        Comparison difference = check.comparison();
        try (Runner reference = executor.prepare(masked.withOutputs(probed), Settings.DEFAULT);
                Runner whole = executor.prepare(unmasked.withOutputs(probed), Settings.DEFAULT);
                Runner cut = executor.prepare(pruned.withOutputs(probed), Settings.DEFAULT)) {
            for (Map<String, Tensor> input : inputs) {
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
