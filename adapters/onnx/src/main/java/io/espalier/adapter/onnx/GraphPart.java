package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.lift.TextInputs;
import io.espalier.adapter.onnx.lift.ValueTypes;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.graph.ValueType;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The part of a native model that computes some values from others. Used once. */
final class GraphPart {

    private final GraphProto graph;
    private final Map<String, ValueType> inputs;
    private final List<String> outputs;
    private final BitSet nodes = new BitSet();
    private final Set<String> read = new HashSet<>();

    private GraphPart(GraphProto graph, Map<String, ValueType> inputs, List<String> outputs) {
        this.graph = graph;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** The part as a model of its own; empty when the main graph of the model has no such values. */
    static Optional<ModelProto> of(ModelProto model, Map<String, ValueType> inputs, List<String> outputs) {
        GraphPart part = new GraphPart(model.getGraph(), inputs, outputs);
        return part.find() ? Optional.of(model.toBuilder().setGraph(part.cut()).build()) : Optional.empty();
    }

    /** Goes back from the outputs to the inputs; false when it ends elsewhere. */
    private boolean find() {
        Map<String, Integer> producers = new HashMap<>();
        for (int i = 0; i < graph.getNodeCount(); i++) {
            for (String output : graph.getNode(i).getOutputList()) {
                producers.put(output, i);
            }
        }
        Set<String> constants = new HashSet<>();
        graph.getInitializerList().forEach(constant -> constants.add(constant.getName()));
        graph.getSparseInitializerList()
                .forEach(constant -> constants.add(constant.getValues().getName()));
        Set<String> defined = NativeNames.defined(graph);
        Deque<String> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            String value = open.pop();
            if (value.isEmpty() || !read.add(value) || inputs.containsKey(value) || constants.contains(value)) {
                continue;
            }
            Integer producer = producers.get(value);
            // What is read inside a body may be its own.
            if (producer == null && (!defined.contains(value) || isInput(value) || outputs.contains(value))) {
                return false;
            }
            if (producer != null && !nodes.get(producer)) {
                nodes.set(producer);
                open.addAll(NativeNames.read(graph.getNode(producer)));
            }
        }
        return true;
    }

    private boolean isInput(String value) {
        return graph.getInputList().stream().anyMatch(input -> input.getName().equals(value));
    }

    /** Inputs that hold texts in the file hold numbers in the neutral graph. */
    private ValueInfoProto declaration(String name, ValueType type) {
        return graph.getInputList().stream()
                .filter(input -> input.getName().equals(name) && TextInputs.isText(input))
                .findFirst()
                .orElseGet(() -> ValueInfoProto.newBuilder()
                        .setName(name)
                        .setType(ValueTypes.encode(type))
                        .build());
    }

    private GraphProto cut() {
        GraphProto.Builder part = graph.toBuilder()
                .clearNode()
                .clearInitializer()
                .clearSparseInitializer()
                .clearInput()
                .clearOutput();
        part.clearValueInfo().clearQuantizationAnnotation();
        nodes.stream().mapToObj(graph::getNode).forEach(part::addNode);
        inputs.forEach((name, type) -> {
            if (read.contains(name)) {
                part.addInput(declaration(name, type));
            }
        });
        // Old files list their constants among the inputs.
        Set<String> constants = new HashSet<>();
        for (TensorProto constant : graph.getInitializerList()) {
            if (read.contains(constant.getName())) {
                part.addInitializer(constant);
                constants.add(constant.getName());
            }
        }
        graph.getInputList().stream()
                .filter(input -> constants.contains(input.getName()))
                .forEach(part::addInput);
        graph.getSparseInitializerList().stream()
                .filter(constant -> read.contains(constant.getValues().getName()))
                .forEach(part::addSparseInitializer);
        outputs.forEach(name -> part.addOutputBuilder().setName(name));
        return part.build();
    }
}
