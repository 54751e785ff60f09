package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.channel.Masking;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.PrunedGraph;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.List;

/**
 * What is to be proved: that a graph without some residual blocks and channels computes what it computes with these masked.
 *
 * @param blocks for each block that is left out, the edit that does so
 * @param coupling of the graph without the blocks
 * @param choices results of operators that choose
 * @param probed values that are compared besides the outputs
 */
record EquivalenceCheck(
        Graph original,
        List<Edit.Omit> blocks,
        Shapes shapes,
        Coupling coupling,
        Removal removal,
        DiscreteDecisions choices,
        ProbedValues probed) {

    static final double FLOAT32_TOLERANCE = 1e-4;
    static final String UNSEEN = "masking what is removed changes no output";

    /** Two runtimes differ by some units in the last place of float32: still well within the tolerance at this share. */
    private static final double NARROWEST = 5e-2;

    private static final double FINE_TOLERANCE = 1e-3;
    private static final double LARGEST_TOLERANCE = 1e-2;
    private static final double FLOAT16_TOLERANCE = 2e-2;

    static EquivalenceCheck of(
            Graph original, List<Edit.Omit> blocks, Shapes shapes, Coupling coupling, Removal removal) {
        KeptIndices keptIndices = new KeptIndices(coupling, removal);
        Graph shortened = GraphEdits.apply(original, List.copyOf(blocks));
        DiscreteDecisions choices = DiscreteDecisions.of(shortened, shapes, coupling.operators(), keptIndices);
        return new EquivalenceCheck(
                original,
                blocks,
                shapes,
                coupling,
                removal,
                choices,
                ProbedValues.of(shortened, coupling.operators(), keptIndices, choices));
    }

    /** The original without the blocks, at full width. */
    Graph shortened() {
        return GraphEdits.apply(original, List.copyOf(blocks));
    }

    /** The same of a graph that computes without any rounding to integers. */
    EquivalenceCheck unrounded() {
        return of(unrounded(original), blocks, shapes, coupling, removal);
    }

    /** A graph, whole or pruned, that computes the same without any rounding to integers. */
    Graph unrounded(Graph graph) {
        return FloatReference.of(graph, shapes, coupling.operators());
    }

    /** Whether the original computes in integers somewhere, with a rounding that its runtime has to itself. */
    boolean rounds() {
        return original.nodes().stream().anyMatch(node -> FloatReference.rounds(node, coupling.operators()))
                || original.constants().values().stream().anyMatch(EquivalenceCheck::isIntegerMatrix);
    }

    /** Weights of 8 bits meet activations that a kernel rounds, too, even where the graph does not say so. */
    private static boolean isIntegerMatrix(Tensor tensor) {
        return (tensor.type() == DataType.INT8 || tensor.type() == DataType.UINT8)
                && tensor.shape().size() > 1;
    }

    KeptIndices keptIndices() {
        return new KeptIndices(coupling, removal);
    }

    /**
     * The original, or the same with other weights, with blocks and channels masked.
     *
     * @throws Masking.UnprovableException when that cannot be expressed
     */
    Graph masked(Graph graph) {
        return ReferenceGraph.of(SilencedBlocks.of(graph, blocks, shapes), shapes, coupling, removal);
    }

    /** Whether anything reads what is removed, so that it has to be masked. */
    boolean masks() {
        Masking masking = new Masking(coupling, removal);
        return !blocks.isEmpty()
                || !masking.masks().isEmpty()
                || !masking.narrowings().isEmpty();
    }

    /** Whether nothing is removed. */
    private boolean isEmpty() {
        return blocks.isEmpty() && removal.isEmpty();
    }

    /** The original, or the same with other weights, without blocks and channels. */
    PrunedGraph cut(Graph graph) {
        List<Edit> edits = List.copyOf(blocks);
        return Surgery.prune(GraphEdits.apply(graph, edits), shapes, coupling, removal)
                .after(edits);
    }

    /** A comparison of outputs and probed values. */
    Comparison comparison() {
        return new Comparison(probed.bounded(), isHalf() || rounds() ? 1 : NARROWEST);
    }

    /** Whether the model computes in half precision, whose tolerance does not depend on noise. */
    boolean isHalf() {
        return original.allConstants().values().stream()
                .anyMatch(tensor -> tensor.type() == DataType.FLOAT16 || tensor.type() == DataType.BFLOAT16);
    }

    /** The relative difference that is allowed where the same graph differs by some noise from run to run. */
    double tolerance(double noise) {
        if (isHalf()) {
            return FLOAT16_TOLERANCE;
        }
        return Math.min(LARGEST_TOLERANCE, Math.max(FLOAT32_TOLERANCE, 10 * noise));
    }

    /**
     * The difference that is allowed relative to a channel or to a spread. There are thousands of them, each with a few numbers,
     * so that rounding alone differs more; what the engine could do wrong in one of them differs by a part of it.
     */
    double fineTolerance(double noise) {
        return Math.max(FINE_TOLERANCE, tolerance(noise));
    }

    /**
     * What follows from a comparison of models that compute in real numbers, channel by channel.
     *
     * @param difference masked against pruned
     * @param change unmasked against masked
     * @param fineTolerance difference that is allowed relative to a channel or to a spread
     */
    Verification judge(
            Comparison difference, Comparison change, double tolerance, double fineTolerance, int inputs, int values) {
        Verification whole = judge(difference, change, tolerance, inputs, values);
        return whole.outcome() == Outcome.FAILED || !(difference.maxFineRelative() > fineTolerance)
                ? whole
                : new Verification(
                        Outcome.FAILED,
                        difference.maxAbsolute(),
                        difference.maxFineRelative(),
                        fineTolerance,
                        inputs,
                        values,
                        "the pruned model differs from the masked original at " + difference.finePlace());
    }

    /**
     * What follows from a comparison.
     *
     * @param difference masked against pruned
     * @param change unmasked against masked
     */
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
            reason = "the pruned model differs from the masked original in " + difference.place();
        } else if (!difference.varies()) {
            outcome = Outcome.NOT_PROVED;
            reason = "the outputs are constant, so nothing could be seen";
        } else if (change.maxAbsolute() == 0 && !isEmpty()) {
            outcome = Outcome.NOT_PROVED;
            reason = UNSEEN;
        }
        return new Verification(
                outcome, difference.maxAbsolute(), difference.maxRelative(), tolerance, inputs, values, reason);
    }
}
