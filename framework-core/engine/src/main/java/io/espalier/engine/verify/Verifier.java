package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.Masking.UnprovableException;
import io.espalier.engine.coupling.Removal;
import io.espalier.engine.flow.FlatGraph;
import io.espalier.engine.shape.Shapes;
import io.espalier.engine.surgery.GraphEdits;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Blocks.Block;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.ExecutionException;
import io.espalier.spi.adapter.GraphExecutor;
import io.espalier.spi.adapter.GraphExecutor.Settings;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proves that a pruned model computes what the original computes with the removed channels masked.
 *
 * <p>The pruned file runs in its native runtime; the reference runs as a neutral graph, or in the native runtime where
 * that rounds (see {@link ModelProof}). Also compared are
 * values inside the network where the outputs alone would show too little.
 */
public final class Verifier {

    static final int ASSIGNMENTS = 2;
    static final double FLOAT32_TOLERANCE = 1e-4;
    static final String UNSEEN = "masking the removed channels changes no output";
    static final String NO_INPUTS =
            "the original accepts none of the input sizes tried; fix its symbolic extents by name";

    private static final double LARGEST_TOLERANCE = 1e-2;
    private static final double FLOAT16_TOLERANCE = 2e-2;

    /** How much noise is mixed into weights: as little as brings dead channels to life, at last nothing but noise. */
    private static final double[] SHAKES = {0.3, 1, 1, 1};

    private final Graph original;
    private final Shapes shapes;
    private final Coupling coupling;
    private final Removal removal;
    private final GraphExecutor executor;
    private final VerificationOptions options;

    private Verifier(
            Graph original,
            Shapes shapes,
            Coupling coupling,
            Removal removal,
            GraphExecutor executor,
            VerificationOptions options) {
        this.original = original;
        this.shapes = shapes;
        this.coupling = coupling;
        this.removal = removal;
        this.executor = executor;
        this.options = options;
    }

    /** Compares a pruned model with the masked original. */
    public static Verification verify(
            Model original,
            Coupling coupling,
            Shapes shapes,
            Removal removal,
            Model pruned,
            GraphExecutor executor,
            VerificationOptions options) {
        Verifier verifier = new Verifier(original.graph(), shapes, coupling, removal, executor, options);
        List<Block> blocks = verifier.blocks();
        if (blocks.size() > 1 && !ModelProof.rounds(original.graph())) {
            try {
                return verifier.prove(blocks, Relay.of(original), Relay.of(pruned));
            } catch (Relay.NoSuchPartException whole) {
                // What loads whole models only is proved as a whole.
                blocks = List.of();
            }
        }
        try (Runner whole = original.runner()) {
            return verifier.prove(original, whole, pruned);
        } catch (ExecutionException refused) {
            return notProved("the runtime refuses the original model: " + refused.getMessage());
        }
    }

    private Verification prove(Model model, Runner whole, Model pruned) {
        try (Runner cut = pruned.runner()) {
            return new ModelProof(this, model, whole, pruned.graph(), cut, executor)
                    .prove(NativeReference.edits(original, shapes, coupling, removal));
        } catch (ExecutionException refused) {
            return failure("the runtime refuses the pruned model: " + refused.getMessage());
        } catch (UnprovableException unprovable) {
            return notProved(unprovable.getMessage());
        }
    }

    /** Compares a pruned neutral graph with the masked original, both in the executor. */
    public static Verification verify(
            Graph original,
            Coupling coupling,
            Shapes shapes,
            Removal removal,
            Graph pruned,
            GraphExecutor executor,
            VerificationOptions options) {
        Verifier verifier = new Verifier(original, shapes, coupling, removal, executor, options);
        List<Block> blocks = verifier.blocks();
        if (blocks.size() > 1) {
            return verifier.prove(
                    blocks,
                    Relay.of(original, executor, Settings.DEFAULT),
                    Relay.of(pruned, executor, Settings.DEFAULT));
        }
        try (Runner whole = executor.prepare(original, Settings.DEFAULT);
                Runner cut = executor.prepare(pruned, Settings.DEFAULT)) {
            List<Map<String, Tensor>> inputs = verifier.inputs(whole);
            return inputs.isEmpty() ? notProved(NO_INPUTS) : verifier.compare(pruned, cut, inputs);
        } catch (ExecutionException refused) {
            return failure("the runtime refuses the pruned model: " + refused.getMessage());
        }
    }

    /** The blocks that a model too large for the memory allowed is proved in; one block when it is not. */
    private List<Block> blocks() {
        return options.fits(original)
                ? List.of(new Block(Set.of(), Set.of()))
                : Blocks.of(original, shapes, options.blockWeight());
    }

