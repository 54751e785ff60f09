package io.espalier.adapter.tflite.edit;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Operators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.TensorT;

/**
 * The operators that turn a stored constant into what others read: {@code DEQUANTIZE} for smaller types, {@code DENSIFY} for
 * left-out zeros. Gives operators constants of their own, where need be behind a {@code DEQUANTIZE} of their own.
 */
final class Dequantizers {

    private final NativeModel model;
    private final List<OperatorT> operators;
    private final List<TensorT> tensors;
    private final Map<OperatorT, List<OperatorT>> inserted = new LinkedHashMap<>();
    private final List<OperatorT> removed = new ArrayList<>();

    Dequantizers(NativeModel model, List<OperatorT> operators, List<TensorT> tensors) {
        this.model = model;
        this.operators = operators;
        this.tensors = tensors;
    }

    /** The constant behind an operand, made the operator's own when others read it too. */
    int own(int operator, int slot) {
        OperatorT reader = operators.get(operator);
        int operand = reader.getInputs()[slot];
        OperatorT between = maker(BuiltinOperator.DEQUANTIZE, operand).orElse(null);
        if (between == null) {
            int own = readers(operand) > 1 ? copy(operand) : operand;
            reader.getInputs()[slot] = own;
            return own;
        }
        int constant = between.getInputs()[0];
        if (readers(operand) == 1 && readers(constant) == 1) {
            return constant;
        }
        OperatorT mine = new OperatorT();
        mine.setOpcodeIndex(between.getOpcodeIndex());
        mine.setBuiltinOptions(between.getBuiltinOptions());
        mine.setInputs(new int[] {copy(constant)});
        mine.setOutputs(new int[] {copy(operand)});
        mine.setCustomOptions(null);
        inserted.computeIfAbsent(reader, key -> new ArrayList<>()).add(mine);
        reader.getInputs()[slot] = mine.getOutputs()[0];
        return mine.getInputs()[0];
    }

    /** The sparse constant behind an operand. */
    Optional<Integer> sparse(int operator, int slot) {
        int operand = operators.get(operator).getInputs()[slot];
        int constant = maker(BuiltinOperator.DEQUANTIZE, operand)
                .map(each -> each.getInputs()[0])
                .orElse(operand);
        return maker(BuiltinOperator.DENSIFY, constant).map(each -> each.getInputs()[0]);
    }

    private Optional<OperatorT> maker(int builtin, int tensor) {
        return finished().stream()
                .filter(each -> Operators.builtin(model, each) == builtin && each.getOutputs()[0] == tensor)
                .findFirst();
    }

    /** A constant is dense now: who read it filled in reads it as it is. */
    void removeDensify(int constant) {
        for (OperatorT operator : finished()) {
            if (Operators.builtin(model, operator) == BuiltinOperator.DENSIFY && operator.getInputs()[0] == constant) {
                removed.add(operator);
                int filled = operator.getOutputs()[0];
                finished().forEach(reader -> exchange(reader.getInputs(), filled, constant));
            }
        }
    }

    private static void exchange(int[] inputs, int from, int to) {
        for (int slot = 0; slot < inputs.length; slot++) {
            inputs[slot] = inputs[slot] == from ? to : inputs[slot];
        }
    }

    /** What is made of a constant kept in a smaller type. */
    List<Integer> results(int constant) {
        return finished().stream()
                .filter(each -> isDequantize(each) && each.getInputs()[0] == constant)
                .map(each -> each.getOutputs()[0])
                .toList();
    }

    /** Whether a tensor is a constant, seen through what turns the stored one into what others read. */
    boolean isUnpacked(int tensor) {
        return maker(BuiltinOperator.DEQUANTIZE, tensor)
                .or(() -> maker(BuiltinOperator.DENSIFY, tensor))
                .map(each -> each.getInputs()[0])
                .filter(stored -> !isMadeByAny(stored) || isUnpacked(stored))
                .isPresent();
    }

    private boolean isMadeByAny(int tensor) {
        return finished().stream()
                .anyMatch(each -> Arrays.stream(each.getOutputs()).anyMatch(made -> made == tensor));
    }

    /** Whether a tensor is made of one in a smaller type. */
    boolean isMade(int tensor) {
        return finished().stream().anyMatch(each -> isDequantize(each) && each.getOutputs()[0] == tensor);
    }

    private boolean isDequantize(OperatorT operator) {
        return Operators.builtin(model, operator) == BuiltinOperator.DEQUANTIZE;
    }

    private long readers(int tensor) {
        return finished().stream()
                .flatMapToInt(each -> Arrays.stream(each.getInputs()))
                .filter(input -> input == tensor)
                .count();
    }

    private int copy(int tensor) {
        TensorT from = tensors.get(tensor);
        TensorT to = new TensorT();
        to.setName(from.getName() + "/copy" + tensors.size());
        to.setType(from.getType());
        to.setShape(from.getShape() == null ? null : from.getShape().clone());
        to.setShapeSignature(
                from.getShapeSignature() == null
                        ? null
                        : from.getShapeSignature().clone());
        to.setBuffer(from.getBuffer());
        to.setQuantization(copy(from.getQuantization()));
        to.setSparsity(from.getSparsity());
        to.setHasRank(from.getHasRank());
        to.setVariantTensors(null);
        tensors.add(to);
        return tensors.size() - 1;
    }

    private static QuantizationParametersT copy(QuantizationParametersT from) {
        if (from == null) {
            return null;
        }
        QuantizationParametersT to = new QuantizationParametersT();
        to.setScale(from.getScale());
        to.setZeroPoint(from.getZeroPoint());
        to.setMin(from.getMin());
        to.setMax(from.getMax());
        to.setDetails(from.getDetails());
        to.setQuantizedDimension(from.getQuantizedDimension());
        return to;
    }

    /** Leaves an operator out. */
    void remove(OperatorT operator) {
        removed.add(operator);
    }

    /** All operators in the order in which they run. */
    List<OperatorT> finished() {
        List<OperatorT> all = new ArrayList<>();
        for (OperatorT operator : operators) {
            all.addAll(inserted.getOrDefault(operator, List.of()));
            if (!removed.contains(operator)) {
                all.add(operator);
            }
        }
        return all;
    }
}
