package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.ConstantBinding;
import io.espalier.adapter.onnx.lift.GraphPath;
import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** Removes constants from a native model that nothing in it reads. */
final class ConstantRemoval {

    private final ModelProto.Builder model;
    private final Map<String, ConstantBinding> bindings;

    ConstantRemoval(ModelProto.Builder model, Map<String, ConstantBinding> bindings) {
        this.model = model;
        this.bindings = bindings;
    }

    void remove(Collection<String> constants) {
        if (constants.isEmpty()) {
            return;
        }
        Set<String> read = NativeNames.read(model.getGraph());
        Map<GraphPath, NavigableSet<Integer>> initializers = new HashMap<>();
        Map<GraphPath, NavigableSet<Integer>> nodes = new HashMap<>();
        for (String constant : constants) {
            ConstantBinding binding = bindings.get(constant);
            if (binding instanceof ConstantBinding.Initializer initializer) {
                String name = initializer
                        .graph()
                        .in(model)
                        .getInitializer(initializer.index())
                        .getName();
                if (!read.contains(name)) {
                    initializers
                            .computeIfAbsent(initializer.graph(), path -> new TreeSet<>())
                            .add(initializer.index());
                }
            } else if (binding instanceof ConstantBinding.ConstantNode node) {
                String name = node.node()
                        .graph()
                        .in(model)
                        .getNode(node.node().index())
                        .getOutput(0);
                if (!read.contains(name)) {
                    nodes.computeIfAbsent(node.node().graph(), path -> new TreeSet<>())
                            .add(node.node().index());
                }
            }
        }
        initializers.forEach(
                (path, indices) -> indices.descendingSet().forEach(index -> removeInitializer(path.in(model), index)));
        // Removing nodes moves the bodies behind them, so the innermost graphs come first.
        nodes.keySet().stream()
                .sorted(Comparator.comparingInt((GraphPath path) -> path.steps().size())
                        .reversed())
                .forEach(path -> nodes.get(path).descendingSet().forEach(path.in(model)::removeNode));
    }

    private static void removeInitializer(GraphProto.Builder graph, int index) {
        String name = graph.getInitializer(index).getName();
        graph.removeInitializer(index);
        for (int i = graph.getInputCount() - 1; i >= 0; i--) {
            if (graph.getInput(i).getName().equals(name)) {
                graph.removeInput(i);
            }
        }
    }
}