    private Verification prove(List<Block> blocks, Relay.Parts whole, Relay.Parts cut) {
        BlockwiseProof proof = new BlockwiseProof(this, original, blocks, coupling.survivors(removal), executor);
        Optional<BlockwiseProof.Accepted> accepted;
        try {
            accepted = proof.accepted(whole);
        } catch (ExecutionException refused) {
            return notProved("the runtime refuses the original model: " + refused.getMessage());
        }
        if (accepted.isEmpty()) {
            return notProved(NO_INPUTS);
        }
        try {
            Verification verification =
                    proof.prove(accepted.get(), ReferenceGraph.of(original, shapes, coupling, removal), cut);
            return verification.reason().equals(UNSEEN)
                    ? proveWithShakenWeights(
                            verification, proof.trial(accepted.get().inputs()))
                    : verification;
        } catch (ExecutionException refused) {
            return notProved("the reference cannot be run: " + refused.getMessage());
        } catch (UnprovableException unprovable) {
            return notProved(unprovable.getMessage());
        }
    }

    static Verification failure(String reason) {
        return new Verification(Outcome.FAILED, Double.NaN, Double.NaN, FLOAT32_TOLERANCE, 0, 0, reason);
    }

    static Verification wrongLift(double difference) {
        return notProved("the original computes something else in its own runtime than as a neutral graph"
                        + " (relative difference " + difference + "): the lift of this model is wrong")
                .withLift(difference);
    }

    static Verification notProved(String reason) {
        return new Verification(Outcome.NOT_PROVED, 0, 0, FLOAT32_TOLERANCE, 0, 0, reason);
    }

    /** Compares a pruned graph, run by whatever runs it, with the masked original. */
    Verification compare(Graph pruned, Runner prunedRunner, List<Map<String, Tensor>> inputs) {
        return compare(pruned, prunedRunner, inputs, 0);
    }

    /**
     * Compares a pruned graph with the masked original.
     *
     * @param rounding relative difference that is allowed at least
     */
    Verification compare(Graph pruned, Runner prunedRunner, List<Map<String, Tensor>> inputs, double rounding) {
        Graph reference;
        try {
            reference = ReferenceGraph.of(original, shapes, coupling, removal);
        } catch (UnprovableException unprovable) {
            return notProved(unprovable.getMessage());
        }
        Witnesses witnesses = witnesses();
        Comparison difference = new Comparison(witnesses.bounded());
        Comparison change = new Comparison(witnesses.bounded());
        Comparison noise = new Comparison(witnesses.bounded());
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        try (Runner masked = executor.prepare(reference.withOutputs(witnesses.values()), Settings.DEFAULT);
                Runner tapped = executor.prepare(pruned.withOutputs(witnesses.values()), Settings.DEFAULT)) {
            for (Map<String, Tensor> input : inputs) {
                Map<String, Tensor> expected = masked.run(input);
                Map<String, Tensor> actual = new LinkedHashMap<>(prunedRunner.run(input));
                tapped.run(input).forEach(actual::putIfAbsent);
                difference.add(expected, actual);
                outputs.add(only(expected, original.outputs()));
            }
        }
        // A runtime keeps what it needed for a run until it is closed: no more of them are open than are compared.
        try (Runner plain = executor.prepare(original, Settings.PLAIN);
                Runner optimised = executor.prepare(original, Settings.DEFAULT)) {
            for (int i = 0; i < inputs.size(); i++) {
                Map<String, Tensor> unmasked = optimised.run(inputs.get(i));
                change.add(unmasked, outputs.get(i));
                noise.add(plain.run(inputs.get(i)), unmasked);
            }
        }
        double tolerance = Math.max(rounding, tolerance(noise.maxRelative()));
        int values = original.outputs().size() + witnesses.values().size();
        Verification verification = judge(difference, change, tolerance, inputs.size(), values);
        if (verification.outcome() == Outcome.FAILED && mayChoose(pruned, prunedRunner, inputs, tolerance)) {
            difference = withTheSameChoices(reference, pruned, inputs);
            verification = judge(difference, change, tolerance, inputs.size(), values);
        }
        return verification.reason().equals(UNSEEN)
                ? proveWithShakenWeights(verification, trial(inputs))
                : verification;
    }

