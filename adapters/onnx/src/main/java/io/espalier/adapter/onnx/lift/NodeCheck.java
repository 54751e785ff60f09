package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.AttributeProto.AttributeType;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Refuses nodes of the standard domain that have more inputs than their operator, or lack what it cannot do without: inputs, outputs, attributes, bodies
 * with as many values as their node hands in and takes out. What the rest of the lift reads of such nodes is there.
 */
final class NodeCheck {

    /** The schemas tell nothing of how operators were called before. */
    private static final int FIRST_WITH_SCHEMAS = 7;

    private final Path file;
    private final int opset;

    NodeCheck(Path file, int opset) {
        this.file = file;
        this.opset = opset;
    }

    /**
     * Checks the nodes of a graph and of its bodies.
     *
     * @throws InvalidInputException when one is broken; the message names it
     */
    void check(GraphProto graph) {
        if (opset < FIRST_WITH_SCHEMAS) {
            return;
        }
        for (NodeProto node : graph.getNodeList()) {
            if (Domains.isStandard(node.getDomain())) {
                OperatorSchemas.of(node.getOpType())
                        .flatMap(schema -> objection(node, schema).or(() -> bodies(node)))
                        .ifPresent(why -> {
                            throw refused(node, why);
                        });
            }
            node.getAttributeList().stream().filter(AttributeProto::hasG).forEach(attribute -> check(attribute.getG()));
        }
    }

    private Optional<String> objection(NodeProto node, OperatorSchema schema) {
        if (node.getOutputList().stream().allMatch(String::isEmpty)) {
            return Optional.of("it has no output");
        }
        Map<String, AttributeType> attributes = node.getAttributeList().stream()
                .collect(Collectors.toMap(AttributeProto::getName, NodeCheck::type, (first, second) -> first));
        return schema.lacking(node.getInputList(), opset)
                .or(() -> schema.tooMany(node.getInputList()))
                .or(() -> schema.wrongSetting(attributes, opset));
    }

    /** The type of an attribute, which files of old exporters leave out. */
    private static AttributeType type(AttributeProto attribute) {
        if (attribute.getType() != AttributeType.UNDEFINED) {
            return attribute.getType();
        }
        return attribute.hasG()
                ? AttributeType.GRAPH
                : attribute.hasT() ? AttributeType.TENSOR : AttributeType.UNDEFINED;
    }

    private static Optional<String> bodies(NodeProto node) {
        int inputs = node.getInputCount();
        int outputs = node.getOutputCount();
        return switch (node.getOpType()) {
            case "If" ->
                body(node, "then_branch", 0, Integer.MAX_VALUE, outputs, outputs)
                        .or(() -> body(node, "else_branch", 0, Integer.MAX_VALUE, outputs, outputs));
            case "Loop" ->
                inputs < 2
                        ? Optional.of("it has fewer than 2 inputs")
                        : body(node, "body", inputs, inputs, Math.max(outputs + 1, inputs - 1), Integer.MAX_VALUE);
            case "Scan" -> body(node, "body", 1, Integer.MAX_VALUE, outputs, outputs);
            default -> Optional.empty();
        };
    }

    private static Optional<String> body(
            NodeProto node, String name, int fewestIn, int mostIn, int fewestOut, int mostOut) {
        Optional<GraphProto> body = node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name) && attribute.hasG())
                .map(AttributeProto::getG)
                .findFirst();
        if (body.isEmpty()) {
            return Optional.of("it lacks the body '" + name + "'");
        }
        int in = body.get().getInputCount();
        int out = body.get().getOutputCount();
        return in < fewestIn || in > mostIn || out < fewestOut || out > mostOut
                ? Optional.of("its body '" + name + "' has " + in + " inputs and " + out
                        + " outputs, which does not fit the " + node.getInputCount() + " inputs and "
                        + node.getOutputCount() + " outputs of the node")
                : Optional.empty();
    }

    private InvalidInputException refused(NodeProto node, String why) {
        String made = node.getOutputList().stream()
                .filter(name -> !name.isEmpty())
                .findFirst()
                .map(name -> "that makes " + Quoted.name(name))
                .orElse("named " + Quoted.name(node.getName()));
        return new InvalidInputException(file + " is broken: the " + Quoted.name(node.getOpType()) + " " + made + ": "
                + why + "; export it again");
    }
}
