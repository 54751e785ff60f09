package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.Attributes;
import io.espalier.spi.tensor.DataType;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.AddOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.DivOptionsT;
import org.tensorflow.lite.schema.GeluOptionsT;
import org.tensorflow.lite.schema.LeakyReluOptionsT;
import org.tensorflow.lite.schema.MulOptionsT;
import org.tensorflow.lite.schema.SubOptionsT;

/** Operators that work element by element. */
final class ElementwiseLifts {

    private ElementwiseLifts() {}

    static void addTo(OperatorTable table) {
        arithmetic(table);
        functions(table);
        logic(table);
    }

    private static void arithmetic(OperatorTable table) {
        table.builtin(
                BuiltinOperator.ADD,
                activated("Add", draft -> draft.options(AddOptionsT.class).getFusedActivationFunction()));
        table.builtin(
                BuiltinOperator.SUB,
                activated("Sub", draft -> draft.options(SubOptionsT.class).getFusedActivationFunction()));
        table.builtin(
                BuiltinOperator.MUL,
                activated("Mul", draft -> draft.options(MulOptionsT.class).getFusedActivationFunction()));
        table.builtin(
                BuiltinOperator.DIV,
                activated("Div", draft -> draft.options(DivOptionsT.class).getFusedActivationFunction()));
        table.builtin(BuiltinOperator.ADD_N, same("Sum"));
        table.builtin(BuiltinOperator.MAXIMUM, same("Max"));
        table.builtin(BuiltinOperator.MINIMUM, same("Min"));
        table.builtin(BuiltinOperator.POW, same("Pow"));
        table.builtin(BuiltinOperator.PRELU, same("PRelu"));
        table.builtin(BuiltinOperator.FLOOR_DIV, draft -> {
            String quotient = draft.emit("Div", List.of(draft.in(0), draft.in(1)));
            if (!draft.inputType(0).isFloating()) {
                throw new NotLiftedException("it divides integers");
            }
            draft.out(0, draft.emit("Floor", List.of(quotient)));
        });
        table.builtin(BuiltinOperator.SQUARED_DIFFERENCE, draft -> {
            String difference = draft.emit("Sub", List.of(draft.in(0), draft.in(1)));
            draft.out(0, draft.emit("Mul", List.of(difference, difference)));
        });
        table.builtin(BuiltinOperator.SQUARE, draft -> {
            String value = draft.in(0);
            draft.out(0, draft.emit("Mul", List.of(value, value)));
        });
    }

    private static void functions(OperatorTable table) {
        table.builtin(BuiltinOperator.RELU, same("Relu"));
        table.builtin(BuiltinOperator.RELU6, draft -> draft.out(0, Activations.clip(draft, draft.in(0), 0, 6)));
        table.builtin(BuiltinOperator.RELU_N1_TO_1, draft -> draft.out(0, Activations.clip(draft, draft.in(0), -1, 1)));
        table.builtin(BuiltinOperator.RELU_0_TO_1, draft -> draft.out(0, Activations.clip(draft, draft.in(0), 0, 1)));
        table.builtin(BuiltinOperator.ELU, same("Elu"));
        table.builtin(BuiltinOperator.HARD_SWISH, same("HardSwish"));
        table.builtin(BuiltinOperator.LOGISTIC, same("Sigmoid"));
        table.builtin(BuiltinOperator.TANH, same("Tanh"));
        table.builtin(BuiltinOperator.LEAKY_RELU, draft -> {
            double slope = draft.options(LeakyReluOptionsT.class).getAlpha();
            Attributes attributes = Attributes.none().with("alpha", slope);
            draft.out(0, draft.emit("LeakyRelu", List.of(draft.in(0)), attributes.map()));
        });
        table.builtin(BuiltinOperator.GELU, draft -> {
            boolean tanh = draft.options(GeluOptionsT.class).getApproximate();
            Attributes attributes = Attributes.none().with("approximate", tanh ? "tanh" : "none");
            draft.out(0, draft.emit("Gelu", List.of(draft.in(0)), attributes.map()));
        });
        table.builtin(BuiltinOperator.EXP, same("Exp"));
        table.builtin(BuiltinOperator.LOG, same("Log"));
        table.builtin(BuiltinOperator.SQRT, same("Sqrt"));
        table.builtin(
                BuiltinOperator.RSQRT,
                draft -> draft.out(0, draft.emit("Reciprocal", List.of(draft.emit("Sqrt", List.of(draft.in(0)))))));
        table.builtin(BuiltinOperator.ABS, same("Abs"));
        table.builtin(BuiltinOperator.NEG, same("Neg"));
        table.builtin(BuiltinOperator.SIN, same("Sin"));
        table.builtin(BuiltinOperator.COS, same("Cos"));
        table.builtin(BuiltinOperator.SIGN, same("Sign"));
        table.builtin(BuiltinOperator.FLOOR, same("Floor"));
        table.builtin(BuiltinOperator.CEIL, same("Ceil"));
        table.builtin(BuiltinOperator.ROUND, same("Round"));
        table.builtin(BuiltinOperator.CAST, draft -> draft.out(0, draft.cast(draft.in(0), draft.outputType(0))));
        table.builtin(BuiltinOperator.QUANTIZE, draft -> draft.out(0, draft.in(0)));
        table.builtin(BuiltinOperator.DEQUANTIZE, ElementwiseLifts::dequantize);
    }

    private static void dequantize(Draft draft) {
        String value = draft.in(0);
        draft.out(
                0,
                draft.inputType(0) == DataType.FLOAT16 && !draft.isConstant(0)
                        ? draft.cast(value, draft.outputType(0))
                        : value);
    }

    private static void logic(OperatorTable table) {
        table.builtin(BuiltinOperator.EQUAL, same("Equal"));
        table.builtin(
                BuiltinOperator.NOT_EQUAL,
                draft -> draft.out(
                        0, draft.emit("Not", List.of(draft.emit("Equal", List.of(draft.in(0), draft.in(1)))))));
        table.builtin(BuiltinOperator.GREATER, same("Greater"));
        table.builtin(BuiltinOperator.GREATER_EQUAL, same("GreaterOrEqual"));
        table.builtin(BuiltinOperator.LESS, same("Less"));
        table.builtin(BuiltinOperator.LESS_EQUAL, same("LessOrEqual"));
        table.builtin(BuiltinOperator.LOGICAL_AND, same("And"));
        table.builtin(BuiltinOperator.LOGICAL_OR, same("Or"));
        table.builtin(BuiltinOperator.LOGICAL_NOT, same("Not"));
        table.builtin(BuiltinOperator.SELECT_V2, same("Where"));
        table.builtin(BuiltinOperator.SELECT, draft -> {
            if (draft.rank(0) != 0 && !draft.shape(0).equals(draft.shape(1))) {
                throw new NotLiftedException("it selects whole rows");
            }
            draft.out(0, draft.emit("Where", List.of(draft.in(0), draft.in(1), draft.in(2))));
        });
    }

    private static OperatorLift same(String operator) {
        return draft -> draft.out(0, draft.emit(operator, all(draft)));
    }

    private static OperatorLift activated(String operator, Function<Draft, Byte> activation) {
        return draft ->
                draft.out(0, Activations.apply(draft, draft.emit(operator, all(draft)), activation.apply(draft)));
    }

    static List<String> all(Draft draft) {
        return IntStream.range(0, draft.inputs()).mapToObj(draft::in).toList();
    }
}
