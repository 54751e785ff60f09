package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.edit.ConstantHome;
import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.adapter.tflite.edit.NodeHome;
import io.espalier.adapter.tflite.edit.Refit;
import io.espalier.adapter.tflite.edit.SlotHome;
import io.espalier.adapter.tflite.lift.LiftedModel;
import io.espalier.adapter.tflite.store.SlicedTensors;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries edits in neutral terms into a native model. Used once; not thread-safe. */
final class ModelEditor {

    private final LiftedModel lifted;
    private final NativeEdit model;
    private final Map<String, Tensor> constants;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Set<String> dropped = new LinkedHashSet<>();
    private final List<Edit.SetInput> inputs = new ArrayList<>();

    private ModelEditor(LiftedModel lifted, NativeEdit model) {
        this.lifted = lifted;
        this.model = model;
        Graph graph = lifted.graph();
        this.constants = new LinkedHashMap<>(graph.constants());
        graph.nodes().forEach(node -> nodes.put(node.id(), node));
    }

    /**
     * Applies edits in order.
     *
     * @throws IllegalArgumentException when one names something the graph does not have
     */
    static void edit(LiftedModel lifted, NativeEdit model, List<Edit> edits) {
        ModelEditor editor = new ModelEditor(lifted, model);
        edits.forEach(editor::apply);
        editor.finish();
    }

    private void apply(Edit edit) {
        if (edit instanceof Edit.Keep keep) {
            replace(keep.constant(), SlicedTensors.slice(constant(keep.constant()), keep.axis(), keep.indices()));
        } else if (edit instanceof Edit.SetConstant set) {
            constant(set.constant());
            replace(set.constant(), set.value());
        } else if (edit instanceof Edit.SetInput set) {
            Node node = node(set.node());
            inputs.add(set);
            constants.put(set.name(), set.value());
            nodes.put(set.node(), node.withInput(set.slot(), set.name()));
        } else if (edit instanceof Edit.SetAttribute set) {
            nodes.put(set.node(), withAttribute(node(set.node()), set.attribute(), set.value()));
        } else if (edit instanceof Edit.Drop drop) {
            dropped.addAll(drop.constants());
        } else if (edit instanceof Edit.SetShape set) {
            setShape(set);
        }
    }

    private Tensor constant(String name) {
        Tensor tensor = constants.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the graph has no constant '" + name + "'");
        }
        return tensor;
    }

    private Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("the graph has no node that makes '" + id + "'");
        }
        return node;
    }

    private void replace(String constant, Tensor value) {
        constants.put(constant, value);
        changed.add(constant);
    }

    private static Node withAttribute(Node node, String name, Optional<Attribute> value) {
        if (value.isPresent()) {
            return node.withAttribute(name, value.get());
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.remove(name);
        return new Node(node.domain(), node.operator(), node.inputs(), node.outputs(), attributes);
    }

    private void setShape(Edit.SetShape set) {
        Integer tensor = lifted.values().get(set.value());
        if (tensor != null) {
            model.declare(tensor, set.shape());
        }
    }

    private void finish() {
        for (String constant : changed) {
            ConstantHome home = lifted.constants().get(constant);
            // Others were made for one node, whose refit reads them.
            if (home != null && !dropped.contains(constant)) {
                model.set(home.tensor(), home.part(), constants.get(constant));
            }
        }
        inputs.forEach(this::setInput);
        lifted.nodes().forEach(this::refit);
        model.empty(dropped.stream()
                .filter(lifted.constants()::containsKey)
                .map(constant -> lifted.constants().get(constant).tensor())
                .distinct()
                .toList());
        model.finish();
    }

    private void setInput(Edit.SetInput set) {
        NodeHome home = lifted.nodes().get(set.node());
        SlotHome slot = home.slots().get(set.slot());
        if (slot instanceof SlotHome.Operand operand) {
            model.setOperand(operand.operator(), operand.slot(), operand.part(), set.value());
        } else if (slot == null && home.refit().isEmpty()) {
            throw new IllegalArgumentException("operand " + set.slot() + " of the node that makes '" + set.node()
                    + "' has no place in a TFLite model");
        }
    }

    private void refit(String id, NodeHome home) {
        home.refit().ifPresent(refit -> refit.apply(model, new Refit.Edited(nodes.get(id), constants)));
    }
}
