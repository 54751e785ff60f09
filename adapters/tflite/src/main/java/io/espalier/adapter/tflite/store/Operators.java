package io.espalier.adapter.tflite.store;

import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.OperatorT;

/** Types of operators. */
public final class Operators {

    private Operators() {}

    /** The number of the builtin operator; {@link BuiltinOperator#CUSTOM} for others. */
    public static int builtin(NativeModel model, OperatorT operator) {
        OperatorCodeT code = code(model, operator);
        // Old files have the number in a byte.
        return Math.max(code.getBuiltinCode(), code.getDeprecatedBuiltinCode());
    }

    static boolean isCustom(NativeModel model, OperatorT operator) {
        return builtin(model, operator) == BuiltinOperator.CUSTOM;
    }

    /** The name of a custom operator, or of a builtin one. */
    public static String name(NativeModel model, OperatorT operator) {
        int builtin = builtin(model, operator);
        String custom = code(model, operator).getCustomCode();
        if (builtin == BuiltinOperator.CUSTOM && custom != null) {
            return custom;
        }
        return builtin < BuiltinOperator.names.length ? BuiltinOperator.name(builtin) : "BUILTIN_" + builtin;
    }

    private static OperatorCodeT code(NativeModel model, OperatorT operator) {
        return model.codes().get((int) operator.getOpcodeIndex());
    }
}
