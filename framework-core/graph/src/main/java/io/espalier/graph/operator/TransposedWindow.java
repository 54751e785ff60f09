package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The window of a transposed convolution, which spreads over the output what a convolution reads of its input. */
final class TransposedWindow {

    private TransposedWindow() {}

    static Window of(NodeView view, List<Dim> weight) {
        boolean same = view.node().textAttribute("auto_pad", "NOTSET").startsWith("SAME");
        Node spreading = same ? view.node().withAttribute("auto_pad", new Attribute.Text("NOTSET")) : view.node();
        Window given = Window.of(new NodeView(spreading, view.shapes()), weight);
        return new Window(given.kernel(), given.strides(), given.dilations(), pads(view, given), given.groups());
    }

    /** What is cut off before each axis, then behind each axis. */
    private static List<Long> pads(NodeView view, Window window) {
        String auto = view.node().textAttribute("auto_pad", "NOTSET");
        boolean fixed = view.node().intsAttribute("output_shape").isPresent();
        if (!auto.startsWith("SAME") && !fixed) {
            return window.pads();
        }
        int axes = window.kernel().size();
        List<Long> before = new ArrayList<>();
        List<Long> behind = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            long total = fixed ? totalOfFixed(view, window, axis) : totalOfSame(view, window, axis);
            long less = total / 2;
            before.add(auto.equals("SAME_UPPER") ? less : total - less);
            behind.add(auto.equals("SAME_UPPER") ? total - less : less);
        }
        before.addAll(behind);
        return before;
    }

    /** The output is as long as the input, times the stride. */
    private static long totalOfSame(NodeView view, Window window, int axis) {
        return required(window.span(axis) + extra(view, axis) - window.strides().get(axis));
    }

    private static long totalOfFixed(NodeView view, Window window, int axis) {
        return required(missing(view, window, axis)
                .filter(Dim::isConstant)
                .map(Dim::constant)
                .orElseThrow(() -> new MisfitException("its padding follows from an extent that is open")));
    }

    /** How much longer what is spread is than the output that the node names. */
    private static Optional<Dim> missing(NodeView view, Window window, int axis) {
        long output = view.node().intsAttribute("output_shape").orElseThrow().get(axis);
        long others = window.span(axis) + extra(view, axis) - output;
        return view.shape(0)
                .map(shape -> shape.get(axis + 2)
                        .plus(-1)
                        .times(window.strides().get(axis))
                        .plus(others));
    }

    /** Whether the output that a node names is longer than what is spread, or may be. */
    static boolean isFittedAtRunTime(NodeView view) {
        Optional<List<Dim>> weight =
                view.shape(1).filter(shape -> shape.stream().allMatch(Dim::isConstant));
        if (weight.isEmpty() || view.shape(0).isEmpty()) {
            return false;
        }
        Node plain = view.node().withAttribute("auto_pad", new Attribute.Text("NOTSET"));
        Window window = Window.of(new NodeView(plain, view.shapes()), weight.get());
        return IntStream.range(0, window.kernel().size())
                .mapToObj(axis -> missing(view, window, axis).orElseThrow())
                .anyMatch(missing -> !missing.isConstant() || missing.constant() < 0);
    }

    private static long required(long total) {
        if (total < 0) {
            throw new MisfitException("its output is longer than what it spreads");
        }
        return total;
    }

    static long extra(NodeView view, int axis) {
        return view.node()
                .intsAttribute("output_padding")
                .orElse(Collections.nCopies(axis + 1, 0L))
                .get(axis);
    }
}
