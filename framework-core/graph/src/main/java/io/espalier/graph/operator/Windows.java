package io.espalier.graph.operator;

import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The sliding window of a convolution or pool: kernel, strides, dilations and padding of every spatial axis. */
final class Windows {

    private final NodeScope scope;
    private final List<Dim> kernel;
    private final List<Long> strides;
    private final List<Long> dilations;
    private final List<Long> pads;
    private final String autoPad;

    private Windows(NodeScope scope, List<Dim> kernel) {
        int axes = kernel.size();
        this.scope = scope;
        this.kernel = kernel;
        this.strides = attribute("strides", axes, 1L);
        this.dilations = attribute("dilations", axes, 1L);
        this.pads = attribute("pads", axes * 2, 0L);
        this.autoPad = scope.node().textAttribute("auto_pad", "NOTSET");
        if (strides.stream().anyMatch(stride -> stride < 1)) {
            throw scope.conflict("the strides " + strides + " are not positive");
        }
    }

    /** The window of a convolution whose weight has these spatial extents. */
    static Windows ofWeight(NodeScope scope, List<Dim> weightExtents) {
        scope.node().intsAttribute("kernel_shape").ifPresent(kernel -> {
            boolean fits = kernel.size() == weightExtents.size()
                    && IntStream.range(0, kernel.size())
                            .allMatch(axis -> !weightExtents.get(axis).isConstant()
                                    || weightExtents.get(axis).is(kernel.get(axis)));
            if (!fits) {
                throw scope.conflict("kernel_shape " + kernel + " does not fit a weight of extents " + weightExtents);
            }
        });
        return new Windows(scope, weightExtents);
    }

    /** The window of a pool. */
    static Windows ofPool(NodeScope scope, int axes) {
        List<Long> kernel = scope.node()
                .intsAttribute("kernel_shape")
                .orElseThrow(() -> scope.conflict("the attribute kernel_shape is missing"));
        if (kernel.size() != axes) {
            throw scope.conflict("kernel_shape " + kernel + " does not fit " + axes + " spatial axes");
        }
        return new Windows(scope, kernel.stream().map(Dim::of).toList());
    }

    private List<Long> attribute(String name, int size, Long otherwise) {
        Optional<List<Long>> values = scope.node().intsAttribute(name);
        if (values.isPresent() && values.get().size() != size) {
            throw scope.conflict(
                    "the attribute " + name + " has " + values.get().size() + " numbers instead of " + size);
        }
        return values.orElse(Collections.nCopies(size, otherwise));
    }

    /** Extents after sliding over the input. */
    List<Dim> slide(List<Dim> input, boolean roundUp) {
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < input.size(); axis++) {
            output.add(slide(input.get(axis), axis, roundUp));
        }
        return output;
    }

    private Dim slide(Dim input, int axis, boolean roundUp) {
        Dim stride = Dim.of(strides.get(axis));
        if (autoPad.startsWith("SAME")) {
            return input.ceilDiv(stride);
        }
        Dim before = Dim.of(autoPad.equals("VALID") ? 0 : pads.get(axis));
        Dim after = Dim.of(autoPad.equals("VALID") ? 0 : pads.get(axis + kernel.size()));
        Dim span = span(axis);
        if (roundUp) {
            // The last window must start inside the input or the padding before it.
            Dim last = after.plus(stride).minus(span).min(Dim.ZERO);
            return input.plus(before).plus(last).ceilDiv(stride);
        }
        Dim moves = input.plus(before).plus(after).minus(span).floorDiv(stride);
        if (moves.bounds().upper() < -1) {
            throw scope.conflict("the window of extent " + span + " is larger than the input of extent " + input);
        }
        return moves.plus(1);
    }

    /** Extents of an input that, slid over, gives these: the output of a transposed convolution. */
    List<Dim> spread(List<Dim> input) {
        List<Long> extra = attribute("output_padding", kernel.size(), 0L);
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < input.size(); axis++) {
            long stride = strides.get(axis);
            if (autoPad.startsWith("SAME")) {
                output.add(input.get(axis).times(stride));
            } else {
                long padding = autoPad.equals("VALID") ? 0 : pads.get(axis) + pads.get(axis + kernel.size());
                output.add(
                        input.get(axis).plus(-1).times(stride).plus(span(axis)).plus(extra.get(axis) - padding));
            }
        }
        return output;
    }

    /** Input positions from the first to the last one a window covers. */
    private Dim span(int axis) {
        return kernel.get(axis).plus(-1).times(dilations.get(axis)).plus(1);
    }
}
