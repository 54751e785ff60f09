package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.LiftedModel;
import io.espalier.adapter.tflite.edit.NodeBinding;
import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.SubGraphT;

/** Lifts the main graph of a model. Used once; not thread-safe. */
public final class GraphLifter {

    private static final OperatorTable TABLE = OperatorTable.of(List.of(
            ConvolutionLifts::addTo,
            TransposedConvolutionLifts::addTo,
            MatrixLifts::addTo,
            ElementwiseLifts::addTo,
            PoolingLifts::addTo,
            ReductionLifts::addTo,
            ShapeLifts::addTo,
            JoiningLifts::addTo,
            SliceLifts::addTo,
            BlockLifts::addTo,
            RecurrentLifts::addTo));

    private final Path file;
    private final NativeModel model;
    private final SubGraphT graph;
    private final Values values;
    private final Map<Integer, Integer> unpacked = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, NodeBinding> bindings = new LinkedHashMap<>();
    private final Map<String, Integer> computed = new LinkedHashMap<>();
    private final Map<String, LayerName> layers = new LinkedHashMap<>();
    private final Map<String, ValueType> declared = new LinkedHashMap<>();

    private GraphLifter(Path file, NativeModel model) {
        this.file = file;
        this.model = model;
        this.graph = model.subgraphs().get(0);
        this.values = new Values(model);
    }

    /**
     * Lifts a model.
     *
     * @throws InvalidInputException when an input or output has a type that is not supported
     */
    public static LiftedTflite lift(Path file, NativeModel model) {
        return new GraphLifter(file, model).lift();
    }

    private LiftedTflite lift() {
        for (int i = 0; i < graph.getOperators().length; i++) {
            lift(graph.getOperators()[i], i);
        }
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        for (int input : graph.getInputs()) {
            inputs.put(values.name(input), values.declaredInput(input).orElseThrow(() -> unsupported(input)));
        }
        List<String> outputs = new ArrayList<>();
        for (int output : graph.getOutputs()) {
            values.declared(output).orElseThrow(() -> unsupported(output));
            outputs.add(values.name(output));
        }
        String name = graph.getName() == null || graph.getName().isEmpty() ? "main" : graph.getName();
        Graph lifted = new Graph(name, inputs, outputs, nodes, values.constants(), declared);
        return new LiftedTflite(
                new LiftedModel<>(lifted, values.bindings(), bindings), computed, values.fileNames(), layers);
    }

    private InvalidInputException unsupported(int tensor) {
        return new InvalidInputException("The TFLite model " + file + " has the input or output '" + values.name(tensor)
                + "' of a type that is not supported; convert it with numbers there.");
    }

    private void lift(OperatorT operator, int index) {
        int builtin = Operators.builtin(model, operator);
        if (isAbsorbed(builtin, operator)) {
            int stored = operator.getInputs()[0];
            unpacked.put(operator.getOutputs()[0], unpacked.getOrDefault(stored, stored));
            return;
        }
        Draft draft = new Draft(values, unpacked, operator, index);
        String name = Operators.name(model, operator);
        try {
            TABLE.find(builtin, name)
                    .orElseThrow(() -> new NotLiftedException("nobody has taught it"))
                    .lift(draft);
        } catch (NotLiftedException reason) {
            draft.barrier(name, reason.getMessage());
            for (int output : operator.getOutputs()) {
                values.declared(output).ifPresent(type -> declared.put(values.name(output), type));
            }
        }
        nodes.addAll(draft.nodes());
        bindings.putAll(draft.bindings());
        if (operator.getOutputs().length > 0) {
            LayerName layer = LayerNames.of(values.name(operator.getOutputs()[0]), name);
            draft.nodes().forEach(node -> layers.put(node.id(), layer));
        }
        for (int output : operator.getOutputs()) {
            computed.put(values.name(output), output);
        }
    }

    /** A constant kept in a smaller type, or without its zeros: whoever reads it reads the constant. */
    private boolean isAbsorbed(int builtin, OperatorT operator) {
        if (operator.getInputs().length != 1 || operator.getOutputs().length != 1 || operator.getInputs()[0] < 0) {
            return false;
        }
        int constant = unpacked.getOrDefault(operator.getInputs()[0], operator.getInputs()[0]);
        boolean isOutput = Arrays.stream(graph.getOutputs()).anyMatch(output -> output == operator.getOutputs()[0]);
        if (isOutput || !values.hasData(constant)) {
            return false;
        }
        boolean small = values.quantization(constant).isPresent()
                || values.type(constant).equals(Optional.of(DataType.FLOAT16));
        return builtin == BuiltinOperator.DEQUANTIZE && small
                || builtin == BuiltinOperator.DENSIFY && values.tensor(constant).getSparsity() != null;
    }
}
