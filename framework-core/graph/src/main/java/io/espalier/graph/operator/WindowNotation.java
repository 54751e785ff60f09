package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Notation of operators that slide a window over axes. */
final class WindowNotation {

    private WindowNotation() {}

    /**
     * Notation whose opaque axes are those a window slides over. Where it is one position wide and stands on each
     * position once, they correspond; not beside the places of maxima, which count positions of all axes together.
     */
    static Function<NodeView, Optional<String>> of(String text) {
        return view -> {
            int axes = view.rank(0) - 2;
            boolean places = view.node().outputs().size() > 1;
            if (axes < 1 || places || IntStream.range(0, axes).noneMatch(axis -> isSinglePosition(view, axis))) {
                return Optional.of(text);
            }
            String letters = IntStream.range(0, axes)
                    .mapToObj(axis -> (isSinglePosition(view, axis) ? "s" : "~s") + axis)
                    .collect(Collectors.joining(" "));
            return Optional.of(text.replace("~*", letters));
        };
    }

    private static boolean isSinglePosition(NodeView view, int axis) {
        Dim one = Dim.of(1);
        Optional<Dim> kernel = view.node()
                .intsAttribute("kernel_shape")
                .map(extents -> Dim.of(extents.get(axis)))
                .or(() -> view.shape(1).map(weight -> weight.get(axis + 2)));
        return kernel.equals(Optional.of(one))
                && isEverywhere(view, "strides", axis, 1)
                && isEverywhere(view, "pads", axis, 0)
                && isEverywhere(view, "output_padding", axis, 0)
                && view.node().intsAttribute("output_shape").isEmpty();
    }

    /** Whether an attribute that has one or two numbers for each axis that a window slides over has these. */
    private static boolean isEverywhere(NodeView view, String attribute, int axis, long expected) {
        List<Long> numbers = view.node().intsAttribute(attribute).orElse(List.of());
        int axes = view.rank(0) - 2;
        return IntStream.range(0, numbers.size())
                .filter(place -> place % axes == axis)
                .allMatch(place -> numbers.get(place) == expected);
    }
}
