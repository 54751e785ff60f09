package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.AttributeCodec;
import io.espalier.adapter.onnx.lift.ConstantBinding;
import io.espalier.adapter.onnx.lift.ConstantNodes;
import io.espalier.adapter.onnx.lift.LiftedProto;
import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.lift.NodeBinding;
import io.espalier.adapter.onnx.lift.NodeRef;
import io.espalier.adapter.onnx.lift.SlotBinding;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.support.LiftedModel;
import io.espalier.adapter.support.ModelEditor;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.TypeInference;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries edits in neutral terms into the native model. Used once; not thread-safe. */
final class OnnxEditor extends ModelEditor {

    private final LiftedModel<ConstantBinding, NodeBinding> lifted;
    private final ModelProto.Builder model;
    private final ModelImage.Additions payloads;
    private final Map<String, ConstantBinding> bindings;
    private final FreshNames names = new FreshNames();
    private final Initializers initializers;
    private final Optional<NodeEdits> nodeEdits;
    private boolean shapesMayDiffer;

    private OnnxEditor(LiftedProto lifted, ModelImage image, Optional<Graph> withOtherNodes, TypeInference types) {
        super(lifted.model().graph());
        this.lifted = lifted.model();
        this.model = lifted.proto().toBuilder();
        this.payloads = image.additions();
        this.bindings = new HashMap<>(lifted.model().constants());
        this.names.reserve(NativeNames.defined(lifted.proto().getGraph()));
        this.initializers = new Initializers(model, payloads);
        this.nodeEdits = withOtherNodes.map(
                graph -> new NodeEdits(lifted, graph, types.typesOf(graph), initializers, bindings, names));
    }

    /** Applies edits in order. */
    static ModelImage edit(
            LiftedProto lifted,
            ModelImage image,
            List<Edit> edits,
            TypeInference types,
            Map<String, String> provenance) {
        boolean otherNodes = edits.stream().anyMatch(OnnxEditor::changesNodes);
        Optional<Graph> after =
                otherNodes ? Optional.of(GraphEdits.apply(lifted.model().graph(), edits)) : Optional.empty();
        OnnxEditor editor = new OnnxEditor(lifted, image, after, types);
        editor.apply(edits);
        return editor.finish(provenance);
    }

    private static boolean changesNodes(Edit edit) {
        return edit instanceof Edit.AddNode || edit instanceof Edit.RemoveNode || edit instanceof Edit.Omit;
    }

    @Override
    protected void keep(Edit.Keep edit) {
        Tensor before = constant(edit.constant());
        super.keep(edit);
        shapesMayDiffer |= !constant(edit.constant()).shape().equals(before.shape());
    }

    @Override
    protected void setConstant(Edit.SetConstant edit) {
        Tensor before = constant(edit.constant());
        shapesMayDiffer |=
                !edit.value().shape().equals(before.shape()) || edit.value().type() != before.type();
        super.setConstant(edit);
    }

    @Override
    protected void setInput(Edit.SetInput edit) {
        super.setInput(edit);
        if (isAdded(edit.node())) {
            return;
        }
        NodeBinding binding = lifted.node(edit.node());
        SlotBinding slot = binding.slot(edit.slot());
        shapesMayDiffer = true;
        if (slot instanceof SlotBinding.Implied) {
            bindings.put(edit.name(), new ConstantBinding.Implied());
        } else if (slot instanceof SlotBinding.FromAttribute attribute) {
            bindings.put(
                    edit.name(), new ConstantBinding.NodeAttribute(binding.node(), attribute.name(), attribute.form()));
        } else if (slot instanceof SlotBinding.Input input) {
            GraphProto.Builder graph = binding.node().graph().in(model);
            String name = names.fresh(edit.name());
            bindings.put(edit.name(), initializers.add(binding.node().graph(), name));
            NodeProto.Builder node = graph.getNodeBuilder(binding.node().index());
            while (node.getInputCount() <= input.index()) {
                node.addInput("");
            }
            node.setInput(input.index(), name);
        }
    }

    @Override
    protected void setAttribute(Edit.SetAttribute edit) {
        super.setAttribute(edit);
        if (isAdded(edit.node())) {
            return;
        }
        NodeBinding binding = lifted.node(edit.node());
        if (binding.neutralOnly().contains(edit.attribute())) {
            return;
        }
        shapesMayDiffer = true;
        NodeProto.Builder node =
                binding.node().graph().in(model).getNodeBuilder(binding.node().index());
        Optional<AttributeProto> value = edit.value().map(attribute -> encode(edit.attribute(), attribute));
        setAttribute(node, edit.attribute(), value);
    }

    @Override
    protected void addNode(Edit.AddNode edit) {
        insert(edit);
        nodeEdits.orElseThrow().add(edit.node().id());
    }

    @Override
    protected void removeNode(Edit.RemoveNode edit) {
        delete(edit);
        nodeEdits.orElseThrow().remove(edit.node());
    }

    @Override
    protected void omit(Edit.Omit edit) {
        node(edit.sum());
        nodeEdits.orElseThrow().omit(edit);
    }

    /** Whether a node is to be written as a whole, with all that edits change in it. */
    private boolean isAdded(String node) {
        return nodeEdits.filter(edits -> edits.adds(node)).isPresent();
    }

    private AttributeProto encode(String name, Attribute value) {
        return AttributeCodec.encode(name, value, payloads, body -> {
            throw new IllegalArgumentException("attribute " + Quoted.name(name) + ": bodies cannot be replaced");
        });
    }

    private static void setAttribute(NodeProto.Builder node, String name, Optional<AttributeProto> value) {
        for (int i = 0; i < node.getAttributeCount(); i++) {
            if (node.getAttribute(i).getName().equals(name)) {
                if (value.isPresent()) {
                    node.setAttribute(i, value.get());
                } else {
                    node.removeAttribute(i);
                }
                return;
            }
        }
        value.ifPresent(node::addAttribute);
    }

    /** The edited model. */
    private ModelImage finish(Map<String, String> provenance) {
        changed().forEach(this::store);
        Set<String> unread = new LinkedHashSet<>(dropped());
        nodeEdits.ifPresent(edits -> unread.addAll(edits.write(model, payloads)));
        new ConstantRemoval(model, bindings).remove(unread);
        nodeEdits.ifPresent(edits -> edits.settle(model.getGraphBuilder()));
        if (shapesMayDiffer) {
            StaleShapes.forget(model.getGraphBuilder());
        }
        Provenance.put(model, provenance);
        return payloads.image(model.build());
    }

    private void store(String constant) {
        Tensor value = constant(constant);
        ConstantBinding binding = bindings.get(constant);
        if (binding instanceof ConstantBinding.Initializer initializer) {
            initializers.store(initializer, value);
        } else if (binding instanceof ConstantBinding.ConstantNode node) {
            storeNode(builder(node.node()), value);
        } else if (binding instanceof ConstantBinding.NodeAttribute attribute) {
            setAttribute(
                    builder(attribute.node()),
                    attribute.name(),
                    Optional.of(encode(attribute.name(), attribute.form().attribute(value))));
        }
    }

    private NodeProto.Builder builder(NodeRef node) {
        return node.graph().in(model).getNodeBuilder(node.index());
    }

    private void storeNode(NodeProto.Builder node, Tensor value) {
        int index = ConstantNodes.valueAttribute(node.build()).orElseThrow();
        AttributeProto.Builder attribute = node.getAttributeBuilder(index);
        if (!attribute.hasT()) {
            attribute.clear().setName("value").setType(AttributeProto.AttributeType.TENSOR);
        }
        payloads.store(attribute.getTBuilder(), value);
    }
}
