package io.espalier.adapter.tflite.edit;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.AddOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.SubGraphT;

/**
 * Leaves operands of sums of the main graph out. Where one operand remains, a sum with a fused activation becomes the activation
 * alone, and a quantised one an operator that quantises anew; what led to an output through the others alone is removed. Used once;
 * not thread-safe.
 */
final class Omissions {

    private final NativeModel model;
    private final SubGraphT graph;
    private final List<OperatorT> operators;
    private final Set<OperatorT> leadingBefore;
    private final Map<Integer, Integer> stand = new HashMap<>();

    Omissions(NativeModel model, SubGraphT graph, List<OperatorT> operators) {
        this.model = model;
        this.graph = graph;
        this.operators = operators;
        this.leadingBefore = leading();
    }

    /**
     * Leaves operands of a sum out.
     *
     * @param result the tensor that the sum makes
     * @param slots the operands
     * @param quantised whether the tensor is quantised
     * @param setType makes an operator one of a builtin type
     * @throws InvalidInputException when nothing in the file says the same without it
     */
    void leaveOut(int result, Set<Integer> slots, boolean quantised, Maker setType) {
        int place = IntStream.range(0, operators.size())
                .filter(each -> makes(operators.get(each), result))
                .findFirst()
                .orElseThrow(() -> refused(result, "no operator of the file makes it"));
        OperatorT sum = operators.get(place);
        int[] remaining = IntStream.range(0, sum.getInputs().length)
                .filter(slot -> !slots.contains(slot))
                .map(slot -> sum.getInputs()[slot])
                .toArray();
        if (remaining.length > 1) {
            requireAddingAll(sum, result);
            sum.setInputs(remaining);
            return;
        }
        byte activation = activation(sum, result);
        if (activation == ActivationFunctionType.NONE && !quantised) {
            stand.put(result, remaining[0]);
        } else {
            setType.make(place, type(result, activation));
            sum.setInputs(remaining);
            sum.setBuiltinOptions(null);
        }
    }

    private void requireAddingAll(OperatorT sum, int result) {
        if (Operators.builtin(model, sum) != BuiltinOperator.ADD_N) {
            throw refused(result, "it is part of a larger operator of the file");
        }
    }

    private byte activation(OperatorT sum, int result) {
        if (Operators.builtin(model, sum) == BuiltinOperator.ADD
                && sum.getBuiltinOptions().getValue() instanceof AddOptionsT options) {
            return options.getFusedActivationFunction();
        }
        requireAddingAll(sum, result);
        return ActivationFunctionType.NONE;
    }

    /** Makes an operator one of a builtin type. */
    @FunctionalInterface
    interface Maker {
        void make(int operator, byte builtin);
    }

    private static boolean makes(OperatorT operator, int tensor) {
        return Arrays.stream(operator.getOutputs()).anyMatch(each -> each == tensor);
    }

    private byte type(int result, byte activation) {
        return switch (activation) {
            case ActivationFunctionType.NONE -> BuiltinOperator.QUANTIZE;
            case ActivationFunctionType.RELU -> BuiltinOperator.RELU;
            case ActivationFunctionType.RELU6 -> BuiltinOperator.RELU6;
            case ActivationFunctionType.RELU_N1_TO_1 -> BuiltinOperator.RELU_N1_TO_1;
            default -> throw refused(result, "no operator of its own computes its fused activation");
        };
    }

    private InvalidInputException refused(int tensor, String reason) {
        return new InvalidInputException("An operand of the operator that makes "
                + Quoted.name(graph.getTensors()[tensor].getName()) + " cannot be left out: " + reason + ".");
    }

    /**
     * Lets operators read what stands for the sums, and removes those that lead to no output any more.
     *
     * @param remove removes an operator
     */
    void finish(Consumer<OperatorT> remove) {
        for (OperatorT operator : operators) {
            int[] inputs = operator.getInputs();
            for (int slot = 0; slot < inputs.length; slot++) {
                inputs[slot] = read(inputs[slot]);
            }
        }
        Set<OperatorT> leading = leading();
        Set<Integer> gone = new HashSet<>();
        for (OperatorT operator : operators) {
            boolean unneeded = leadingBefore.contains(operator) && !leading.contains(operator);
            // What reads them was not needed before.
            if (unneeded || Arrays.stream(operator.getInputs()).anyMatch(gone::contains)) {
                Arrays.stream(operator.getOutputs()).forEach(gone::add);
                remove.accept(operator);
            }
        }
    }

    private int read(int tensor) {
        int read = tensor;
        while (stand.containsKey(read)) {
            read = stand.get(read);
        }
        return read;
    }

    /** The operators on a way to an output of the graph. */
    private Set<OperatorT> leading() {
        Map<Integer, OperatorT> makers = new HashMap<>();
        for (OperatorT operator : operators) {
            Arrays.stream(operator.getOutputs()).forEach(output -> makers.put(output, operator));
        }
        Deque<Integer> wanted = new ArrayDeque<>();
        Arrays.stream(graph.getOutputs()).forEach(wanted::add);
        Set<OperatorT> leading = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!wanted.isEmpty()) {
            OperatorT maker = makers.get(wanted.pop());
            if (maker != null && leading.add(maker)) {
                Arrays.stream(maker.getInputs()).forEach(wanted::add);
            }
        }
        return leading;
    }
}
