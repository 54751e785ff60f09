package io.espalier.adapter.tflite.store;

import io.espalier.spi.InvalidInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;

/** Refuses, by name, the kinds of models that cannot be pruned or run whatever is in them. */
final class SupportCheck {

    /** What the names of TensorFlow's own operators begin with. */
    private static final String FLEX = "Flex";

    private final Path file;
    private final NativeModel model;

    private SupportCheck(Path file, NativeModel model) {
        this.file = file;
        this.model = model;
    }

    /**
     * Checks a model whose indices agree.
     *
     * @throws InvalidInputException when it is of such a kind
     */
    static void check(Path file, NativeModel model) {
        SupportCheck check = new SupportCheck(file, model);
        check.refuseFlex();
        check.refuseWideActivations();
    }

    private void refuseFlex() {
        List<String> flex = model.subgraphs().stream()
                .flatMap(graph -> Arrays.stream(graph.getOperators()))
                .filter(operator -> Operators.isCustom(model, operator))
                .map(operator -> Operators.name(model, operator))
                .filter(name -> name.startsWith(FLEX))
                .distinct()
                .toList();
        if (!flex.isEmpty()) {
            throw new InvalidInputException("The TFLite model " + file + " needs operators of TensorFlow (Flex): "
                    + String.join(", ", flex) + ". TFLite's interpreter has none of them, so nothing could be proved."
                    + " Convert the model with TFLite's builtin operators only, recurrent layers with a fixed batch,"
                    + " or to ONNX.");
        }
    }

    private void refuseWideActivations() {
        for (SubGraphT graph : model.subgraphs()) {
            for (OperatorT operator : graph.getOperators()) {
                if (hasWideActivations(graph, operator)) {
                    throw new InvalidInputException("The TFLite model " + file + " computes with 16-bit activations and"
                            + " 8-bit weights (int16x8) in " + Operators.name(model, operator)
                            + ", which is not supported. Convert it with 8-bit activations, or with float weights.");
                }
            }
        }
    }

    /** The cell of an 8-bit LSTM has 16 bits, too, but is a state. */
    private boolean hasWideActivations(SubGraphT graph, OperatorT operator) {
        return operands(graph, operator.getInputs())
                        .anyMatch(each -> each.getType() == TensorType.INT16 && !each.getIsVariable() && !hasData(each))
                && operands(graph, operator.getInputs())
                        .anyMatch(each -> each.getType() == TensorType.INT8 && hasData(each));
    }

    private boolean hasData(TensorT tensor) {
        return model.buffers().get((int) tensor.getBuffer()).size() > 0;
    }

    private static Stream<TensorT> operands(SubGraphT graph, int... inputs) {
        return Arrays.stream(inputs).filter(input -> input >= 0).mapToObj(input -> graph.getTensors()[input]);
    }
}
