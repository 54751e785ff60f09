package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.AttributeCodec;
import io.espalier.adapter.onnx.lift.ConstantHome;
import io.espalier.adapter.onnx.lift.ConstantNodes;
import io.espalier.adapter.onnx.lift.GraphPath;
import io.espalier.adapter.onnx.lift.LiftedModel;
import io.espalier.adapter.onnx.lift.NodeHome;
import io.espalier.adapter.onnx.lift.NodeRef;
import io.espalier.adapter.onnx.lift.SlotHome;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries edits in neutral terms into the native model. Used once; not thread-safe. */
final class ModelEditor {

    /** Before this version of the format every initializer had to be listed as an input too. */
    private static final int IR_WITHOUT_INITIALIZER_INPUTS = 4;

    private final LiftedModel lifted;
    private final ModelProto.Builder model;
    private final ModelImage.Additions payloads;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, ConstantHome> homes;
    private final Set<String> changed = new LinkedHashSet<>();
    private final Set<String> dropped = new LinkedHashSet<>();
    private final Set<String> nativeNames;
    private boolean shapesMayDiffer;

    ModelEditor(LiftedModel lifted, ModelImage image) {
        this.lifted = lifted;
        this.model = lifted.proto().toBuilder();
        this.payloads = image.additions();
        this.homes = new HashMap<>(lifted.constants());
        this.nativeNames = NativeNames.defined(lifted.proto().getGraph());
        collect(lifted.graph());
    }

    private void collect(Graph graph) {
        tensors.putAll(graph.constants());
        graph.nodes().forEach(node -> node.bodies().forEach(this::collect));
    }

    /**
     * Applies one edit.
     *
     * @throws IllegalArgumentException when it names something the graph does not have
     */
    void apply(Edit edit) {
        if (edit instanceof Edit.Keep keep) {
            replace(keep.constant(), Tensors.sliced(tensor(keep.constant()), keep.axis(), keep.indices()));
        } else if (edit instanceof Edit.SetConstant set) {
            tensor(set.constant());
            replace(set.constant(), set.value());
        } else if (edit instanceof Edit.SetInput set) {
            setInput(set);
        } else if (edit instanceof Edit.SetAttribute set) {
            setAttribute(set);
        } else if (edit instanceof Edit.Drop drop) {
            dropped.addAll(drop.constants());
        }
    }

    private Tensor tensor(String constant) {
        Tensor tensor = tensors.get(constant);
        if (tensor == null) {
            throw new IllegalArgumentException("the graph has no constant " + Quoted.name(constant));
        }
        return tensor;
    }

    private void replace(String constant, Tensor value) {
        Tensor before = tensors.put(constant, value);
        shapesMayDiffer |= !value.shape().equals(before.shape()) || value.type() != before.type();
        changed.remove(constant);
        changed.add(constant);
        dropped.remove(constant);
    }

    private void setInput(Edit.SetInput edit) {
        NodeHome home = node(edit.node());
        SlotHome slot = home.slot(edit.slot());
        shapesMayDiffer = true;
        if (slot instanceof SlotHome.Implied) {
            homes.put(edit.name(), new ConstantHome.Implied());
        } else if (slot instanceof SlotHome.FromAttribute attribute) {
            homes.put(edit.name(), new ConstantHome.NodeAttribute(home.node(), attribute.name(), attribute.form()));
        } else if (slot instanceof SlotHome.Input input) {
            GraphProto.Builder graph = graph(home.node().graph());
            String name = freshName(edit.name());
            graph.addInitializer(TensorProto.newBuilder().setName(name));
            if (model.getIrVersion() < IR_WITHOUT_INITIALIZER_INPUTS
                    && home.node().graph().equals(GraphPath.MAIN)) {
                graph.addInputBuilder().setName(name);
            }
            homes.put(edit.name(), new ConstantHome.Initializer(home.node().graph(), graph.getInitializerCount() - 1));
            NodeProto.Builder node = graph.getNodeBuilder(home.node().index());
            while (node.getInputCount() <= input.index()) {
                node.addInput("");
            }
            node.setInput(input.index(), name);
        }
        tensors.put(edit.name(), edit.value());
        changed.add(edit.name());
    }

    private String freshName(String wish) {
        String name = wish;
        for (int i = 1; !nativeNames.add(name); i++) {
            name = wish + "~" + i;
        }
        return name;
    }

    private void setAttribute(Edit.SetAttribute edit) {
        NodeHome home = node(edit.node());
        if (home.neutralOnly().contains(edit.attribute())) {
            return;
        }
        shapesMayDiffer = true;
        NodeProto.Builder node =
                graph(home.node().graph()).getNodeBuilder(home.node().index());
        Optional<AttributeProto> value = edit.value().map(attribute -> encode(edit.attribute(), attribute));
        setAttribute(node, edit.attribute(), value);
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

    private NodeHome node(String id) {
        NodeHome home = lifted.nodes().get(id);
        if (home == null) {
            throw new IllegalArgumentException("no node of the file stands behind node " + Quoted.name(id));
        }
        return home;
    }

    private GraphProto.Builder graph(GraphPath path) {
        GraphProto.Builder graph = model.getGraphBuilder();
        for (GraphPath.Step step : path.steps()) {
            graph = graph.getNodeBuilder(step.node())
                    .getAttributeBuilder(step.attribute())
                    .getGBuilder();
        }
        return graph;
    }

    /** The edited model. */
    ModelImage finish(Map<String, String> provenance) {
        changed.stream().filter(name -> !dropped.contains(name)).forEach(this::store);
        new ConstantRemoval(model, homes).remove(dropped);
        if (shapesMayDiffer) {
            StaleShapes.forget(model.getGraphBuilder());
        }
        Provenance.put(model, provenance);
        return payloads.image(model.build());
    }

    private void store(String constant) {
        Tensor value = tensors.get(constant);
        ConstantHome home = homes.get(constant);
        if (home instanceof ConstantHome.Initializer initializer) {
            storeInitializer(initializer, value);
        } else if (home instanceof ConstantHome.ConstantNode node) {
            storeNode(builder(node.node()), value);
        } else if (home instanceof ConstantHome.NodeAttribute attribute) {
            setAttribute(
                    builder(attribute.node()),
                    attribute.name(),
                    Optional.of(encode(attribute.name(), attribute.form().attribute(value))));
        }
    }

    private NodeProto.Builder builder(NodeRef node) {
        return graph(node.graph()).getNodeBuilder(node.index());
    }

    private void storeInitializer(ConstantHome.Initializer home, Tensor value) {
        GraphProto.Builder graph = graph(home.graph());
        TensorProto.Builder initializer = graph.getInitializerBuilder(home.index());
        payloads.store(initializer, value);
        graph.getInputBuilderList().stream()
                .filter(input -> input.getName().equals(initializer.getName()))
                .forEach(input -> StaleShapes.declare(input, value));
    }

    private void storeNode(NodeProto.Builder node, Tensor value) {
        int index = ConstantNodes.valueAttribute(node.build()).orElseThrow();
        AttributeProto.Builder attribute = node.getAttributeBuilder(index);
        if (!attribute.hasT()) {
            attribute.clear().setName("value").setType(AttributeProto.AttributeType.TENSOR);
        }
        payloads.store(attribute.getTBuilder(), value);
    }

    /** Applies edits in order. */
    static ModelImage edit(LiftedModel lifted, ModelImage image, List<Edit> edits, Map<String, String> provenance) {
        ModelEditor editor = new ModelEditor(lifted, image);
        edits.forEach(editor::apply);
        return editor.finish(provenance);
    }
}
