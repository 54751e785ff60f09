package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lifts one graph: the main one or the body of a node. Used once. */
final class BodyLifter {

    private final LiftState model;
    private final GraphProto graph;
    private final GraphPath path;
    private final Scope scope;
    private final Set<String> initializers = new HashSet<>();

    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, ValueType> declared = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    BodyLifter(LiftState model, GraphProto graph, GraphPath path, Scope outer) {
        this.model = model;
        this.graph = graph;
        this.path = path;
        this.scope = new Scope(outer);
    }

    Graph lift() {
        defineNames();
        graph.getInputList().forEach(this::liftInput);
        declare(graph.getValueInfoList());
        declare(graph.getOutputList());
        liftConstants();
        for (int index : TopologicalOrder.of(graph, model.source.file())) {
            if (!ConstantNodes.isTensor(graph.getNode(index))) {
                liftNode(index);
            }
        }
        List<String> outputs = graph.getOutputList().stream()
                .map(output -> resolve(output.getName(), "the graph"))
                .toList();
        return new Graph(graph.getName(), inputs, outputs, nodes, constants, declared);
    }

    private void defineNames() {
        for (TensorProto initializer : graph.getInitializerList()) {
            initializers.add(initializer.getName());
            define(initializer.getName());
        }
        graph.getSparseInitializerList().forEach(sparse -> {
            initializers.add(sparse.getValues().getName());
            define(sparse.getValues().getName());
        });
        Set<String> seen = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            if (!seen.add(input.getName())) {
                throw duplicate(input.getName());
            }
            if (initializers.contains(input.getName())) {
                continue;
            }
            if (isTextInput(input)) {
                scope.define(input.getName(), model.names.fresh(input.getName() + "/text"));
            } else {
                define(input.getName());
            }
        }
        graph.getNodeList().stream()
                .flatMap(node -> node.getOutputList().stream())
                .filter(output -> !output.isEmpty())
                .forEach(this::define);
    }

    private boolean isTextInput(ValueInfoProto input) {
        return path.steps().isEmpty() && TextInputs.isText(input);
    }

    private void define(String name) {
        if (!scope.define(name, model.names.claim(name))) {
            throw duplicate(name);
        }
    }

    private InvalidInputException duplicate(String name) {
        return model.broken("two values of one graph are called " + Quoted.name(name) + "; export the model again");
    }

    private String resolve(String name, String reader) {
        if (name.isEmpty()) {
            return "";
        }
        return scope.resolve(name)
                .orElseThrow(() -> model.broken(reader + " reads value " + Quoted.name(name)
                        + ", which nothing produces; the model is incomplete, export it again"));
    }

    private void liftInput(ValueInfoProto input) {
        String name = scope.resolve(input.getName()).orElseThrow();
        if (initializers.contains(input.getName())) {
            return;
        }
        if (isTextInput(input)) {
            liftTextInput(input, name);
            return;
        }
        Optional<ValueType> type = ValueTypes.decode(input);
        if (type.isEmpty() && (path.steps().isEmpty() || input.getType().hasTensorType())) {
            throw model.broken("input " + Quoted.name(input.getName()) + " is " + ValueTypes.describe(input)
                    + ", which Espalier cannot prune around");
        }
        inputs.put(name, type.orElseGet(() -> undeclared(name)));
        type.ifPresent(known -> model.types.declare(name, known));
    }

    /** The input holds positions in the list of texts that its readers know. */
    private void liftTextInput(ValueInfoProto input, String texts) {
        String positions = model.names.claim(input.getName());
        ValueType type = ValueTypes.decode(input, DataType.INT64);
        inputs.put(positions, type);
        model.types.declare(positions, type);
        List<String> known = TextInputs.known(graph, input.getName());
        model.addTexts(positions, known);
        String list = model.names.fresh(texts + "s");
        nodes.addAll(Texts.nodes(new Attribute.Texts(known), list, "", list));
        nodes.add(Node.of("Gather", List.of(list, positions), List.of(texts), Map.of()));
    }

    /**
     * Bodies may leave the types of their inputs to the node around them. Extents may differ from turn to turn. Single
     * precision where nothing is known, as in the oldest files.
     */
    private ValueType undeclared(String name) {
        Optional<List<Dimension>> shape =
                model.types.shape(name).map(extents -> Collections.nCopies(extents.size(), new Dimension.Unknown()));
        return new ValueType(model.types.elementType(name).orElse(DataType.FLOAT32), shape);
    }

    private void declare(List<ValueInfoProto> values) {
        for (ValueInfoProto value : values) {
            Optional<String> name = scope.resolve(value.getName());
            Optional<ValueType> type = ValueTypes.decode(value);
            if (name.isPresent() && type.isPresent() && !inputs.containsKey(name.get())) {
                declared.put(name.get(), type.get());
                model.types.declare(name.get(), type.get());
            }
        }
    }

    private void liftConstants() {
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto initializer = graph.getInitializer(i);
            if (canSkip(
                    initializer.getName(),
                    DataType.ofOnnxNumber(initializer.getDataType()).isPresent())) {
                continue;
            }
            if (Texts.isText(initializer)) {
                addTexts(initializer.getName(), initializer);
                continue;
            }
            addConstant(
                    initializer.getName(),
                    model.source.tensor(initializer, initializer.getName()),
                    new ConstantBinding.Initializer(path, i));
        }
        graph.getSparseInitializerList().forEach(sparse -> {
            String name = sparse.getValues().getName();
            if (!canSkip(name, false)) {
                throw model.broken("constant " + Quoted.name(name) + " is sparse; export the model with dense weights");
            }
        });
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            if (!ConstantNodes.isTensor(node) || node.getOutputCount() == 0) {
                continue;
            }
            if (canSkip(node.getOutput(0), ConstantNodes.isReadable(node))) {
                continue;
            }
            Optional<TensorProto> texts = ConstantNodes.texts(node);
            if (texts.isPresent()) {
                addTexts(node.getOutput(0), texts.get());
            } else {
                addConstant(
                        node.getOutput(0),
                        ConstantNodes.tensor(node, model.source),
                        new ConstantBinding.ConstantNode(new NodeRef(path, i)));
            }
        }
    }

    /** A constant of a type Espalier does not know is no obstacle as long as nothing reads it. */
    private boolean canSkip(String name, boolean readable) {
        return name.isEmpty() || !readable && !model.names.isRead(name);
    }

    private void addConstant(String name, Tensor tensor, ConstantBinding binding) {
        String neutral = scope.resolve(name).orElseThrow();
        constants.put(neutral, tensor);
        model.addConstant(neutral, tensor, binding);
    }

    /** A constant of texts is no tensor of the neutral graph, which has numbers only, but what nodes make. */
    private void addTexts(String name, TensorProto tensor) {
        Attribute.Texts texts = Texts.list(tensor)
                .orElseThrow(() -> model.broken("tensor " + Quoted.name(name) + " of shape " + tensor.getDimsList()
                        + " has " + tensor.getStringDataCount() + " texts; the model is damaged, export it again"));
        String neutral = scope.resolve(name).orElseThrow();
        if (tensor.getDimsCount() == 1) {
            nodes.addAll(Texts.nodes(texts, neutral, "", neutral));
            return;
        }
        Tensor extents = Tensors.vector(
                tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
        String shape = model.names.fresh(neutral + "/shape");
        constants.put(shape, extents);
        model.addConstant(shape, extents, new ConstantBinding.Implied());
        nodes.addAll(Texts.nodes(texts, model.names.fresh(neutral + "/texts"), shape, neutral));
    }

    private void liftNode(int index) {
        NodeProto proto = graph.getNode(index);
        NodeRef ref = new NodeRef(path, index);
        List<String> outputs =
                proto.getOutputList().stream().map(name -> resolve(name, "")).toList();
        if (outputs.stream().allMatch(String::isEmpty)) {
            return;
        }
        String shown = proto.getOpType() + " node " + Quoted.name(proto.getOutput(0));
        List<String> read =
                proto.getInputList().stream().map(name -> resolve(name, shown)).toList();
        String domain = Domains.neutral(proto.getDomain());
        Node node = new Node(domain, proto.getOpType(), read, outputs, attributes(proto, index));
        NodeDraft draft = new NodeDraft(node, new Around(proto, ref));
        if (domain.isEmpty()) {
            OpsetForms.lift(draft, model.opset);
        } else {
            ContribLifts.lift(draft);
        }
        Node lifted = draft.node();
        nodes.addAll(draft.before);
        nodes.add(lifted);
        nodes.addAll(draft.after);
        List<Node> family = nodes.subList(nodes.size() - draft.before.size() - 1 - draft.after.size(), nodes.size());
        model.addOrigin(new Origin(ref, family.stream().map(Node::id).toList()));
        draft.partBindings(ref).forEach(model::addNode);
        model.addNode(lifted.id(), draft.binding(ref));
    }

    private Map<String, Attribute> attributes(NodeProto proto, int index) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (int i = 0; i < proto.getAttributeCount(); i++) {
            AttributeProto attribute = proto.getAttribute(i);
            GraphPath bodyPath = path.child(index, i);
            AttributeCodec.decode(
                            attribute,
                            tensor -> model.source.tensor(tensor, proto.getOutput(0) + "/" + attribute.getName()),
                            body -> new BodyLifter(model, body, bodyPath, scope).lift())
                    .ifPresent(value -> attributes.put(attribute.getName(), value));
        }
        return attributes;
    }

    /** The graph as the lifting rules of one node see it. */
    private final class Around implements NodeDraft.Surroundings {

        private final NodeProto proto;
        private final NodeRef ref;

        Around(NodeProto proto, NodeRef ref) {
            this.proto = proto;
            this.ref = ref;
        }

        @Override
        public KnownTypes types() {
            return model.types;
        }

        @Override
        public Optional<Tensor> constant(String value) {
            return model.constant(value);
        }

        @Override
        public boolean isRead(int output) {
            return model.names.isRead(proto.getOutput(output));
        }

        @Override
        public String addConstant(String wish, Tensor value, String attribute, AttributeForm form) {
            String name = model.names.fresh(wish);
            constants.put(name, value);
            model.addConstant(name, value, new ConstantBinding.NodeAttribute(ref, attribute, form));
            return name;
        }

        @Override
        public String addImplied(String wish, Tensor value) {
            String name = model.names.fresh(wish);
            imply(name, value);
            return name;
        }

        @Override
        public void imply(String value, Tensor tensor) {
            forgetType(value);
            constants.put(value, tensor);
            model.addConstant(value, tensor, new ConstantBinding.Implied());
        }

        @Override
        public void forgetType(String value) {
            declared.remove(value);
            model.types.forget(value);
            model.addForeign(value);
        }

        @Override
        public void refuseAtLast(String what) {
            model.refuseAtLast(what);
        }

        @Override
        public InvalidInputException broken(String what) {
            return model.broken(what);
        }

        @Override
        public String fresh(String wish) {
            return model.names.fresh(wish);
        }
    }
}
