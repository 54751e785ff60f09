package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.Attributes;
import io.espalier.spi.tensor.DataType;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.CumsumOptionsT;
import org.tensorflow.lite.schema.ReducerOptionsT;
import org.tensorflow.lite.schema.SoftmaxOptionsT;

/** Operators that sum, choose or normalise along axes. */
final class ReductionLifts {

    private ReductionLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.MEAN, draft -> reduce(draft, "ReduceMean"));
        table.builtin(BuiltinOperator.SUM, draft -> reduce(draft, "ReduceSum"));
        table.builtin(BuiltinOperator.REDUCE_MAX, draft -> reduce(draft, "ReduceMax"));
        table.builtin(BuiltinOperator.REDUCE_MIN, draft -> reduce(draft, "ReduceMin"));
        table.builtin(BuiltinOperator.REDUCE_PROD, draft -> reduce(draft, "ReduceProd"));
        table.builtin(BuiltinOperator.REDUCE_ANY, draft -> reduceBool(draft, "ReduceMax"));
        table.builtin(BuiltinOperator.REDUCE_ALL, draft -> reduceBool(draft, "ReduceMin"));
        table.builtin(BuiltinOperator.ARG_MAX, draft -> argument(draft, "ArgMax"));
        table.builtin(BuiltinOperator.ARG_MIN, draft -> argument(draft, "ArgMin"));
        table.builtin(BuiltinOperator.SOFTMAX, ReductionLifts::softmax);
        table.builtin(BuiltinOperator.LOG_SOFTMAX, draft -> lastAxis(draft, "LogSoftmax", Attributes.none()));
        table.builtin(
                BuiltinOperator.L2_NORMALIZATION,
                draft -> lastAxis(draft, "LpNormalization", Attributes.none().with("p", 2)));
        table.builtin(BuiltinOperator.CUMSUM, ReductionLifts::cumulate);
        table.builtin(BuiltinOperator.TOPK_V2, ReductionLifts::largest);
    }

    private static void reduce(Draft draft, String operator) {
        draft.out(0, reduced(draft, operator, draft.in(0)));
    }

    private static String reduced(Draft draft, String operator, String value) {
        boolean keep = draft.options(ReducerOptionsT.class).getKeepDims();
        String axes = draft.derive("axes", draft.numbers(1));
        return draft.emit(
                operator,
                List.of(value, axes),
                Attributes.none().with("keepdims", keep ? 1 : 0).map());
    }

    private static void reduceBool(Draft draft, String operator) {
        String numbers = draft.cast(draft.in(0), DataType.INT32);
        draft.out(0, draft.cast(reduced(draft, operator, numbers), DataType.BOOL));
    }

    private static void argument(Draft draft, String operator) {
        Attributes attributes = Attributes.none().with("axis", draft.number(1)).with("keepdims", 0);
        String place = draft.emit(operator, List.of(draft.in(0)), attributes.map());
        draft.out(0, draft.outputType(0) == DataType.INT64 ? place : draft.cast(place, draft.outputType(0)));
    }

    private static void softmax(Draft draft) {
        double beta = draft.options(SoftmaxOptionsT.class).getBeta();
        String value = beta == 1 ? draft.in(0) : draft.emit("Mul", List.of(draft.in(0), draft.scalar(beta)));
        draft.out(
                0,
                draft.emit(
                        "Softmax",
                        List.of(value),
                        Attributes.none().with("axis", -1).map()));
    }

    private static void lastAxis(Draft draft, String operator, Attributes attributes) {
        draft.out(
                0,
                draft.emit(
                        operator,
                        List.of(draft.in(0)),
                        attributes.with("axis", -1).map()));
    }

    private static void cumulate(Draft draft) {
        CumsumOptionsT options = draft.options(CumsumOptionsT.class);
        Attributes attributes = Attributes.none()
                .with("exclusive", options.getExclusive() ? 1 : 0)
                .with("reverse", options.getReverse() ? 1 : 0);
        draft.out(0, draft.emit("CumSum", List.of(draft.in(0), draft.counts(1)), attributes.map()));
    }

    private static void largest(Draft draft) {
        long[] count = draft.numbers(1);
        List<String> results = draft.emit(
                "TopK",
                List.of(draft.in(0), draft.derive("k", count)),
                Attributes.none().with("axis", -1).map(),
                2);
        draft.out(0, results.get(0));
        draft.out(1, draft.cast(results.get(1), draft.outputType(1)));
    }
}
