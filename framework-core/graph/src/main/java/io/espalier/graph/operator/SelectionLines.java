package io.espalier.graph.operator;

import static io.espalier.graph.operator.IndexLines.letters;
import static io.espalier.graph.operator.IndexLines.operand;

import io.espalier.graph.operator.IndexLines.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Operators that choose, reorder or generate by what they see when the model runs. Nothing goes along the axes they look
 * along; the others pass, position by position.
 */
final class SelectionLines {

    private SelectionLines() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("RoiAlign", view -> Optional.of("x[#n c #*] r[k #f] i[k] -> y[k c ~h ~w]"));
        rules.put("MaxRoiPool", view -> Optional.of("x[#n c #*] r[k #f] -> y[k c ~h ~w]"));
        rules.put("NonMaxSuppression", view -> Optional.of("b[#n #k #f] s[#m #c #l] _ _ _ -> y[~r ~t]"));
        for (String whole : List.of("NonZero", "EyeLike", "RandomNormalLike", "RandomUniformLike", "Bernoulli")) {
            rules.put(whole, SelectionLines::whole);
        }
        rules.put("Unique", SelectionLines::whole);
        rules.put("AffineGrid", SelectionLines::whole);
        rules.put("Multinomial", view -> Optional.of("x[n #c] -> y[n ~k]"));
        rules.put("Compress", SelectionLines::compress);
        rules.put("OneHot", SelectionLines::oneHot);
        rules.put("ReverseSequence", SelectionLines::reverse);
        rules.put("CenterCropPad", SelectionLines::crop);
        rules.put("TensorScatter", SelectionLines::cache);
        rules.put("Trilu", view -> Optional.of("x[... #m #n] _ -> y[... m n]"));
        rules.put("Det", view -> Optional.of("x[... #m #n] -> y[...]"));
        rules.put("DFT", SelectionLines::fourier);
        rules.put("STFT", SelectionLines::shortTimeFourier);
    }

    /** Looks at all of its first operand. */
    private static Optional<String> whole(NodeView view) {
        if (view.rank(0) < 0) {
            return Optional.empty();
        }
        List<String> operands = new ArrayList<>(List.of(operand("x", letters("#a", view.rank(0)))));
        operands.addAll(Collections.nCopies(view.node().inputs().size() - 1, "_"));
        List<String> outputs = new ArrayList<>();
        for (int slot = 0; slot < view.node().outputs().size(); slot++) {
            int rank = view.outputShape(slot).map(List::size).orElse(0);
            outputs.add(operand("y", letters("~y" + slot + "_", rank)));
        }
        return Optional.of(String.join(" ", operands) + " -> " + String.join(" ", outputs));
    }

    private static Optional<String> compress(NodeView view) {
        int rank = view.rank(0);
        boolean flat = !view.node().attributes().containsKey("axis");
        if (rank < 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        int place = flat ? 0 : view.axis("axis", 0, rank);
        List<String> kept = new ArrayList<>(axes);
        kept.set(place, "~k");
        List<String> marked = NormalisationLines.marked(axes, flat ? 0 : place, flat ? rank : place + 1, "#");
        return Optional.of(operand("x", marked) + " c[#c] -> " + (flat ? "y[~k]" : operand("y", kept)));
    }

    private static Optional<String> oneHot(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        List<String> longer = new ArrayList<>(axes);
        longer.add(view.axis("axis", -1, rank + 1), "~d");
        return Optional.of(operand("i", axes) + " _ _ -> " + operand("y", longer));
    }

    private static Optional<String> reverse(NodeView view) {
        int rank = view.rank(0);
        if (rank < 2) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        int batch = view.axis("batch_axis", 1, rank);
        int time = view.axis("time_axis", 0, rank);
        List<String> marked = NormalisationLines.marked(axes, batch, batch + 1, "#");
        return Optional.of(
                operand("x", NormalisationLines.marked(marked, time, time + 1, "#")) + " _ -> " + operand("y", axes));
    }

    /** Axes that are named are cut around their middle. */
    private static Optional<String> crop(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        List<Long> named = view.node()
                .intsAttribute("axes")
                .orElseGet(
                        () -> IntStream.range(0, rank).mapToObj(Long::valueOf).toList());
        List<String> before = letters("a", rank);
        List<String> after = letters("a", rank);
        for (long axis : named) {
            int place = NodeView.normalise(axis, rank);
            before.set(place, "#a" + place);
            after.set(place, "~b" + place);
        }
        return Optional.of(operand("x", before) + " _ -> " + operand("y", after));
    }

    /** Writes into a cache at a place that is known at run time. */
    private static Optional<String> cache(NodeView view) {
        int rank = view.rank(0);
        if (rank < 2) {
            return Optional.empty();
        }
        int place = view.axis("axis", -2, rank);
        List<String> axes = letters("a", rank);
        List<String> update = new ArrayList<>(axes);
        update.set(place, "#u");
        return Optional.of(operand("x", NormalisationLines.marked(axes, place, place + 1, "#")) + " "
                + operand("u", update) + " _ -> " + operand("y", axes));
    }

    private static Optional<String> fourier(NodeView view) {
        int rank = view.rank(0);
        Optional<long[]> named = view.node().input(2).isPresent()
                ? view.numbers(2)
                : Optional.of(new long[] {view.node().intAttribute("axis", -2)});
        if (rank < 2 || named.isEmpty()) {
            return Optional.empty();
        }
        int place = NodeView.normalise(named.get()[0], rank);
        List<String> before = NormalisationLines.marked(letters("a", rank), place, place + 1, "#");
        List<String> after = letters("a", rank);
        before.set(rank - 1, "#r");
        after.set(rank - 1, "~c");
        after.set(place, "~f");
        return Optional.of(operand("x", before) + " _ _ -> " + operand("y", after));
    }

    private static Optional<String> shortTimeFourier(NodeView view) {
        return switch (view.rank(0)) {
            case 2 -> Optional.of("s[n #t] _ w[#w] _ -> y[n ~f ~b ~c]");
            case 3 -> Optional.of("s[n #t #r] _ w[#w] _ -> y[n ~f ~b ~c]");
            default -> Optional.empty();
        };
    }
}
