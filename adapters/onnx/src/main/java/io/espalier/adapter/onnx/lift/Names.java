package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import java.util.HashSet;
import java.util.Set;

/** Names of the neutral graph: those of the file, and new ones that clash with none of them. Not thread-safe. */
final class Names {

    private final Set<String> inFile = new HashSet<>();
    private final Set<String> readInFile = new HashSet<>();
    private final Set<String> taken = new HashSet<>();

    Names(GraphProto graph) {
        collect(graph);
    }

    /** Whether any node or graph output of the file reads a value of this name. */
    boolean isRead(String name) {
        return readInFile.contains(name);
    }

    /** The neutral name of a value: its own, unless a value of another scope has taken it. */
    String claim(String name) {
        return taken.add(name) ? name : fresh(name);
    }

    /** A name that nobody has: the wish, or the wish with a number. */
    String fresh(String wish) {
        String name = wish;
        for (int i = 1; inFile.contains(name) || !taken.add(name); i++) {
            name = wish + "~" + i;
        }
        return name;
    }

    private void collect(GraphProto graph) {
        graph.getInputList().stream().map(ValueInfoProto::getName).forEach(inFile::add);
        graph.getInitializerList().stream().map(TensorProto::getName).forEach(inFile::add);
        graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(name -> {
            inFile.add(name);
            readInFile.add(name);
        });
        for (NodeProto node : graph.getNodeList()) {
            inFile.addAll(node.getInputList());
            inFile.addAll(node.getOutputList());
            readInFile.addAll(node.getInputList());
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    collect(attribute.getG());
                }
            }
        }
    }
}