    /** Compares a pruned graph with the masked original, both computing without any rounding to integers. */
    Verification compareUnrounded(Graph pruned, List<Map<String, Tensor>> inputs) {
        Verifier unrounded = new Verifier(Unrounded.of(original, shapes), shapes, coupling, removal, executor, options);
        Graph cut = Unrounded.of(pruned, shapes);
        try (Runner runner = executor.prepare(cut, Settings.DEFAULT)) {
            return unrounded.compare(cut, runner, inputs);
        }
    }

    private Choices choices() {
        return Choices.of(original, shapes, coupling.survivors(removal));
    }

    Witnesses witnesses() {
        return Witnesses.of(original, coupling.survivors(removal), choices());
    }

    private static boolean isWithin(Comparison difference, double tolerance) {
        return difference.problem().isEmpty() && difference.maxRelative() <= tolerance;
    }

    /** Whether the network chooses at all, and the file computes what the pruned graph computes, choices included. */
    private boolean mayChoose(Graph pruned, Runner prunedRunner, List<Map<String, Tensor>> inputs, double tolerance) {
        if (choices().isEmpty()) {
            return false;
        }
        Comparison difference = new Comparison(bounded());
        try (Runner lifted = executor.prepare(pruned, Settings.DEFAULT)) {
            for (Map<String, Tensor> input : inputs) {
                difference.add(prunedRunner.run(input), lifted.run(input));
            }
        }
        return isWithin(difference, tolerance);
    }

    /**
     * Compares two graphs where the pruned one is told what the masked one chose. Between candidates that are equal but
     * for rounding either may be chosen, and then all that follows differs, although both compute the same.
     */
    private Comparison withTheSameChoices(Graph reference, Graph pruned, List<Map<String, Tensor>> inputs) {
        Choices choices = choices();
        Witnesses witnesses = witnesses();
        Comparison difference = new Comparison(witnesses.bounded());
        List<String> chosen = List.copyOf(choices.results().keySet());
        List<String> computed = witnesses.values().stream()
                .filter(value -> !choices.results().containsKey(value))
                .toList();
        try (Runner masked = executor.prepare(reference.withOutputs(computed).withOutputs(chosen), Settings.DEFAULT);
                Runner cut = executor.prepare(choices.given(pruned).withOutputs(computed), Settings.DEFAULT)) {
            for (Map<String, Tensor> input : inputs) {
                Map<String, Tensor> expected = masked.run(input);
                Map<String, Tensor> actual = cut.run(choices.told(input, expected));
                difference.add(only(expected, actual.keySet()), actual);
            }
        }
        return difference;
    }

