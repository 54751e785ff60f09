package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.support.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A window that slides over the axes behind the channels.
 *
 * @param kernel its extents
 * @param stride its steps
 * @param padding zeros on either side
 * @param dilation distances between its elements
 * @param mode how the edge is treated: Truncate, Strict, Same or Causal
 */
record Window(List<Long> kernel, List<Long> stride, List<Long> padding, List<Long> dilation, String mode) {

    static Window of(ConfigNode layer, int axes) {
        return new Window(
                layer.integers("kernelSize", axes),
                layer.integers("stride", axes),
                layer.integers("padding", axes),
                layer.integers("dilation").map(all -> all.subList(0, axes)).orElseGet(() -> ones(axes)),
                mode(layer));
    }

    /** Three-dimensional convolutions keep the mode in one field and a leftover in another. */
    private static String mode(ConfigNode layer) {
        return layer.text("convolutionMode", "Truncate");
    }

    private static List<Long> ones(int axes) {
        return java.util.Collections.nCopies(axes, 1L);
    }

    private long reach(int axis) {
        return (kernel.get(axis) - 1) * dilation.get(axis) + 1;
    }

    /** Extents of what a convolution or a pool makes. */
    List<Long> slide(GraphDraft draft, List<Long> space) {
        List<Long> result = new ArrayList<>();
        for (int axis = 0; axis < space.size(); axis++) {
            result.add(slide(draft, axis, space.get(axis)));
        }
        return result;
    }

    private long slide(GraphDraft draft, int axis, long extent) {
        long step = stride.get(axis);
        if (extent == Signal.UNKNOWN || extent < 1) {
            return extent;
        }
        if (mode.equals("Same")) {
            if (isDilated() && missing(axis, extent) != missing(axis, step)) {
                draft.contradict(axis);
            }
            return (extent + step - 1) / step;
        }
        long padded = extent + (mode.equals("Causal") ? reach(axis) - 1 : 2 * padding.get(axis));
        long room = padded - reach(axis);
        if (room < 0 || mode.equals("Strict") && room % step != 0) {
            draft.contradict(axis);
            return 0;
        }
        return room / step + 1;
    }

    /** Extents of what a transposed convolution makes. */
    List<Long> spread(List<Long> space) {
        List<Long> result = new ArrayList<>();
        for (int axis = 0; axis < space.size(); axis++) {
            long extent = space.get(axis);
            long step = stride.get(axis);
            long spread =
                    mode.equals("Same") ? extent * step : step * (extent - 1) + reach(axis) - 2 * padding.get(axis);
            result.add(extent == Signal.UNKNOWN ? Signal.UNKNOWN : spread);
        }
        return result;
    }

    /** The window as attributes of a convolution or a pool of the neutral graph. */
    Attributes attributes() {
        // Runtimes do not pad a dilated window by themselves.
        return mode.equals("Same") && !isDilated()
                ? shape().with("auto_pad", "SAME_UPPER")
                : shape().with("pads", pads());
    }

    /** The window as attributes of a transposed convolution. */
    Attributes transposedAttributes() {
        return mode.equals("Same") ? shape().with("auto_pad", "SAME_UPPER") : shape().with("pads", pads());
    }

    /** Whether more is padded than the kernel is wide, which pools of runtimes refuse. */
    boolean padsBeyondKernel() {
        return mode.equals("Same")
                && isDilated()
                && IntStream.range(0, kernel.size()).anyMatch(axis -> after(axis) >= kernel.get(axis));
    }

    /** The zeros on either side of every axis of an operand, as an operator that pads takes them. */
    long[] edges() {
        int rank = 2 + kernel.size();
        long[] edges = new long[2 * rank];
        for (int axis = 0; axis < kernel.size(); axis++) {
            edges[2 + axis] = before(axis);
            edges[2 + axis + rank] = after(axis);
        }
        return edges;
    }

    /** The window as attributes of a pool whose operand is padded already. */
    Attributes attributesWithoutPadding() {
        return shape();
    }

    private Attributes shape() {
        Attributes attributes = Attributes.none().with("kernel_shape", kernel).with("strides", stride);
        return isDilated() ? attributes.with("dilations", dilation) : attributes;
    }

    private boolean isDilated() {
        return dilation.stream().anyMatch(each -> each != 1);
    }

    private List<Long> pads() {
        List<Long> pads = new ArrayList<>();
        for (int axis = 0; axis < kernel.size(); axis++) {
            pads.add(before(axis));
        }
        for (int axis = 0; axis < kernel.size(); axis++) {
            pads.add(after(axis));
        }
        return pads;
    }

    private long before(int axis) {
        return switch (mode) {
            case "Causal" -> reach(axis) - 1;
            case "Same" -> missing(axis, stride.get(axis)) / 2;
            default -> padding.get(axis);
        };
    }

    private long after(int axis) {
        return switch (mode) {
            case "Causal" -> 0;
            case "Same" -> missing(axis, stride.get(axis)) - before(axis);
            default -> padding.get(axis);
        };
    }

    /**
     * Zeros that an axis needs on both sides together where its outputs are as many as steps begin in it: the same for all
     * multiples of the step.
     */
    private long missing(int axis, long extent) {
        long step = stride.get(axis);
        return Math.max(0, ((extent + step - 1) / step - 1) * step + reach(axis) - extent);
    }

    /** What keeps the window from being understood. */
    Optional<String> problem() {
        boolean positive = kernel.stream().allMatch(each -> each > 0)
                && stride.stream().allMatch(each -> each > 0)
                && dilation.stream().allMatch(each -> each > 0)
                && padding.stream().allMatch(each -> each >= 0);
        return positive
                ? Optional.empty()
                : Optional.of("has a window of kernel " + kernel + ", stride " + stride + ", padding " + padding
                        + " and dilation " + dilation + ", which is none");
    }
}
