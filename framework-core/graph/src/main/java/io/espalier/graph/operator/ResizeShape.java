package io.espalier.graph.operator;

import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code Resize} by scales or to sizes, on all or some axes, optionally keeping the aspect ratio. */
final class ResizeShape {

    private ResizeShape() {}

    static void infer(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        List<Long> named = scope.node()
                .intsAttribute("axes")
                .orElseGet(() -> IntStream.range(0, input.size())
                        .mapToObj(axis -> (long) axis)
                        .toList());
        List<Integer> axes = scope.positions(named, input.size());
        boolean upsample = scope.node().operator().equals("Upsample");
        List<Optional<Dim>> extents =
                !upsample && scope.has(3) ? sizes(scope, input, axes) : scales(scope, input, axes, upsample ? 1 : 2);
        List<Dim> output = new ArrayList<>(input);
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            output.set(axis, extents.get(i).orElseGet(() -> scope.fresh(0, axis)));
        }
        scope.put(0, output);
    }

    private static List<Optional<Dim>> scales(NodeScope scope, List<Dim> input, List<Integer> axes, int slot) {
        List<Optional<Fraction>> scales = elements(scope, slot, axes.size());
        List<Optional<Dim>> extents = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            Dim extent = input.get(axes.get(i));
            extents.add(scales.get(i).map(scale -> scaled(extent, scale)));
        }
        return extents;
    }

    /** The runtime multiplies in single precision, which a quotient of small integers reproduces. */
    private static Dim scaled(Dim extent, Fraction scale) {
        if (extent.isConstant() && scale.isConstant()) {
            return Dim.of((long) ((float) scale.toDouble() * (float) extent.constant()));
        }
        return extent.times(scale.numerator()).floorDiv(scale.denominator());
    }

    private static List<Optional<Dim>> sizes(NodeScope scope, List<Dim> input, List<Integer> axes) {
        List<Optional<Dim>> sizes = new ArrayList<>();
        for (Optional<Fraction> element : elements(scope, 3, axes.size())) {
            sizes.add(element.filter(Fraction::isInteger).map(Fraction::numerator));
        }
        String policy = scope.node().textAttribute("keep_aspect_ratio_policy", "stretch");
        return policy.equals("stretch") ? sizes : proportional(input, axes, sizes, policy.equals("not_larger"));
    }

    private static List<Optional<Dim>> proportional(
            List<Dim> input, List<Integer> axes, List<Optional<Dim>> sizes, boolean smallest) {
        List<Optional<Dim>> extents = new ArrayList<>();
        double scale = smallest ? Double.MAX_VALUE : 0;
        for (int i = 0; i < axes.size(); i++) {
            Dim extent = input.get(axes.get(i));
            if (sizes.get(i).isEmpty() || !sizes.get(i).get().isConstant() || !extent.isConstant() || extent.is(0)) {
                axes.forEach(axis -> extents.add(Optional.empty()));
                return extents;
            }
            double own = (float) sizes.get(i).get().constant() / (float) extent.constant();
            scale = smallest ? Math.min(scale, own) : Math.max(scale, own);
        }
        for (int axis : axes) {
            extents.add(Optional.of(Dim.of(Math.round(scale * input.get(axis).constant()))));
        }
        return extents;
    }

    private static List<Optional<Fraction>> elements(NodeScope scope, int slot, int count) {
        Optional<Content> content = scope.content(slot);
        if (content.isPresent() && content.get().size() != count) {
            throw scope.conflict("there are " + content.get().size() + " scales or sizes for " + count + " axes");
        }
        return content.map(Content::elements)
                .orElseGet(() -> IntStream.range(0, count)
                        .mapToObj(i -> Optional.<Fraction>empty())
                        .toList());
    }
}
