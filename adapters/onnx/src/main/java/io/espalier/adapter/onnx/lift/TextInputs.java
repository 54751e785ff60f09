package io.espalier.adapter.onnx.lift;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The texts that an input may hold. The neutral graph has no texts: there such an input holds positions in this list, and
 * a Gather picks the texts.
 */
public final class TextInputs {

    /** Texts beside those the graph knows, where it knows fewer than two. */
    private static final List<String> OTHERS = List.of("a", "b");

    /** Operators that hand texts on. */
    private static final Set<String> MOVING = Set.of(
            "ArrayFeatureExtractor",
            "Concat",
            "Expand",
            "Flatten",
            "Gather",
            "Identity",
            "Reshape",
            "Slice",
            "Split",
            "Squeeze",
            "StringNormalizer",
            "Tile",
            "Transpose",
            "Unsqueeze");

    private final Map<String, List<String>> constants = new HashMap<>();
    private final Set<String> same = new HashSet<>();
    private final Set<String> texts = new LinkedHashSet<>();

    private TextInputs() {}

    /** Whether an input takes texts. */
    public static boolean isText(ValueInfoProto input) {
        return input.getType().getTensorType().getElemType() == TensorProto.DataType.STRING.getNumber();
    }

    /** The texts that the operators which read an input know, in the order of the graph; at least two. */
    static List<String> known(GraphProto graph, String input) {
        TextInputs search = new TextInputs();
        search.same.add(input);
        graph.getInitializerList().stream()
                .filter(Texts::isText)
                .forEach(constant -> search.constants.put(constant.getName(), strings(constant)));
        graph.getNodeList().forEach(search::visit);
        if (search.texts.size() < 2) {
            search.texts.addAll(OTHERS);
        }
        return List.copyOf(search.texts);
    }

    /** Nodes lie in an order in which they can run, or nearly so. */
    private void visit(NodeProto node) {
        if (ConstantNodes.isTensor(node)) {
            ConstantNodes.texts(node).ifPresent(constant -> constants.put(node.getOutput(0), strings(constant)));
        }
        if (node.getInputList().stream().noneMatch(same::contains)) {
            return;
        }
        if (MOVING.contains(node.getOpType())) {
            same.addAll(node.getOutputList());
        }
        for (AttributeProto attribute : node.getAttributeList()) {
            texts.addAll(strings(attribute.getStringsList()));
            if (attribute.hasT() && Texts.isText(attribute.getT())) {
                texts.addAll(strings(attribute.getT()));
            }
        }
        node.getInputList().forEach(operand -> texts.addAll(constants.getOrDefault(operand, List.of())));
    }

    private static List<String> strings(TensorProto tensor) {
        return strings(tensor.getStringDataList());
    }

    private static List<String> strings(List<ByteString> bytes) {
        return bytes.stream().map(ByteString::toStringUtf8).toList();
    }
}
