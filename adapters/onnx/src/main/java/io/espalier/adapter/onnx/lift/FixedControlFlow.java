package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes out control flow whose course is fixed when the model is exported: loops with a constant number of turns, branches
 * on a constant, sequences of tensors whose length and positions are known. Exporters of scripted code leave them behind
 * where nothing is decided at run time. What depends on data stays as it is.
 */
final class FixedControlFlow {

    private static final Set<String> CONCERNED = Set.of("Loop", "If", "SequenceAt", "ConcatFromSequence");
    private static final Set<String> SEQUENCES =
            Set.of("SequenceEmpty", "SequenceConstruct", "SequenceInsert", "Identity");

    private final ModelSource source;
    private final long mostTurns;
    private final NodeBudget budget;
    private final FreshNames names = new FreshNames();
    private final Map<String, Tensor> constants = new HashMap<>();
    private final Map<String, List<String>> sequences = new HashMap<>();
    private final List<NodeProto> nodes = new ArrayList<>();

    private FixedControlFlow(ModelSource source, long mostTurns, NodeBudget budget) {
        this.budget = budget;
        this.source = source;
        this.mostTurns = mostTurns;
    }

    /**
     * The model without fixed control flow in its main graph; the same object when it has none.
     *
     * @param mostTurns how many turns a loop may have at most
     */
    static ModelProto writeOut(ModelProto model, ModelSource source, long mostTurns, NodeBudget budget) {
        GraphProto graph = model.getGraph();
        if (graph.getNodeList().stream().noneMatch(FixedControlFlow::isConcerned)) {
            return model;
        }
        FixedControlFlow flow = new FixedControlFlow(source, mostTurns, budget);
        flow.names.reserve(NativeNames.defined(graph));
        graph.getInitializerList().forEach(flow::learn);
        graph.getNodeList().forEach(flow::expand);
        if (flow.nodes.equals(graph.getNodeList())) {
            return model;
        }
        GraphProto.Builder changed = graph.toBuilder().clearNode().addAllNode(flow.withoutUnreadSequences(graph));
        return model.toBuilder().setGraph(changed).build();
    }

    private static boolean isConcerned(NodeProto node) {
        return Domains.isStandard(node.getDomain()) && CONCERNED.contains(node.getOpType());
    }

    private void learn(TensorProto initializer) {
        if (initializer.getDimsList().stream().allMatch(extent -> extent == 1)
                && DataType.ofOnnxNumber(initializer.getDataType()).isPresent()) {
            constants.put(initializer.getName(), source.tensor(initializer, initializer.getName()));
        }
    }

    // ---- node by node

    private void expand(NodeProto node) {
        boolean known = Domains.isStandard(node.getDomain())
                && switch (node.getOpType()) {
                    case "Loop" -> loop(node);
                    case "If" -> branch(node);
                    case "SequenceAt" -> pick(node);
                    case "ConcatFromSequence" -> join(node);
                    default -> false;
                };
        if (known) {
            return;
        }
        nodes.add(node);
        if (ConstantNodes.isTensor(node)) {
            if (ConstantNodes.isReadable(node)) {
                constants.put(node.getOutput(0), ConstantNodes.tensor(node, source));
            }
        } else if (Domains.isStandard(node.getDomain())) {
            follow(node);
        }
    }

    /** Learns what sequences consist of, and follows other names of what is known. */
    private void follow(NodeProto node) {
        switch (node.getOpType()) {
            case "Identity" -> {
                number(node.getInput(0)).ifPresent(value -> constants.put(node.getOutput(0), value));
                sequence(node.getInput(0)).ifPresent(parts -> sequences.put(node.getOutput(0), parts));
            }
            case "SequenceEmpty" -> sequences.put(node.getOutput(0), List.of());
            case "SequenceConstruct" -> sequences.put(node.getOutput(0), List.copyOf(node.getInputList()));
            case "SequenceInsert" ->
                sequence(node.getInput(0))
                        .ifPresent(parts -> place(node, 2, parts.size(), parts.size(), parts.size())
                                .ifPresent(place -> {
                                    List<String> longer = new ArrayList<>(parts);
                                    longer.add(place, node.getInput(1));
                                    sequences.put(node.getOutput(0), List.copyOf(longer));
                                }));
            default -> {}
        }
    }

