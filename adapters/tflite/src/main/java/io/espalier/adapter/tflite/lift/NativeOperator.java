package io.espalier.adapter.tflite.lift;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.TensorT;

/** One operator of the file with what it reads: shapes, types and constants of its operands, under the numbers of their slots. */
class NativeOperator {

    final Values values;
    /** For what DEQUANTIZE and DENSIFY make of a constant: the constant. */
    private final Map<Integer, Integer> unpacked;

    private final OperatorT operator;
    private final int index;

    NativeOperator(Values values, Map<Integer, Integer> unpacked, OperatorT operator, int index) {
        this.values = values;
        this.unpacked = unpacked;
        this.operator = operator;
        this.index = index;
    }

    /** Its index in the main graph. */
    int index() {
        return index;
    }

    /** Its options. */
    <T> T options(Class<T> type) {
        Object value = operator.getBuiltinOptions() == null
                ? null
                : operator.getBuiltinOptions().getValue();
        if (!type.isInstance(value)) {
            throw new NotLiftedException("it has no " + type.getSimpleName().replaceAll("T$", ""));
        }
        return type.cast(value);
    }

    int[] customOptions() {
        return operator.getCustomOptions() == null ? new int[0] : operator.getCustomOptions();
    }

    int inputs() {
        return operator.getInputs().length;
    }

    int outputs() {
        return operator.getOutputs().length;
    }

    boolean has(int slot) {
        return slot < operator.getInputs().length && operator.getInputs()[slot] >= 0;
    }

    int tensor(int slot) {
        if (!has(slot)) {
            throw new NotLiftedException("its operand " + slot + " is missing");
        }
        return operator.getInputs()[slot];
    }

    int result(int slot) {
        if (slot >= operator.getOutputs().length) {
            throw new NotLiftedException("its result " + slot + " is missing");
        }
        return operator.getOutputs()[slot];
    }

    TensorT input(int slot) {
        return values.tensor(tensor(slot));
    }

    List<Long> shape(int slot) {
        return values.shape(tensor(slot));
    }

    int rank(int slot) {
        return shape(slot).size();
    }

    /** An extent of an operand, which the file must not leave open; axes may count from the end. */
    long extent(int slot, int axis) {
        if (isOpen(slot, axis)) {
            throw new NotLiftedException("the extent of axis " + axis + " of its operand " + slot + " is open");
        }
        return shape(slot).get(place(slot, axis));
    }

    /** Whether the file leaves an extent of an operand open. */
    boolean isOpen(int slot, int axis) {
        return values.isOpen(tensor(slot), place(slot, axis));
    }

    private int place(int slot, int axis) {
        int rank = rank(slot);
        int place = axis < 0 ? axis + rank : axis;
        if (place < 0 || place >= rank) {
            throw new NotLiftedException("its operand " + slot + " has no axis " + axis);
        }
        return place;
    }

    /** An extent of a result, which the file must not leave open. */
    long outputExtent(int slot, int axis) {
        List<Long> shape = values.shape(result(slot));
        if (axis >= shape.size() || values.isOpen(result(slot), axis)) {
            throw new NotLiftedException("the extent of axis " + axis + " of its result " + slot + " is open");
        }
        return shape.get(axis);
    }

    DataType outputType(int slot) {
        return values.type(result(slot))
                .orElseThrow(() -> new NotLiftedException("its result has a type that is not supported"));
    }

    DataType inputType(int slot) {
        return values.type(tensor(slot))
                .orElseThrow(() -> new NotLiftedException("an operand has a type that is not supported"));
    }

    boolean isConstant(int slot) {
        return has(slot) && values.hasData(source(slot));
    }

    /** Whether an operand is a constant as it lies in the file, and not one that an operator unpacks. */
    boolean isStored(int slot) {
        return has(slot) && values.hasData(tensor(slot));
    }

    int source(int slot) {
        return unpacked.getOrDefault(tensor(slot), tensor(slot));
    }

    /** The number that a constant operand holds. */
    long number(int slot) {
        long[] numbers = numbers(slot);
        if (numbers.length != 1) {
            throw new NotLiftedException("its operand " + slot + " is not one number");
        }
        return numbers[0];
    }

    /** The numbers of a constant operand. */
    long[] numbers(int slot) {
        if (!isStored(slot)) {
            throw new NotLiftedException("its operand " + slot + " is computed when the model runs");
        }
        return Tensors.toLongs(values.constants().get(values.numbers(tensor(slot))));
    }

    /** The numbers of a neutral operand; empty when it is computed when the model runs. */
    Optional<long[]> knownNumbers(String value) {
        return Optional.ofNullable(values.constants().get(value)).map(Tensors::toLongs);
    }

    /** The numbers of an operand that a {@code PACK} makes for this operator alone. */
    Optional<PackedNumbers> packed(int slot) {
        return values.packed(tensor(slot));
    }

    /** Names of its results. */
    List<String> results() {
        return IntStream.of(operator.getOutputs()).mapToObj(values::name).toList();
    }

    /** Whether another operator unpacks the operand. */
    boolean isUnpacked(int slot) {
        return unpacked.containsKey(tensor(slot));
    }

    /** Whether an operand can be read as it is stored. */
    boolean isReadable(int slot) {
        return values.type(tensor(slot)).isPresent()
                && values.isKnown(tensor(slot))
                && values.tensor(source(slot)).getSparsity() == null;
    }
}
