package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
        Dim input = view.shape(0).orElseThrow().get(axis + 2);
        if (!input.isConstant()) {
            throw new MisfitException("its padding follows from an extent that is open");
        }
        long output = view.node().intsAttribute("output_shape").orElseThrow().get(axis);
        long spread = (input.constant() - 1) * window.strides().get(axis) + window.span(axis) + extra(view, axis);
        return required(spread - output);
    }

    private static long required(long total) {
        if (total < 0) {
            throw new MisfitException("its output is longer than what it spreads");
        }
        return total;
    }

    private static long extra(NodeView view, int axis) {
        return view.node()
                .intsAttribute("output_padding")
                .orElse(Collections.nCopies(axis + 1, 0L))
                .get(axis);
    }
}
