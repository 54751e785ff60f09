package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.store.Axes;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOperator;

/** Blocks of pixels moved into the batch and back, as converters do around dilated convolutions. */
final class BlockLifts {

    private BlockLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.SPACE_TO_BATCH_ND, BlockLifts::toBatch);
        table.builtin(BuiltinOperator.BATCH_TO_SPACE_ND, BlockLifts::toSpace);
    }

    private static void check(Draft draft) {
        if (draft.rank(0) != 4 || draft.numbers(1).length != 2 || draft.numbers(2).length != 4) {
            throw new NotLiftedException("its blocks do not have two axes");
        }
        if (draft.numbers(1)[0] < 1 || draft.numbers(1)[1] < 1) {
            throw new NotLiftedException("its blocks are empty");
        }
    }

    /** [n, h, w, c] padded, seen as [n, h/a, a, w/b, b, c], turned to [a, b, n, h/a, w/b, c]. */
    private static void toBatch(Draft draft) {
        check(draft);
        long[] block = draft.numbers(1);
        long[] margins = draft.numbers(2);
        long height = (draft.extent(0, 1) + margins[0] + margins[1]) / block[0];
        long width = (draft.extent(0, 2) + margins[2] + margins[3]) / block[1];
        String pads = draft.derive("pads", 0, margins[0], margins[2], 0, 0, margins[1], margins[3], 0);
        String padded = draft.emit("Pad", List.of(draft.in(0), pads));
        draft.implied(padded, 1);
        long batch = draft.extent(0, 0);
        String cut = regroup(draft, padded, "blocks", batch, height, block[0], width, block[1], -1);
        String turned = draft.transpose(cut, Axes.of(2, 4, 0, 1, 3, 5));
        draft.out(0, regroup(draft, turned, "batch", batch * block[0] * block[1], height, width, -1));
    }

    /** The way back; margins are cut off. */
    private static void toSpace(Draft draft) {
        check(draft);
        long[] block = draft.numbers(1);
        long[] margins = draft.numbers(2);
        long batch = draft.extent(0, 0) / (block[0] * block[1]);
        long height = draft.extent(0, 1);
        long width = draft.extent(0, 2);
        String cut = regroup(draft, draft.in(0), "blocks", block[0], block[1], batch, height, width, -1);
        String turned = draft.transpose(cut, Axes.of(2, 3, 0, 4, 1, 5));
        String joined = regroup(draft, turned, "space", batch, height * block[0], width * block[1], -1);
        draft.out(
                0,
                draft.emit(
                        "Slice",
                        List.of(
                                joined,
                                draft.derive("starts", margins[0], margins[2]),
                                draft.derive("ends", height * block[0] - margins[1], width * block[1] - margins[3]),
                                draft.derive("axes", 1, 2))));
    }

    private static String regroup(Draft draft, String value, String role, long... shape) {
        String result = draft.emit("Reshape", List.of(value, draft.derive(role, shape)));
        draft.implied(result, 1);
        draft.implied(result, "allowzero");
        return result;
    }
}
