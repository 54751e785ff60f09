package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.marked;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.BIAS;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;
import static io.espalier.spi.operator.SlotRole.SCALE;
import static io.espalier.spi.operator.SlotRole.SHIFT;
import static io.espalier.spi.operator.SlotRole.STATISTIC;
import static io.espalier.spi.operator.SlotRole.TABLE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Normalisations, softmax included. */
final class Normalisations {

    private Normalisations() {}

    static List<Builder> definitions() {
        return List.of(
                normalisation(Nodes.BATCH_NORMALISATION)
                        .notation(Normalisations::batch)
                        .shape(1, Normalisations::batch)
                        .roles(DATA, SCALE, SHIFT, STATISTIC, STATISTIC)
                        .gradient(NormalisationGradients::batch),
                normalisation("InstanceNormalization")
                        .notation("x[n c !*] s[c] b[c] -> y[n c *]")
                        .decomposes(NormalisationGradients::instance),
                normalisation("GroupNormalization")
                        .notation("x[n (g !c) !*] s[(g c)] b[(g c)] -> y[n (g c) *] | g=@num_groups")
                        .decomposes(NormalisationGradients::group),
                normalisation(Nodes.LAYER_NORMALISATION)
                        .notation(Normalisations::trailing)
                        .shape(1, Normalisations::layer)
                        .gradient(NormalisationGradients::layer),
                normalisation("SimplifiedLayerNormalization")
                        .notation(Normalisations::trailing)
                        .shape(1, Normalisations::layer)
                        .gradient(NormalisationGradients::rootMeanSquare),
                normalisation("RMSNormalization")
                        .notation(Normalisations::trailing)
                        .gradient(NormalisationGradients::rootMeanSquare),
                normalisation("com.microsoft.SimplifiedLayerNormalization")
                        .shape(1, Normalisations::layer)
                        .gradient(NormalisationGradients::rootMeanSquare),
                normalisation("com.microsoft.GroupNorm"),
                define("com.microsoft.SkipLayerNormalization")
                        .notation("x[... !c] k[... !c] s[c] b[c] a[c] -> y[... c] m[... 1] d[... 1] z[... c]")
                        .shape(1, Normalisations::skip)
                        .roles(DATA, DATA, SCALE, SHIFT, BIAS)
                        .decomposes(NormalisationGradients::skip)
                        .traits(Trait.NORMALISES),
                define("com.microsoft.SkipSimplifiedLayerNormalization")
                        .notation("x[... !c] k[... !c] s[c] a[c] -> y[... c] m[... 1] d[... 1] z[... c]")
                        .shape(1, Normalisations::skip)
                        .roles(DATA, DATA, SCALE, BIAS)
                        .decomposes(NormalisationGradients::simplifiedSkip)
                        .traits(Trait.NORMALISES),
                define("com.microsoft.SkipGroupNorm").shape(1, Normalisations::skipGroup),
                define("com.microsoft.EmbedLayerNormalization")
                        .decomposes(NormalisationGradients::embedding)
                        .notation("ids[n t] _ w[v !c] p[q !c] k[r !c] s[c] b[c] -> y[n t c] m[n] z[n t c]")
                        .shape(3, Normalisations::embedding)
                        .roles(INDICES, INDICES, TABLE, TABLE, TABLE, SCALE, SHIFT, DATA, INDICES)
                        .indexes(0, 2)
                        .indexes(1, 4)
                        .indexes(8, 3)
                        .traits(Trait.NORMALISES),
                define("LRN")
                        .notation("x[n !c *] -> y[n c *]")
                        .sameShape()
                        .decomposes(NormalisationGradients::neighbours),
                define("LpNormalization")
                        .notation(view -> along(view, "!"))
                        .sameShape()
                        .decomposes(ReductionGradients::normalised),
                define("MeanVarianceNormalization")
                        .notation(Normalisations::meanVariance)
                        .sameShape()
                        .decomposes(NormalisationGradients::meanVariance),
                define(Nodes.SOFTMAX)
                        .notation(view -> along(view, "#"))
                        .sameShape()
                        .traits(Trait.BOUNDED)
                        .gradient(ReductionGradients::softmax),
                define("LogSoftmax")
                        .notation(view -> along(view, "#"))
                        .sameShape()
                        .gradient(ReductionGradients::logSoftmax),
                define("Hardmax").notation(view -> along(view, "#")).sameShape().gradient(GradientRule.NONE),
                define("com.microsoft.BiasSoftmax").sameShape().decomposes(ReductionGradients::biasSoftmax),
                define("espalier.Whole")
                        .notation(view -> along(view, "#"))
                        .sameShape()
                        .gradient(Activations.IDENTITY));
    }

