package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.spi.graph.Graph;
import java.util.Map;

/**
 * A neutral graph with the way back.
 *
 * @param graph the neutral graph
 * @param proto the native model that homes refer to: the file's own, with local functions inlined
 * @param constants home of every constant, by name
 * @param nodes home of every node that stands for a native one, by its first output
 * @param opset version of the standard operators in the file
 */
public record LiftedModel(
        Graph graph, ModelProto proto, Map<String, ConstantHome> constants, Map<String, NodeHome> nodes, int opset) {

    public LiftedModel {
        constants = Map.copyOf(constants);
        nodes = Map.copyOf(nodes);
    }
}