    private Optional<Tensor> number(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    private Optional<List<String>> sequence(String name) {
        return Optional.ofNullable(sequences.get(name));
    }

    /** A constant position in a sequence of some size; counted from the end when negative. */
    private Optional<Integer> place(NodeProto node, int slot, int otherwise, int size, int largest) {
        if (node.getInputCount() <= slot || node.getInput(slot).isEmpty()) {
            return Optional.of(otherwise);
        }
        return number(node.getInput(slot))
                .filter(value -> value.size() == 1)
                .map(value -> (int) Tensors.toDoubles(value)[0])
                .map(place -> place < 0 ? place + size : place)
                .filter(place -> place >= 0 && place <= largest);
    }

    private boolean pick(NodeProto node) {
        Optional<String> part = sequence(node.getInput(0))
                .flatMap(parts ->
                        place(node, 1, -1, parts.size(), parts.size() - 1).map(parts::get));
        part.ifPresent(name -> alias(name, node.getOutput(0)));
        return part.isPresent();
    }

    private boolean join(NodeProto node) {
        Optional<List<String>> parts = sequence(node.getInput(0)).filter(known -> !known.isEmpty());
        boolean stacks = node.getAttributeList().stream()
                .anyMatch(attribute -> attribute.getName().equals("new_axis") && attribute.getI() != 0);
        if (parts.isEmpty() || stacks) {
            return false;
        }
        NodeProto.Builder concat = NodeProto.newBuilder()
                .setName(node.getName())
                .setOpType("Concat")
                .addAllInput(parts.get())
                .addOutput(node.getOutput(0));
        node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("axis"))
                .forEach(concat::addAttribute);
        nodes.add(concat.build());
        return true;
    }

    private void alias(String name, String as) {
        expand(NodeProto.newBuilder()
                .setOpType("Identity")
                .addInput(name)
                .addOutput(as)
                .build());
    }

    // ---- bodies

    private boolean branch(NodeProto node) {
        Optional<Boolean> condition = number(node.getInput(0)).map(value -> Tensors.toDoubles(value)[0] != 0);
        if (condition.isEmpty()) {
            return false;
        }
        GraphProto body = body(node, condition.get() ? "then_branch" : "else_branch");
        Map<String, String> renamed = hoist(body, node);
        List<String> results = turn(body, renamed, node);
        for (int i = 0; i < node.getOutputCount(); i++) {
            alias(results.get(i), node.getOutput(i));
        }
        return true;
    }

    private boolean loop(NodeProto node) {
        GraphProto body = body(node, "body");
        int carried = body.getInputCount() - 2;
        Optional<Integer> turns = node.getInput(0).isEmpty()
                ? Optional.empty()
                : number(node.getInput(0)).map(value -> (int) Math.min(Tensors.toDoubles(value)[0], Integer.MAX_VALUE));
        boolean starts = node.getInput(1).isEmpty() || isTrue(node.getInput(1));
        boolean collects = body.getOutputCount() > carried + 1;
        if (turns.isEmpty() || turns.get() > mostTurns || !starts || collects || !goesOn(body)) {
            return false;
        }
        Map<String, String> hoisted = hoist(body, node);
        List<String> state = new ArrayList<>(node.getInputList().subList(2, node.getInputCount()));
        List<Long> turnShape = declaredShape(body.getInput(0));
        String on = constant(node, "condition", Tensors.fromDoubles(DataType.BOOL, declaredShape(body.getInput(1)), 1));
        for (int number = 0; number < turns.get(); number++) {
            Map<String, String> renamed = new HashMap<>(hoisted);
            renamed.put(body.getInput(0).getName(), constant(node, "turn", Tensors.longs(turnShape, number)));
            renamed.put(body.getInput(1).getName(), on);
            for (int i = 0; i < carried; i++) {
                renamed.put(body.getInput(i + 2).getName(), state.get(i));
            }
            List<String> results = turn(body, renamed, node);
            state = new ArrayList<>(results.subList(1, results.size()));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (!node.getOutput(i).isEmpty()) {
                alias(state.get(i), node.getOutput(i));
            }
        }
        return true;
    }

