package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.Attributes;
import io.espalier.adapter.tflite.store.Axes;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.lite.schema.BatchMatMulOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.FullyConnectedOptionsT;
import org.tensorflow.lite.schema.FullyConnectedOptionsWeightsFormat;

/** Matrix products. Weights are [outputs, inputs]. */
final class MatrixLifts {

    private MatrixLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.FULLY_CONNECTED, MatrixLifts::dense);
        table.builtin(BuiltinOperator.BATCH_MATMUL, MatrixLifts::batched);
    }

    private static void dense(Draft draft) {
        FullyConnectedOptionsT options = draft.options(FullyConnectedOptionsT.class);
        if (options.getWeightsFormat() != FullyConnectedOptionsWeightsFormat.DEFAULT) {
            throw new NotLiftedException("its weights are shuffled");
        }
        long features = draft.extent(1, 1);
        boolean whole = draft.rank(0) > 0 && (draft.isOpen(0, -1) || draft.extent(0, -1) == features);
        String result = options.getKeepNumDims() && whole && draft.rank(0) != 2
                ? product(draft)
                : gemm(draft, draft.rank(0) == 2 && whole ? draft.in(0) : rows(draft, features));
        draft.out(0, Activations.apply(draft, result, options.getFusedActivationFunction()));
    }

    private static String rows(Draft draft, long features) {
        String rows = draft.emit("Reshape", List.of(draft.in(0), draft.derive("rows", -1, features)));
        draft.implied(rows, 1);
        return rows;
    }

    private static String gemm(Draft draft, String rows) {
        List<String> inputs = new ArrayList<>(List.of(rows, draft.in(1)));
        if (draft.has(2)) {
            inputs.add(draft.in(2));
        }
        return draft.emit("Gemm", inputs, Attributes.none().with("transB", 1).map());
    }

    private static String product(Draft draft) {
        String product = draft.emit("MatMul", List.of(draft.in(0), draft.in(1, Axes.of(1, 0))));
        return draft.has(2) ? draft.emit("Add", List.of(product, draft.in(2))) : product;
    }

    private static void batched(Draft draft) {
        BatchMatMulOptionsT options = draft.options(BatchMatMulOptionsT.class);
        String left = draft.in(0, order(draft.rank(0), options.getAdjX()));
        String right = draft.in(1, order(draft.rank(1), options.getAdjY()));
        draft.out(0, draft.emit("MatMul", List.of(left, right)));
    }

    private static Axes order(int rank, boolean adjoint) {
        return adjoint ? Layouts.transposed(rank) : Axes.identity(rank);
    }
}
