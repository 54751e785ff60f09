package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.Attributes;
import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.adapter.tflite.edit.Refit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.BuiltinOptionsUnion;
import org.tensorflow.lite.schema.MirrorPadMode;
import org.tensorflow.lite.schema.MirrorPadOptionsT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.SplitVOptionsT;
import org.tensorflow.lite.schema.StridedSliceOptionsT;

/** Operators that cut ranges out, or add margins. */
final class SliceLifts {

    private SliceLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.SLICE, SliceLifts::slice);
        table.builtin(BuiltinOperator.STRIDED_SLICE, SliceLifts::strided);
        table.builtin(BuiltinOperator.REVERSE_V2, SliceLifts::reverse);
        table.builtin(BuiltinOperator.SPLIT, SliceLifts::split);
        table.builtin(BuiltinOperator.SPLIT_V, SliceLifts::splitBySizes);
        table.builtin(BuiltinOperator.PAD, draft -> pad(draft, "constant"));
        table.builtin(BuiltinOperator.PADV2, draft -> pad(draft, "constant"));
        table.builtin(BuiltinOperator.MIRROR_PAD, draft -> {
            if (draft.options(MirrorPadOptionsT.class).getMode() != MirrorPadMode.REFLECT) {
                throw new NotLiftedException("it repeats the edge when it mirrors");
            }
            pad(draft, "reflect");
        });
    }

    private static void slice(Draft draft) {
        long[] starts = draft.numbers(1);
        long[] sizes = draft.numbers(2);
        if (starts.length != sizes.length) {
            throw new NotLiftedException("its operands disagree");
        }
        long[] ends = new long[starts.length];
        for (int axis = 0; axis < ends.length; axis++) {
            ends[axis] = sizes[axis] < 0 ? Long.MAX_VALUE : starts[axis] + sizes[axis];
        }
        String result = cut(draft, starts, ends, axes(starts.length), ones(starts.length));
        int index = draft.index();
        draft.refit(result, (edit, edited) -> {
            long[] from = edited.numbers(1);
            long[] to = edited.numbers(2);
            long[] length = new long[from.length];
            for (int axis = 0; axis < length.length; axis++) {
                length[axis] = sizes[axis] < 0 ? sizes[axis] : to[axis] - from[axis];
            }
            replace(edit, index, 1, starts, from);
            replace(edit, index, 2, sizes, length);
        });
        draft.out(0, result);
    }

    private static void replace(NativeEdit edit, int index, int slot, long[] before, long[] after) {
        if (!Arrays.equals(before, after)) {
            edit.setNumbers(index, slot, after);
        }
    }

    private static long[] axes(int rank) {
        return LongStream.range(0, rank).toArray();
    }

    private static long[] ones(int rank) {
        return LongStream.generate(() -> 1).limit(rank).toArray();
    }

    private static String cut(Draft draft, long[] starts, long[] ends, long[] axes, long[] steps) {
        return draft.emit(
                "Slice",
                List.of(
                        draft.in(0),
                        draft.derive("starts", starts),
                        draft.derive("ends", ends),
                        draft.derive("axes", axes),
                        draft.derive("steps", steps)));
    }

    private static void reverse(Draft draft) {
        long[] axes = draft.numbers(1);
        long[] back = LongStream.generate(() -> -1).limit(axes.length).toArray();
        long[] first =
                LongStream.generate(() -> Long.MIN_VALUE).limit(axes.length).toArray();
        draft.out(0, cut(draft, back, first, axes, back));
    }

    private static void strided(Draft draft) {
        StridedSliceOptionsT options = draft.options(StridedSliceOptionsT.class);
        if (options.getEllipsisMask() != 0 || options.getNewAxisMask() != 0 || options.getOffset()) {
            throw new NotLiftedException("it adds axes while it slices");
        }
        long[] begin = draft.numbers(1);
        long[] end = draft.numbers(2);
        long[] steps = draft.numbers(3);
        if (begin.length != end.length || begin.length != steps.length) {
            throw new NotLiftedException("its operands disagree");
        }
        long[] starts = begin.clone();
        long[] ends = end.clone();
        List<Long> single = new ArrayList<>();
        for (int axis = 0; axis < begin.length; axis++) {
            int bit = 1 << axis;
            if ((options.getShrinkAxisMask() & bit) != 0) {
                single.add((long) axis);
                ends[axis] = begin[axis] == -1 ? Long.MAX_VALUE : begin[axis] + 1;
                continue;
            }
            if ((options.getBeginMask() & bit) != 0) {
                starts[axis] = steps[axis] > 0 ? 0 : Long.MAX_VALUE;
            }
            if ((options.getEndMask() & bit) != 0) {
                ends[axis] = steps[axis] > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
            }
        }
        String result = cut(draft, starts, ends, axes(begin.length), steps);
        int index = draft.index();
        long[] liftedStarts = starts;
        long[] liftedEnds = ends;
        draft.refit(result, (edit, edited) -> {
            replace(edit, index, 1, begin, changed(begin, liftedStarts, edited.numbers(1)));
            replace(edit, index, 2, end, changed(end, liftedEnds, edited.numbers(2)));
        });
        if (!single.isEmpty()) {
            long[] axes = single.stream().mapToLong(Long::longValue).toArray();
            result = draft.emit("Squeeze", List.of(result, draft.derive("single", axes)));
        }
        draft.out(0, result);
    }

    /** Native numbers where the neutral ones are as they were lifted. */
    private static long[] changed(long[] before, long[] lifted, long[] after) {
        return IntStream.range(0, before.length)
                .mapToLong(axis -> lifted[axis] == after[axis] ? before[axis] : after[axis])
                .toArray();
    }

    private static void split(Draft draft) {
        long axis = draft.number(0);
        if (draft.outputs() == 0) {
            throw new NotLiftedException("it has no results");
        }
        if (draft.isOpen(1, (int) axis)) {
            splitOpen(draft, axis);
            return;
        }
        long extent = draft.extent(1, (int) axis);
        long[] sizes = LongStream.generate(() -> extent / draft.outputs())
                .limit(draft.outputs())
                .toArray();
        int index = draft.index();
        split(draft, 1, axis, sizes, (edit, edited) -> {
            long[] after = edited.numbers(1);
            if (Arrays.stream(after).distinct().count() > 1) {
                makeUnequal(edit, index, after);
            }
        });
    }

    /** An axis of open extent carries no channels, so its parts stay equal. */
    private static void splitOpen(Draft draft, long axis) {
        Attributes attributes = Attributes.none().with("axis", axis).with("num_outputs", draft.outputs());
        List<String> parts = draft.emit("Split", List.of(draft.in(1)), attributes.map(), draft.outputs());
        for (int i = 0; i < parts.size(); i++) {
            draft.out(i, parts.get(i));
        }
    }

    /** Parts of different sizes need the other operator, whose operands are value, sizes, axis. */
    private static void makeUnequal(NativeEdit edit, int index, long[] sizes) {
        OperatorT operator = edit.operator(index);
        int[] inputs = operator.getInputs();
        int operand = edit.addNumbers(edit.tensor(operator.getOutputs()[0]).getName() + "/sizes", sizes);
        operator.setInputs(new int[] {inputs[1], operand, inputs[0]});
        SplitVOptionsT options = new SplitVOptionsT();
        options.setNumSplits(sizes.length);
        BuiltinOptionsUnion union = new BuiltinOptionsUnion();
        union.setType(BuiltinOptions.SplitVOptions);
        union.setValue(options);
        operator.setBuiltinOptions(union);
        edit.setType(index, (byte) BuiltinOperator.SPLIT_V);
    }

    private static void splitBySizes(Draft draft) {
        long axis = draft.number(2);
        int place = (int) (axis < 0 ? axis + draft.rank(0) : axis);
        draft.extent(0, place);
        long[] before = draft.numbers(1);
        long[] sizes = IntStream.range(0, draft.outputs())
                .mapToLong(i -> draft.outputExtent(i, place))
                .toArray();
        int index = draft.index();
        split(draft, 0, axis, sizes, (edit, edited) -> {
            if (!Arrays.equals(sizes, edited.numbers(1))) {
                replace(edit, index, 1, before, edited.numbers(1));
            }
        });
    }

    private static void split(Draft draft, int slot, long axis, long[] sizes, Refit refit) {
        List<String> parts = draft.emit(
                "Split",
                List.of(draft.in(slot), draft.derive("sizes", sizes)),
                Attributes.none().with("axis", axis).map(),
                sizes.length);
        draft.refit(parts.get(0), refit);
        for (int i = 0; i < sizes.length; i++) {
            draft.out(i, parts.get(i));
        }
    }

    /** Margins are [axis, before and after] here, and all before all after in the neutral graph. */
    private static void pad(Draft draft, String mode) {
        long[] margins = draft.numbers(1);
        int rank = margins.length / 2;
        if (rank != draft.rank(0)) {
            throw new NotLiftedException("its operands disagree");
        }
        long[] pads = exchanged(margins, rank);
        List<String> inputs = new ArrayList<>(List.of(draft.in(0), draft.derive("pads", pads)));
        if (draft.has(2)) {
            inputs.add(draft.in(2));
        }
        String result =
                draft.emit("Pad", inputs, Attributes.none().with("mode", mode).map());
        int index = draft.index();
        draft.refit(result, (edit, edited) -> {
            long[] after = edited.numbers(1);
            long[] back = IntStream.range(0, 2 * rank)
                    .mapToLong(i -> after[i % 2 * rank + i / 2])
                    .toArray();
            replace(edit, index, 1, margins, back);
        });
        draft.out(0, result);
    }

    private static long[] exchanged(long[] margins, int rank) {
        return IntStream.range(0, 2 * rank)
                .mapToLong(i -> margins[2 * (i % rank) + i / rank])
                .toArray();
    }
}
