package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Turns a sequence to which each turn of a loop appends one tensor, and which is stacked afterwards, into what it is: an
 * output that the loop collects. Scripted code makes lists that way; the neutral graph knows no sequences.
 */
final class CollectedSequences {

    private final GraphProto.Builder graph;
    private final Map<String, Integer> readers = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();

    private CollectedSequences(GraphProto.Builder graph) {
        this.graph = graph;
        count(graph.build(), readers);
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(output -> producers.put(output, node)));
    }

    private static void count(GraphProto graph, Map<String, Integer> readers) {
        graph.getOutputList().forEach(output -> readers.merge(output.getName(), 1, Integer::sum));
        for (NodeProto node : graph.getNodeList()) {
            node.getInputList().forEach(input -> readers.merge(input, 1, Integer::sum));
            node.getAttributeList().stream()
                    .filter(AttributeProto::hasG)
                    .forEach(attribute -> count(attribute.getG(), readers));
        }
    }

    /** The model without such sequences in its main graph; the same object when it has none. */
    static ModelProto writeOut(ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        boolean changed = false;
        for (int place = 0; place < graph.getNodeCount(); place++) {
            if (is(graph.getNode(place), "ConcatFromSequence")) {
                changed |= new CollectedSequences(graph).stack(place);
            }
        }
        if (!changed) {
            return model;
        }
        dropUnreadStarts(graph);
        return model.toBuilder().setGraph(graph).build();
    }

    private static boolean is(NodeProto node, String operator) {
        return Domains.isStandard(node.getDomain()) && node.getOpType().equals(operator);
    }

    private boolean stack(int place) {
        NodeProto stack = graph.getNode(place);
        NodeProto loop = producers.get(stack.getInput(0));
        Optional<NodeProto> moved = moved(stack);
        boolean readOnce = readers.get(stack.getInput(0)) == 1;
        if (attribute(stack, "new_axis") == 0 || loop == null || !is(loop, "Loop") || !readOnce || moved.isEmpty()) {
            return false;
        }
        Optional<NodeProto> collecting = collecting(loop, loop.getOutputList().indexOf(stack.getInput(0)));
        collecting.ifPresent(changed -> {
            graph.setNode(graph.getNodeList().indexOf(loop), changed);
            graph.setNode(place, moved.get());
        });
        return collecting.isPresent();
    }

    /** What takes the place of the stacking: turns are along the first axis already. */
    private Optional<NodeProto> moved(NodeProto stack) {
        NodeProto.Builder node = stack.toBuilder().clearAttribute();
        long axis = attribute(stack, "axis");
        if (axis == 0) {
            return Optional.of(node.setOpType("Identity").build());
        }
        OptionalInt rank = graph.getValueInfoList().stream()
                .filter(value -> value.getName().equals(stack.getOutput(0)))
                .filter(value -> value.getType().getTensorType().hasShape())
                .mapToInt(value -> value.getType().getTensorType().getShape().getDimCount())
                .findFirst();
        if (rank.isEmpty()) {
            return Optional.empty();
        }
        List<Long> order = new ArrayList<>(
                IntStream.range(1, rank.getAsInt()).mapToObj(Long::valueOf).toList());
        order.add((int) (axis < 0 ? axis + rank.getAsInt() : axis), 0L);
        AttributeProto.Builder permutation =
                AttributeProto.newBuilder().setName("perm").setType(AttributeProto.AttributeType.INTS);
        return Optional.of(node.setOpType("Transpose")
                .addAttribute(permutation.addAllInts(order))
                .build());
    }

    private static long attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .mapToLong(AttributeProto::getI)
                .findFirst()
                .orElse(0);
    }

    /** The loop with what it appends collected in place of a state; empty when the state is more than that. */
    private Optional<NodeProto> collecting(NodeProto loop, int state) {
        int place = IntStream.range(0, loop.getAttributeCount())
                .filter(i -> loop.getAttribute(i).hasG())
                .findFirst()
                .orElse(-1);
        GraphProto body = place < 0
                ? GraphProto.getDefaultInstance()
                : loop.getAttribute(place).getG();
        if (state >= body.getInputCount() - 2 || loop.getInputCount() != body.getInputCount()) {
            return Optional.empty();
        }
        NodeProto start = producers.get(loop.getInput(state + 2));
        String before = body.getInput(state + 2).getName();
        String after = body.getOutput(state + 1).getName();
        Optional<NodeProto> append = body.getNodeList().stream()
                .filter(node -> is(node, "SequenceInsert")
                        && node.getInputCount() == 2
                        && node.getInput(0).equals(before)
                        && node.getOutput(0).equals(after))
                .findFirst();
        boolean startsEmpty = start != null && is(start, "SequenceEmpty");
        if (!startsEmpty || append.isEmpty() || readers.get(before) != 1 || readers.get(after) != 1) {
            return Optional.empty();
        }
        return Optional.of(collecting(loop, place, body, state, append.get()));
    }

    private static NodeProto collecting(NodeProto loop, int place, GraphProto body, int state, NodeProto append) {
        GraphProto.Builder turn = body.toBuilder()
                .removeInput(state + 2)
                .removeOutput(state + 1)
                .addOutput(ValueInfoProto.newBuilder().setName(append.getOutput(0)));
        // What is appended may be returned as a state too, and a body returns no value twice.
        NodeProto.Builder copy = append.toBuilder().setOpType("Identity").clearInput();
        turn.setNode(body.getNodeList().indexOf(append), copy.addInput(append.getInput(1)));
        NodeProto.Builder changed = loop.toBuilder();
        changed.getAttributeBuilder(place).setG(turn);
        List<String> read = new ArrayList<>(loop.getInputList());
        read.remove(state + 2);
        List<String> made = new ArrayList<>(loop.getOutputList());
        int results = body.getOutputCount() - 1;
        while (made.size() < results) {
            made.add("");
        }
        made.add(made.remove(state));
        return changed.clearInput()
                .addAllInput(read)
                .clearOutput()
                .addAllOutput(made)
                .build();
    }

    private static void dropUnreadStarts(GraphProto.Builder graph) {
        Map<String, Integer> left = new HashMap<>();
        count(graph.build(), left);
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (is(node, "SequenceEmpty") && !left.containsKey(node.getOutput(0))) {
                graph.removeNode(i);
            }
        }
    }
}
