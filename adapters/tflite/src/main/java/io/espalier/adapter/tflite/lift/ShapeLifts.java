package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.Attributes;
import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OneHotOptionsT;
import org.tensorflow.lite.schema.ReshapeOptionsT;
import org.tensorflow.lite.schema.SqueezeOptionsT;

/** Operators that regroup, repeat or make elements by extents. */
final class ShapeLifts {

    private ShapeLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.RESHAPE, ShapeLifts::reshape);
        table.builtin(BuiltinOperator.SQUEEZE, ShapeLifts::squeeze);
        table.builtin(
                BuiltinOperator.EXPAND_DIMS,
                draft -> draft.out(
                        0, draft.emit("Unsqueeze", List.of(draft.in(0), draft.derive("axes", draft.numbers(1))))));
        table.builtin(BuiltinOperator.TRANSPOSE, ShapeLifts::transpose);
        table.builtin(BuiltinOperator.SHAPE, draft -> {
            String shape = draft.emit("Shape", List.of(draft.raw(0)));
            draft.out(0, draft.outputType(0) == DataType.INT64 ? shape : draft.cast(shape, draft.outputType(0)));
        });
        table.builtin(
                BuiltinOperator.TILE, draft -> draft.out(0, draft.emit("Tile", List.of(draft.in(0), draft.counts(1)))));
        table.builtin(
                BuiltinOperator.BROADCAST_TO,
                draft -> draft.out(0, draft.emit("Expand", List.of(draft.in(0), draft.counts(1)))));
        table.builtin(
                BuiltinOperator.FILL,
                draft -> draft.out(0, draft.emit("Expand", List.of(draft.in(1), draft.counts(0)))));
        table.builtin(BuiltinOperator.ZEROS_LIKE, ShapeLifts::zeros);
        table.builtin(
                BuiltinOperator.RANGE,
                draft -> draft.out(0, draft.emit("Range", List.of(draft.in(0), draft.in(1), draft.in(2)))));
        table.builtin(BuiltinOperator.ONE_HOT, ShapeLifts::oneHot);
    }

    private static void reshape(Draft draft) {
        boolean operand = draft.has(1);
        String target = operand
                ? draft.counts(1)
                : draft.derive(
                        "shape", wide(draft.options(ReshapeOptionsT.class).getNewShape()));
        String result = draft.emit("Reshape", List.of(draft.in(0), target));
        int index = draft.index();
        Optional<long[]> before = draft.knownNumbers(target);
        draft.refit(
                result,
                (edit, edited) -> edited.constant(1)
                        .map(Tensors::toLongs)
                        .filter(after -> before.filter(each -> Arrays.equals(each, after))
                                .isEmpty())
                        .ifPresent(after -> setTarget(edit, index, after)));
        if (!operand) {
            draft.implied(result, 1);
        }
        draft.implied(result, "allowzero");
        draft.out(0, result);
    }

    /** A zero is an extent of the operand in the neutral graph, and no elements at all here. */
    private static long[] withoutCopies(long... shape) {
        long copied = LongStream.of(shape).filter(extent -> extent == 0).count();
        boolean follows = LongStream.of(shape).anyMatch(extent -> extent == -1);
        if (copied > 1 || copied == 1 && follows) {
            throw new InvalidInputException(
                    "The extents " + Arrays.toString(shape) + " cannot be written to a TFLite model: only one of the"
                            + " extents of a RESHAPE can be open. Convert the model with fixed extents.");
        }
        return LongStream.of(shape).map(extent -> extent == 0 ? -1 : extent).toArray();
    }

    /** The options repeat the operand, or stand for it. */
    private static void setTarget(NativeEdit edit, int index, long... target) {
        long[] extents = withoutCopies(target);
        if (!Arrays.equals(extents, target)) {
            edit.setNumbers(index, 1, extents);
        }
        if (edit.operator(index).getBuiltinOptions() != null
                && edit.operator(index).getBuiltinOptions().getValue() instanceof ReshapeOptionsT options
                && options.getNewShape() != null
                && options.getNewShape().length > 0) {
            options.setNewShape(
                    Arrays.stream(extents).mapToInt(Math::toIntExact).toArray());
        }
    }

    private static long[] wide(int... numbers) {
        return Arrays.stream(numbers).asLongStream().toArray();
    }

    private static void squeeze(Draft draft) {
        long[] axes = wide(draft.options(SqueezeOptionsT.class).getSqueezeDims());
        if (axes.length == 0) {
            requireClosed(draft);
            axes = LongStream.range(0, draft.rank(0))
                    .filter(axis -> draft.extent(0, (int) axis) == 1)
                    .toArray();
        }
        draft.out(0, draft.emit("Squeeze", List.of(draft.in(0), draft.derive("axes", axes))));
    }

    /** Which axes are dropped must not depend on how the model is run. */
    private static void requireClosed(Draft draft) {
        if (IntStream.range(0, draft.rank(0)).anyMatch(axis -> draft.isOpen(0, axis))) {
            throw new NotLiftedException("it drops axes of extent 1, and some extents of its operand are open");
        }
    }

    private static void transpose(Draft draft) {
        Map<String, Attribute> order =
                Attributes.none().with("perm", draft.numbers(1)).map();
        draft.out(0, draft.emit("Transpose", List.of(draft.in(0)), order));
    }

    private static void zeros(Draft draft) {
        String shape = draft.emit("Shape", List.of(draft.raw(0)));
        Attribute zero = new Attribute.Constant(Tensors.fromDoubles(draft.outputType(0), List.of(1L), 0));
        draft.out(0, draft.emit("ConstantOfShape", List.of(shape), Map.of("value", zero)));
    }

    private static void oneHot(Draft draft) {
        String values = draft.emit(
                "Concat",
                List.of(vector(draft, draft.in(3)), vector(draft, draft.in(2))),
                Attributes.none().with("axis", 0).map());
        long axis = draft.options(OneHotOptionsT.class).getAxis();
        List<String> inputs = List.of(draft.counts(0), draft.counts(1), values);
        draft.out(
                0,
                draft.emit(
                        "OneHot", inputs, Attributes.none().with("axis", axis).map()));
    }

    private static String vector(Draft draft, String scalar) {
        return draft.emit("Reshape", List.of(scalar, draft.derive("vector", 1)));
    }
}