    private static Map<String, Tensor> only(Map<String, Tensor> values, Collection<String> names) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        names.forEach(name -> some.put(name, values.get(name)));
        return some;
    }

    Verification judge(Comparison difference, Comparison change, double tolerance, int inputs, int values) {
        Outcome outcome = Outcome.PROVED;
        String reason = "";
        if (!difference.isFinite() && !change.isFinite()) {
            outcome = Outcome.NOT_PROVED;
            reason = "the outputs are not finite, with or without the cut: " + difference.problem();
        } else if (!difference.problem().isEmpty()) {
            outcome = Outcome.FAILED;
            reason = difference.problem();
        } else if (difference.maxRelative() > tolerance) {
            outcome = Outcome.FAILED;
            reason = "the pruned model differs from the masked original";
        } else if (!difference.varies()) {
            outcome = Outcome.NOT_PROVED;
            reason = "the outputs are constant, so nothing could be seen";
        } else if (change.maxAbsolute() == 0 && !removal.isEmpty()) {
            outcome = Outcome.NOT_PROVED;
            reason = UNSEEN;
        }
        return new Verification(
                outcome, difference.maxAbsolute(), difference.maxRelative(), tolerance, inputs, values, reason);
    }

    /** Runs three graphs on all inputs and compares what they make. */
    @FunctionalInterface
    interface Trial {

        /**
         * Runs them.
         *
         * @param change takes unmasked against masked
         * @param tolerance the relative difference that is allowed
         * @return masked against pruned
         */
        Comparison run(Graph unmasked, Graph masked, Graph pruned, Comparison change, double tolerance);
    }

    private Trial trial(List<Map<String, Tensor>> inputs) {
        List<String> witnesses = witnesses().values();
        return (unmasked, masked, pruned, change, tolerance) -> {
            Comparison difference = new Comparison(bounded());
            try (Runner reference = executor.prepare(masked.withOutputs(witnesses), Settings.DEFAULT);
                    Runner whole = executor.prepare(unmasked.withOutputs(witnesses), Settings.DEFAULT);
                    Runner cut = executor.prepare(pruned.withOutputs(witnesses), Settings.DEFAULT)) {
                for (Map<String, Tensor> input : inputs) {
                    Map<String, Tensor> expected = reference.run(input);
                    difference.add(expected, cut.run(input));
                    change.add(whole.run(input), expected);
                }
            }
            return isWithin(difference, tolerance) || choices().isEmpty()
                    ? difference
                    : withTheSameChoices(masked, pruned, inputs);
        };
    }

    /** Masking changed nothing, as with dead channels; the same cut is proved again on weights that are alive. */
    private Verification proveWithShakenWeights(Verification unseen, Trial trial) {
        Verification result = null;
        for (int attempt = 0;
                attempt < SHAKES.length && (result == null || result.outcome() == Outcome.NOT_PROVED);
                attempt++) {
            Graph shaken = Perturbation.of(original, coupling, options.seed() + attempt, SHAKES[attempt]);
            result = proveWith(shaken, unseen, trial);
        }
        return result;
    }

    private Verification proveWith(Graph shaken, Verification unseen, Trial trial) {
        Graph cut = GraphEdits.apply(shaken, Surgery.edits(shaken, shapes, coupling, removal));
        Graph reference = ReferenceGraph.of(shaken, shapes, coupling, removal);
        Comparison change = new Comparison(bounded());
        Comparison again = trial.run(shaken, reference, cut, change, unseen.tolerance());
        boolean equal = isWithin(again, unseen.tolerance());
        boolean shown = change.maxAbsolute() > 0;
        Outcome outcome = !equal ? Outcome.FAILED : shown ? Outcome.PROVED : Outcome.NOT_PROVED;
        String reason =
                !equal ? "with other weights the pruned model differs from the masked original" : shown ? "" : UNSEEN;
        return new Verification(
                outcome,
                Math.max(unseen.maxAbsolute(), again.maxAbsolute()),
                Math.max(unseen.maxRelative(), again.maxRelative()),
                unseen.tolerance(),
                unseen.inputs(),
                unseen.values(),
                reason,
                unseen.lift());
    }

    /** Random inputs at two assignments of extents that the original accepts, for each branch, and the real data. */
    List<Map<String, Tensor>> inputs(Runner whole) {
        RandomInputs random = new RandomInputs(original, shapes);
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        for (Map<String, Double> branch : random.branches()) {
            int accepted = 0;
            for (Map<String, Long> extents : candidates()) {
                if (accepted < ASSIGNMENTS && accepts(whole, random.make(options.seed(), extents, branch))) {
                    accepted++;
                    addTo(inputs, random, extents, branch);
                }
            }
        }
        options.data().ifPresent(inputs::add);
        return inputs;
    }

    private void addTo(
            List<Map<String, Tensor>> inputs,
            RandomInputs random,
            Map<String, Long> extents,
            Map<String, Double> branch) {
        for (int i = 0; i < options.seeds(); i++) {
            inputs.add(random.make(options.seed() + i, extents, branch));
        }
    }

    /** Assignments of extents to try, best first. */
    List<Map<String, Long>> candidates() {
        return Extents.candidates(original, shapes, options.symbols());
    }

    /** Random inputs at some assignments of extents and for each branch, one assignment after the other, and the real data. */
    List<Map<String, Tensor>> inputs(List<Map<String, Long>> assignments) {
        RandomInputs random = new RandomInputs(original, shapes);
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        for (Map<String, Long> extents : assignments) {
            random.branches().forEach(branch -> addTo(inputs, random, extents, branch));
        }
        options.data().ifPresent(inputs::add);
        return inputs;
    }

    /** How many random inputs there are for each assignment. */
    int inputsEach() {
        return options.seeds() * new RandomInputs(original, shapes).branches().size();
    }

    private static boolean accepts(Runner runner, Map<String, Tensor> inputs) {
        try {
            runner.run(inputs);
            return true;
        } catch (ExecutionException refused) {
            // Not every network takes every size of input; the next assignment is tried.
            return false;
        }
    }

    /** Outputs that a bounded function makes. */
    Set<String> bounded() {
        return witnesses().bounded();
    }

    /** Whether the model computes in half precision, whose tolerance does not depend on noise. */
    boolean isHalf() {
        return FlatGraph.constants(original).values().stream()
                .anyMatch(tensor -> tensor.type() == DataType.FLOAT16 || tensor.type() == DataType.BFLOAT16);
    }

    double tolerance(double noise) {
        if (isHalf()) {
            return FLOAT16_TOLERANCE;
        }
        return Math.min(LARGEST_TOLERANCE, Math.max(FLOAT32_TOLERANCE, 10 * noise));
    }
}