    private static Builder normalisation(String... operators) {
        return define(operators).sameShape().roles(DATA, SCALE, SHIFT).traits(Trait.NORMALISES);
    }

    /** In training mode the statistics are those of the operand, as where weights are standardised. */
    private static Optional<String> batch(NodeView view) {
        return Optional.of(
                view.node().intAttribute("training_mode", 0) == 0
                        ? "x[n c *] s[c] b[c] m[c] v[c] -> y[n c *]"
                        : "x[!n c !*] s[c] b[c] m[c] v[c] -> y[n c *] mean[c] variance[c]");
    }

    /** Statistics over the last axes, from the attribute {@code axis} on. */
    private static Optional<String> trailing(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        int first = view.axis("axis", -1, rank);
        List<String> axes = letters("a", rank);
        List<String> marked = marked(axes, first, rank, "!");
        List<String> statistics = new ArrayList<>(axes.subList(0, first));
        statistics.addAll(Collections.nCopies(rank - first, "1"));
        return Optional.of(operand("x", marked)
                + " " + broadcast("s", axes, view.rank(1))
                + " " + broadcast("b", axes, view.rank(2))
                + " -> " + operand("y", axes)
                + " " + operand("mean", statistics)
                + " " + operand("deviation", statistics));
    }

    private static String broadcast(String name, List<String> axes, int rank) {
        return rank < 0 || rank > axes.size() ? "_" : operand(name, axes.subList(axes.size() - rank, axes.size()));
    }

    private static Optional<String> along(NodeView view, String marker) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        int axis = view.axis("axis", -1, rank);
        List<String> axes = letters("a", rank);
        return Optional.of(operand("x", marked(axes, axis, axis + 1, marker)) + " -> " + operand("y", axes));
    }

    private static Optional<String> meanVariance(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        List<String> marked = new ArrayList<>(axes);
        for (long axis : view.node().intsAttribute("axes").orElse(List.of(0L, 2L, 3L))) {
            int place = NodeView.position(axis, rank);
            marked.set(place, "!" + axes.get(place));
        }
        return Optional.of(operand("x", marked) + " -> " + operand("y", axes));
    }

    private static void batch(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        scope.put(0, input);
        if (input.size() < 2) {
            return;
        }
        for (int slot = 1; slot < scope.node().outputs().size(); slot++) {
            scope.put(slot, scope.type(3), List.of(input.get(1)));
        }
    }

    private static void layer(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        int axis = input.isEmpty() ? 0 : scope.axis(-1, input.size());
        List<Dim> statistics = new ArrayList<>(input);
        Collections.fill(statistics.subList(axis, statistics.size()), Dim.ONE);
        scope.put(0, input);
        Optional<DataType> type = DataType.ofOnnxNumber(scope.node().intAttribute("stash_type", 1));
        scope.put(1, type, statistics);
        scope.put(2, type, statistics);
    }

    private static void skip(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        if (input.isEmpty()) {
            throw scope.conflict("a scalar cannot be normalised");
        }
        List<Dim> statistics = new ArrayList<>(input);
        statistics.set(input.size() - 1, Dim.ONE);
        scope.put(0, input);
        scope.put(1, DataType.FLOAT32, statistics);
        scope.put(2, DataType.FLOAT32, statistics);
        scope.put(3, input);
    }

    private static void skipGroup(NodeScope scope) {
        scope.put(0, scope.shape(0));
        scope.put(1, scope.shape(0));
    }

    private static void embedding(NodeScope scope) {
        List<Dim> tokens = scope.shape(0, 2);
        List<Dim> table = scope.shape(2, 2);
        List<Dim> output = List.of(tokens.get(0), tokens.get(1), table.get(1));
        scope.put(0, scope.type(2), output);
        scope.put(1, DataType.INT32, List.of(tokens.get(0)));
        scope.put(2, scope.type(2), output);
    }
}
