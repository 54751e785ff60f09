package io.espalier.adapter.tflite.lift;

import static io.espalier.adapter.tflite.lift.Layouts.channelsSecond;

import io.espalier.adapter.support.Attributes;
import io.espalier.adapter.tflite.edit.NativeEdit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.TransposeConvOptionsT;

/** Transposed convolutions: the builtin one, which gets its output's extents, and MediaPipe's with a bias. */
final class TransposedConvolutionLifts {

    private TransposedConvolutionLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.TRANSPOSE_CONV, TransposedConvolutionLifts::builtin);
        table.custom("Convolution2DTransposeBias", TransposedConvolutionLifts::mediaPipe);
    }

    private static void builtin(Draft draft) {
        TransposeConvOptionsT options = draft.options(TransposeConvOptionsT.class);
        Extents target = Extents.of(draft);
        Window height = new Window(
                draft.extent(2, 1), draft.extent(1, 1), options.getStrideH(), options.getPadding(), target.height());
        Window width = new Window(
                draft.extent(2, 2), draft.extent(1, 2), options.getStrideW(), options.getPadding(), target.width());
        String image = emit(draft, 2, 3, height, width);
        int index = draft.index();
        draft.refit(image, (edit, edited) -> {
            long channels = edit.operand(index, 1).getShape()[0];
            if (channels != target.channels()) {
                target.setChannels().accept(edit, channels);
            }
        });
        ConvolutionLifts.finish(draft, image, 4, options.getFusedActivationFunction());
    }

    /** What the first operand says about the result; the batch may be computed. */
    private record Extents(long height, long width, long channels, ObjLongConsumer<NativeEdit> setChannels) {

        static Extents of(Draft draft) {
            Optional<PackedNumbers> packed = draft.packed(0);
            if (packed.isPresent()) {
                PackedNumbers numbers = packed.get();
                checkRank(numbers.size());
                return new Extents(
                        numbers.constant(1),
                        numbers.constant(2),
                        numbers.constant(3),
                        (edit, channels) -> numbers.set(edit, 3, channels));
            }
            long[] target = draft.numbers(0);
            checkRank(target.length);
            int index = draft.index();
            return new Extents(
                    target[1],
                    target[2],
                    target[3],
                    (edit, channels) -> edit.setNumbers(index, 0, target[0], target[1], target[2], channels));
        }

        private static void checkRank(int axes) {
            if (axes != 4) {
                throw new NotLiftedException("its output has " + axes + " axes");
            }
        }
    }

    /** Options are the interpreter's own structure: padding (1 same, 2 valid), stride along x, stride along y. */
    private static void mediaPipe(Draft draft) {
        int[] options = draft.customOptions();
        if (options.length < 12) {
            throw new NotLiftedException("its options are not those of MediaPipe");
        }
        ByteBuffer bytes = ByteBuffer.allocate(options.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int option : options) {
            bytes.put((byte) option);
        }
        byte padding = bytes.getInt(0) == 1 ? Padding.SAME : Padding.VALID;
        Window height = Window.natural(draft.extent(1, 1), bytes.getInt(8), padding);
        Window width = Window.natural(draft.extent(1, 2), bytes.getInt(4), padding);
        String image = emit(draft, 0, 2, height, width);
        ConvolutionLifts.finish(draft, image, 4, ActivationFunctionType.NONE);
    }

    private static String emit(Draft draft, int image, int bias, Window height, Window width) {
        if (height.after() > height.kernel() || width.after() > width.kernel()) {
            throw new NotLiftedException("its output is smaller than its input allows");
        }
        List<String> inputs =
                new ArrayList<>(List.of(draft.in(image, channelsSecond(4)), draft.in(1, Layouts.LAST_FIRST)));
        if (draft.has(bias)) {
            inputs.add(draft.in(bias));
        }
        Attributes attributes = Attributes.none()
                .with("strides", new long[] {height.stride(), width.stride()})
                .with("pads", new long[] {height.before(), width.before(), height.after(), width.after()})
                .with("output_padding", new long[] {height.more(), width.more()});
        return draft.emit("ConvTranspose", inputs, attributes.map());
    }

    /** One axis: how far the spread-out input sticks out of the output. */
    private record Window(long input, long kernel, long stride, byte padding, long output) {

        Window {
            if (stride < 1) {
                throw new NotLiftedException("it has the stride " + stride);
            }
        }

        /** A window over an input that sticks out as far whatever its extent: the output has its usual extent. */
        static Window natural(long kernel, long stride, byte padding) {
            return new Window(1, kernel, stride, padding, padding == Padding.SAME ? stride : kernel);
        }

        private long spread() {
            return (input - 1) * stride + kernel;
        }

        long before() {
            long steps = (output + stride - 1) / stride;
            return padding == Padding.SAME ? Math.max(0, (steps - 1) * stride + kernel - output) / 2 : 0;
        }

        long after() {
            return Math.max(0, spread() - before() - output);
        }

        long more() {
            return Math.max(0, output - (spread() - before()));
        }
    }
}
