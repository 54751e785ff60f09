package io.espalier.adapter.tflite.lift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.lite.schema.BuiltinOperator;

/** How every operator is lifted, by builtin number or custom name. Immutable. */
final class OperatorTable {

    private final Map<Integer, OperatorLift> builtins = new LinkedHashMap<>();
    private final Map<String, OperatorLift> customs = new LinkedHashMap<>();

    /** The table that some contributors fill. */
    static OperatorTable of(List<Consumer<OperatorTable>> contributors) {
        OperatorTable table = new OperatorTable();
        contributors.forEach(each -> each.accept(table));
        return table;
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
