package io.espalier.adapter.tflite.lift;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.BuiltinOperator;

/** How every operator is lifted, by builtin number or custom name. Immutable. */
final class OperatorTable {

    private final Map<Integer, OperatorLift> builtins = new LinkedHashMap<>();
    private final Map<String, OperatorLift> customs = new LinkedHashMap<>();

    OperatorTable() {
        ConvolutionLifts.addTo(this);
        TransposedConvolutionLifts.addTo(this);
        MatrixLifts.addTo(this);
        ElementwiseLifts.addTo(this);
        PoolingLifts.addTo(this);
        ReductionLifts.addTo(this);
        ShapeLifts.addTo(this);
        JoiningLifts.addTo(this);
        SliceLifts.addTo(this);
        BlockLifts.addTo(this);
        RecurrentLifts.addTo(this);
    }

    void builtin(int operator, OperatorLift lift) {
        builtins.put(operator, lift);
    }

    void custom(String name, OperatorLift lift) {
        customs.put(name, lift);
    }

    Optional<OperatorLift> find(int builtin, String name) {
        return Optional.ofNullable(builtin == BuiltinOperator.CUSTOM ? customs.get(name) : builtins.get(builtin));
    }
}