    /** Exporters declare the number of a turn with one axis or none, and count on getting what they declared. */
    private static List<Long> declaredShape(ValueInfoProto input) {
        return input.getType().getTensorType().getShape().getDimCount() == 0 ? List.of() : List.of(1L);
    }

    private static GraphProto body(NodeProto node, String attribute) {
        return node.getAttributeList().stream()
                .filter(each -> each.getName().equals(attribute))
                .map(AttributeProto::getG)
                .findFirst()
                .orElse(GraphProto.getDefaultInstance());
    }

    private boolean isTrue(String name) {
        return number(name)
                .filter(value -> value.type() == DataType.BOOL && Tensors.toDoubles(value)[0] != 0)
                .isPresent();
    }

    /** Whether a loop never stops before its number of turns. */
    private boolean goesOn(GraphProto body) {
        if (body.getInputCount() < 2 || body.getOutputCount() == 0) {
            return false;
        }
        Map<String, NodeProto> producers = new HashMap<>();
        body.getNodeList().forEach(node -> node.getOutputList().forEach(output -> producers.put(output, node)));
        String condition = body.getOutput(0).getName();
        NodeProto producer = producers.get(condition);
        while (producer != null && producer.getOpType().equals("Identity")) {
            condition = producer.getInput(0);
            producer = producers.get(condition);
        }
        if (producer != null) {
            return ConstantNodes.isTensor(producer)
                    && Tensors.toDoubles(ConstantNodes.tensor(producer, source))[0] != 0;
        }
        return condition.equals(body.getInput(1).getName()) || isTrue(condition);
    }

    /** Moves the constants of a body out of it, once for all turns; returns their new names. */
    private Map<String, String> hoist(GraphProto body, NodeProto node) {
        Map<String, String> renamed = new LinkedHashMap<>();
        for (TensorProto initializer : body.getInitializerList()) {
            String name = fresh(initializer.getName(), node);
            renamed.put(initializer.getName(), name);
            expand(constant(name, initializer));
        }
        for (NodeProto inner : body.getNodeList()) {
            if (ConstantNodes.isTensor(inner)) {
                renamed.put(inner.getOutput(0), fresh(inner.getOutput(0), node));
                expand(Renaming.of(renamed).node(inner));
            }
        }
        return renamed;
    }

    /** Writes out the nodes of a body; returns the names of its results. */
    private List<String> turn(GraphProto body, Map<String, String> renamed, NodeProto node) {
        Renaming renaming = Renaming.of(renamed);
        for (NodeProto inner : body.getNodeList()) {
            if (!ConstantNodes.isTensor(inner)) {
                budget.add(node.getOpType() + " of " + node.getOutput(0));
                inner.getOutputList().stream()
                        .filter(output -> !output.isEmpty())
                        .forEach(output -> renamed.put(output, fresh(output, node)));
                expand(renaming.node(inner));
            }
        }
        return body.getOutputList().stream()
                .map(output -> renaming.name(output.getName()))
                .toList();
    }

    private String constant(NodeProto node, String wish, Tensor value) {
        String name = fresh(wish, node);
        TensorProto.Builder message = TensorProto.newBuilder();
        ModelImage.empty().store(message, value);
        expand(constant(name, message.build()));
        return name;
    }

    private static NodeProto constant(String name, TensorProto value) {
        return NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput(name)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(value))
                .build();
    }

    private String fresh(String wish, NodeProto node) {
        return names.fresh(node.getOutput(0) + "/" + wish);
    }

    // ---- what is left over

    private List<NodeProto> withoutUnreadSequences(GraphProto graph) {
        Set<String> read = new HashSet<>();
        graph.getOutputList().forEach(output -> read.add(output.getName()));
        List<NodeProto> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            NodeProto node = nodes.get(i);
            boolean makesSequence = SEQUENCES.contains(node.getOpType())
                    && node.getOutputList().stream().allMatch(sequences::containsKey);
            if (!makesSequence || node.getOutputList().stream().anyMatch(read::contains)) {
                kept.add(0, node);
                read.addAll(NativeNames.read(node));
            }
        }
        return kept;
    }
}
