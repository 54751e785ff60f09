package io.espalier.adapter.tflite.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OperatorT;

/** How many operands and results each operator cannot do without. The interpreter does not always look. */
final class LeastOperands {

    private static final Map<Integer, Least> LEAST = new HashMap<>();

    /** Operators of any number of operands, none of which may be left out. */
    private static final Set<Integer> JOIN =
            Set.of(BuiltinOperator.ADD_N, BuiltinOperator.CONCATENATION, BuiltinOperator.PACK);

    private record Least(int operands, int results) {}

    static {
        least(
                1,
                1,
                BuiltinOperator.ABS,
                BuiltinOperator.AVERAGE_POOL_2D,
                BuiltinOperator.CAST,
                BuiltinOperator.CEIL,
                BuiltinOperator.CONCATENATION,
                BuiltinOperator.COS,
                BuiltinOperator.DENSIFY,
                BuiltinOperator.DEPTH_TO_SPACE,
                BuiltinOperator.DEQUANTIZE,
                BuiltinOperator.ELU,
                BuiltinOperator.EXP,
                BuiltinOperator.FLOOR,
                BuiltinOperator.GELU,
                BuiltinOperator.HARD_SWISH,
                BuiltinOperator.L2_NORMALIZATION,
                BuiltinOperator.L2_POOL_2D,
                BuiltinOperator.LEAKY_RELU,
                BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
                BuiltinOperator.LOG,
                BuiltinOperator.LOGICAL_NOT,
                BuiltinOperator.LOGISTIC,
                BuiltinOperator.LOG_SOFTMAX,
                BuiltinOperator.MAX_POOL_2D,
                BuiltinOperator.NEG,
                BuiltinOperator.PACK,
                BuiltinOperator.QUANTIZE,
                BuiltinOperator.RANK,
                BuiltinOperator.RELU,
                BuiltinOperator.RELU6,
                BuiltinOperator.RELU_0_TO_1,
                BuiltinOperator.RELU_N1_TO_1,
                BuiltinOperator.RESHAPE,
                BuiltinOperator.ROUND,
                BuiltinOperator.RSQRT,
                BuiltinOperator.SHAPE,
                BuiltinOperator.SIGN,
                BuiltinOperator.SIN,
                BuiltinOperator.SOFTMAX,
                BuiltinOperator.SPACE_TO_DEPTH,
                BuiltinOperator.SQRT,
                BuiltinOperator.SQUARE,
                BuiltinOperator.SQUEEZE,
                BuiltinOperator.TANH,
                BuiltinOperator.UNIQUE,
                BuiltinOperator.UNPACK,
                BuiltinOperator.WHERE,
                BuiltinOperator.ZEROS_LIKE);
        least(
                2,
                1,
                BuiltinOperator.ADD,
                BuiltinOperator.ARG_MAX,
                BuiltinOperator.ARG_MIN,
                BuiltinOperator.BATCH_MATMUL,
                BuiltinOperator.BROADCAST_TO,
                BuiltinOperator.CONV_2D,
                BuiltinOperator.CONV_3D,
                BuiltinOperator.CUMSUM,
                BuiltinOperator.DEPTHWISE_CONV_2D,
                BuiltinOperator.DIV,
                BuiltinOperator.EMBEDDING_LOOKUP,
                BuiltinOperator.EQUAL,
                BuiltinOperator.EXPAND_DIMS,
                BuiltinOperator.FILL,
                BuiltinOperator.FLOOR_DIV,
                BuiltinOperator.FLOOR_MOD,
                BuiltinOperator.FULLY_CONNECTED,
                BuiltinOperator.GATHER,
                BuiltinOperator.GATHER_ND,
                BuiltinOperator.GREATER,
                BuiltinOperator.GREATER_EQUAL,
                BuiltinOperator.LESS,
                BuiltinOperator.LESS_EQUAL,
                BuiltinOperator.LOGICAL_AND,
                BuiltinOperator.LOGICAL_OR,
                BuiltinOperator.MAXIMUM,
                BuiltinOperator.MEAN,
                BuiltinOperator.MINIMUM,
                BuiltinOperator.MIRROR_PAD,
                BuiltinOperator.MUL,
                BuiltinOperator.NOT_EQUAL,
                BuiltinOperator.PAD,
                BuiltinOperator.POW,
                BuiltinOperator.PRELU,
                BuiltinOperator.REDUCE_ALL,
                BuiltinOperator.REDUCE_ANY,
                BuiltinOperator.REDUCE_MAX,
                BuiltinOperator.REDUCE_MIN,
                BuiltinOperator.REDUCE_PROD,
                BuiltinOperator.RESIZE_BILINEAR,
                BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
                BuiltinOperator.REVERSE_V2,
                BuiltinOperator.SPLIT,
                BuiltinOperator.SQUARED_DIFFERENCE,
                BuiltinOperator.SUB,
                BuiltinOperator.SUM,
                BuiltinOperator.TILE,
                BuiltinOperator.TRANSPOSE);
        least(2, 2, BuiltinOperator.TOPK_V2);
        least(
                3,
                1,
                BuiltinOperator.BATCH_TO_SPACE_ND,
                BuiltinOperator.CONV_3D_TRANSPOSE,
                BuiltinOperator.PADV2,
                BuiltinOperator.RANGE,
                BuiltinOperator.REVERSE_SEQUENCE,
                BuiltinOperator.SCATTER_ND,
                BuiltinOperator.SELECT,
                BuiltinOperator.SELECT_V2,
                BuiltinOperator.SLICE,
                BuiltinOperator.SPACE_TO_BATCH_ND,
                BuiltinOperator.SPLIT_V,
                BuiltinOperator.TRANSPOSE_CONV);
        least(4, 1, BuiltinOperator.ONE_HOT, BuiltinOperator.STRIDED_SLICE);
    }

    private LeastOperands() {}

    private static void least(int operands, int results, int... operators) {
        for (int operator : operators) {
            LEAST.put(operator, new Least(operands, results));
        }
    }

    /** What an operator lacks, in words. */
    static Optional<String> problem(int builtin, OperatorT operator) {
        Least least = LEAST.getOrDefault(builtin, new Least(0, 0));
        String name = BuiltinOperator.names[Math.min(builtin, BuiltinOperator.names.length - 1)];
        if (operator.getOutputs().length < least.results()) {
            return Optional.of("an operator " + name + " has no result");
        }
        int needed = JOIN.contains(builtin) ? operator.getInputs().length : least.operands();
        for (int operand = 0; operand < Math.max(needed, least.operands()); operand++) {
            if (operand >= operator.getInputs().length || operator.getInputs()[operand] < 0) {
                return Optional.of("an operator " + name + " has no operand " + operand);
            }
        }
        return Optional.empty();
    }
}
