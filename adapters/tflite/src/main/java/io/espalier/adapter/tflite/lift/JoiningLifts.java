package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.ConcatenationOptionsT;
import org.tensorflow.lite.schema.GatherOptionsT;
import org.tensorflow.lite.schema.PackOptionsT;
import org.tensorflow.lite.schema.UnpackOptionsT;

/** Operators that join values, take them apart, or pick from them. */
final class JoiningLifts {

    private JoiningLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.CONCATENATION, JoiningLifts::concatenate);
        table.builtin(BuiltinOperator.PACK, JoiningLifts::pack);
        table.builtin(BuiltinOperator.UNPACK, JoiningLifts::unpack);
        table.builtin(BuiltinOperator.GATHER, JoiningLifts::gather);
        table.builtin(
                BuiltinOperator.GATHER_ND,
                draft -> draft.out(0, draft.emit("GatherND", List.of(draft.in(0), draft.counts(1)))));
        table.builtin(
                BuiltinOperator.EMBEDDING_LOOKUP,
                draft -> draft.out(0, draft.emit("Gather", List.of(draft.in(1), draft.raw(0)))));
    }

    private static void concatenate(Draft draft) {
        ConcatenationOptionsT options = draft.options(ConcatenationOptionsT.class);
        Attributes attributes = Attributes.none().with("axis", options.getAxis());
        String joined = draft.emit("Concat", ElementwiseLifts.all(draft), attributes.map());
        draft.out(0, Activations.apply(draft, joined, options.getFusedActivationFunction()));
    }

    private static void pack(Draft draft) {
        long axis = draft.options(PackOptionsT.class).getAxis();
        List<String> pieces = new ArrayList<>();
        for (int slot = 0; slot < draft.inputs(); slot++) {
            pieces.add(
                    draft.rank(slot) == 0 && draft.isConstant(slot)
                            ? draft.piece(slot)
                            : draft.emit("Unsqueeze", List.of(draft.in(slot), draft.derive("axes", axis))));
        }
        draft.out(
                0,
                draft.emit(
                        "Concat", pieces, Attributes.none().with("axis", axis).map()));
    }

    private static void unpack(Draft draft) {
        UnpackOptionsT options = draft.options(UnpackOptionsT.class);
        long axis = options.getAxis();
        int parts = draft.outputs();
        String value = draft.in(0);
        List<String> pieces = parts == 1
                ? List.of(value)
                : draft.emit(
                        "Split",
                        List.of(value),
                        Attributes.none()
                                .with("axis", axis)
                                .with("num_outputs", parts)
                                .map(),
                        parts);
        for (int i = 0; i < parts; i++) {
            draft.out(i, draft.emit("Squeeze", List.of(pieces.get(i), draft.derive("axes", axis))));
        }
    }

    private static void gather(Draft draft) {
        GatherOptionsT options = draft.options(GatherOptionsT.class);
        if (options.getBatchDims() != 0) {
            throw new NotLiftedException("it gathers batch by batch");
        }
        Attributes attributes = Attributes.none().with("axis", options.getAxis());
        String indices = draft.isConstant(1) ? draft.counts(1) : draft.raw(1);
        draft.out(0, draft.emit("Gather", List.of(draft.in(0), indices), attributes.map()));
    }
}
