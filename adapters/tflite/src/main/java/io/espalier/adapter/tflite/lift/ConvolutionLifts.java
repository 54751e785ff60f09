package io.espalier.adapter.tflite.lift;

import static io.espalier.adapter.tflite.lift.Layouts.channelsLast;
import static io.espalier.adapter.tflite.lift.Layouts.channelsSecond;

import io.espalier.adapter.support.Attributes;
import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.adapter.tflite.edit.Refit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Conv2DOptionsT;
import org.tensorflow.lite.schema.Conv3DOptionsT;
import org.tensorflow.lite.schema.DepthwiseConv2DOptionsT;
import org.tensorflow.lite.schema.Padding;

/** Convolutions. Filters are [o, h, w, i], depthwise ones [1, h, w, c m], and images have their channels last. */
final class ConvolutionLifts {

    private ConvolutionLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.CONV_2D, ConvolutionLifts::plain);
        table.builtin(BuiltinOperator.DEPTHWISE_CONV_2D, ConvolutionLifts::depthwise);
        table.builtin(BuiltinOperator.CONV_3D, ConvolutionLifts::volume);
    }

    private static void plain(Draft draft) {
        Conv2DOptionsT options = draft.options(Conv2DOptionsT.class);
        long group = draft.extent(0, 3) / Math.max(1, draft.extent(1, 3));
        long[] strides = {options.getStrideH(), options.getStrideW()};
        long[] dilations = {options.getDilationHFactor(), options.getDilationWFactor()};
        Attributes attributes =
                window(draft, options.getPadding(), strides, dilations).with("group", group);
        List<String> inputs = operands(draft, draft.in(0, channelsSecond(4)), draft.in(1, channelsSecond(4)));
        String image = draft.emit("Conv", inputs, attributes.map());
        draft.implied(image, "group");
        finish(draft, image, 4, options.getFusedActivationFunction());
    }

    private static void depthwise(Draft draft) {
        DepthwiseConv2DOptionsT options = draft.options(DepthwiseConv2DOptionsT.class);
        long[] strides = {options.getStrideH(), options.getStrideW()};
        long[] dilations = {options.getDilationHFactor(), options.getDilationWFactor()};
        Attributes attributes =
                window(draft, options.getPadding(), strides, dilations).with("group", draft.extent(0, 3));
        List<String> inputs = operands(draft, draft.in(0, channelsSecond(4)), draft.in(1, Layouts.LAST_FIRST));
        String image = draft.emit("Conv", inputs, attributes.map());
        int index = draft.index();
        draft.implied(image, "group");
        draft.refit(image, (edit, edited) -> setMultiplier(edit, edited, index));
        finish(draft, image, 4, options.getFusedActivationFunction());
    }

    private static void setMultiplier(NativeEdit edit, Refit.Edited edited, int index) {
        DepthwiseConv2DOptionsT options = (DepthwiseConv2DOptionsT)
                edit.operator(index).getBuiltinOptions().getValue();
        long channels = edited.node().intAttribute("group", 1);
        options.setDepthMultiplier((int) (edit.operand(index, 1).getShape()[3] / channels));
    }

    private static void volume(Draft draft) {
        Conv3DOptionsT options = draft.options(Conv3DOptionsT.class);
        long group = draft.extent(0, 4) / Math.max(1, draft.extent(1, 3));
        long[] strides = {options.getStrideD(), options.getStrideH(), options.getStrideW()};
        long[] dilations = {options.getDilationDFactor(), options.getDilationHFactor(), options.getDilationWFactor()};
        Attributes attributes =
                window(draft, options.getPadding(), strides, dilations, 0).with("group", group);
        List<String> inputs = operands(draft, draft.in(0, channelsSecond(5)), draft.in(1, Layouts.VOLUME_FILTERS));
        String image = draft.emit("Conv", inputs, attributes.map());
        draft.implied(image, "group");
        finish(draft, image, 5, options.getFusedActivationFunction());
    }

    private static Attributes window(Draft draft, byte padding, long[] strides, long[] dilations) {
        return window(draft, padding, strides, dilations, 1);
    }

    /**
     * Strides, dilations and padding.
     *
     * @param kernel the first axis of the filters that belongs to the window
     */
    private static Attributes window(Draft draft, byte padding, long[] strides, long[] dilations, int kernel) {
        Attributes attributes = Attributes.none();
        // Runtimes do not pad a dilated window by themselves.
        boolean explicit = padding == Padding.SAME && LongStream.of(dilations).anyMatch(each -> each != 1);
        if (explicit) {
            attributes.with("pads", pads(draft, strides, dilations, kernel));
        } else {
            attributes.with("auto_pad", autoPad(padding));
        }
        return attributes.with("strides", strides).with("dilations", dilations);
    }

    /** As many zeros as outputs of the input's extent over the stride need; the odd one at the end. */
    private static long[] pads(Draft draft, long[] strides, long[] dilations, int kernel) {
        int axes = strides.length;
        long[] pads = new long[2 * axes];
        for (int axis = 0; axis < axes; axis++) {
            long stride = strides[axis];
            long extent = stride == 1 ? 1 : draft.extent(0, 1 + axis);
            long reach = (draft.extent(1, kernel + axis) - 1) * dilations[axis] + 1;
            long missing = Math.max(0, ((extent + stride - 1) / stride - 1) * stride + reach - extent);
            pads[axis] = missing / 2;
            pads[axes + axis] = missing - missing / 2;
        }
        return pads;
    }

    private static List<String> operands(Draft draft, String image, String filters) {
        List<String> inputs = new ArrayList<>(List.of(image, filters));
        if (draft.has(2)) {
            inputs.add(draft.in(2));
        }
        return inputs;
    }

    static void finish(Draft draft, String image, int rank, byte activation) {
        draft.out(0, Activations.apply(draft, draft.transpose(image, channelsLast(rank)), activation));
    }

    /** Padding at the edges: as much as an output of the input's size over the stride needs, or none. */
    static String autoPad(byte padding) {
        return padding == Padding.SAME ? "SAME_UPPER" : "VALID";
    }
}
