package io.espalier.graph.operator;

import static io.espalier.graph.operator.IndexLines.letters;
import static io.espalier.graph.operator.IndexLines.operand;

import io.espalier.graph.operator.IndexLines.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Normalisations. */
final class NormalisationLines {

    private NormalisationLines() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("BatchNormalization", NormalisationLines::batch);
        rules.put("InstanceNormalization", view -> Optional.of("x[n c !*] s[c] b[c] -> y[n c *]"));
        rules.put(
                "GroupNormalization",
                view -> Optional.of("x[n (g !c) !*] s[(g c)] b[(g c)] -> y[n (g c) *] | g=@num_groups"));
        rules.put("LRN", view -> Optional.of("x[n !c *] -> y[n c *]"));
        for (String operator : List.of("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization")) {
            rules.put(operator, NormalisationLines::trailing);
        }
        rules.put(
                "com.microsoft.SkipLayerNormalization",
                view -> Optional.of("x[... !c] k[... !c] s[c] b[c] a[c] -> y[... c] m[... 1] d[... 1] z[... c]"));
        rules.put(
                "com.microsoft.SkipSimplifiedLayerNormalization",
                view -> Optional.of("x[... !c] k[... !c] s[c] a[c] -> y[... c] m[... 1] d[... 1] z[... c]"));
        rules.put(
                "com.microsoft.EmbedLayerNormalization",
                view -> Optional.of("ids[n t] _ w[v !c] p[q !c] k[r !c] s[c] b[c] -> y[n t c] m[n] z[n t c]"));
        for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
            rules.put(operator, view -> along(view, "#"));
        }
        rules.put("LpNormalization", view -> along(view, "!"));
        rules.put("MeanVarianceNormalization", NormalisationLines::meanVariance);
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
            int place = NodeView.normalise(axis, rank);
            marked.set(place, "!" + axes.get(place));
        }
        return Optional.of(operand("x", marked) + " -> " + operand("y", axes));
    }

    static List<String> marked(List<String> axes, int from, int to, String marker) {
        List<String> marked = new ArrayList<>(axes);
        for (int axis = from; axis < to; axis++) {
            marked.set(axis, marker + axes.get(axis));
        }
        return marked;
    }
}
