package io.espalier.adapter.tflite.store;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;

/** Whether every tensor of a graph has one origin, and one that comes before whoever reads it. Used once. */
final class FlowCheck {

    private final NativeModel model;
    private final SubGraphT graph;
    private final Set<Integer> inputs = new HashSet<>();
    private final Set<Integer> computed = new HashSet<>();

    /** A check of a graph whose indices are in range. */
    FlowCheck(NativeModel model, SubGraphT graph) {
        this.model = model;
        this.graph = graph;
    }

    /** What is wrong, in words. */
    Optional<String> problem() {
        for (int input : graph.getInputs()) {
            if (!inputs.add(input)) {
                return problem(input, "is an input twice");
            }
        }
        for (OperatorT operator : graph.getOperators()) {
            for (int operand : operator.getInputs()) {
                if (operand >= 0 && !isKnown(operand)) {
                    return problem(operand, "is read before it is computed");
                }
            }
            for (int result : operator.getOutputs()) {
                if (inputs.contains(result) || isConstant(result)) {
                    return problem(result, "is computed, but it is an input or a constant");
                }
                if (!computed.add(result)) {
                    return problem(result, "is computed twice");
                }
            }
        }
        for (int output : graph.getOutputs()) {
            if (!isKnown(output)) {
                return problem(output, "is an output, but nothing computes it");
            }
        }
        return Optional.empty();
    }

    private Optional<String> problem(int tensor, String what) {
        return Optional.of("tensor '" + tensor(tensor).getName() + "' " + what);
    }

    private boolean isKnown(int tensor) {
        return inputs.contains(tensor)
                || computed.contains(tensor)
                || isConstant(tensor)
                || tensor(tensor).getIsVariable()
                || isEmpty(tensor(tensor));
    }

    private boolean isConstant(int tensor) {
        return model.buffers().get((int) tensor(tensor).getBuffer()).size() > 0;
    }

    /** A constant without elements has no data either. */
    private static boolean isEmpty(TensorT tensor) {
        if (tensor.getShape() != null) {
            for (int extent : tensor.getShape()) {
                if (extent == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private TensorT tensor(int tensor) {
        return graph.getTensors()[tensor];
    }
}
