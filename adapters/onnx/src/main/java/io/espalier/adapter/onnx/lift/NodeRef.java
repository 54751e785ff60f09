package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;

/**
 * A node of the native model.
 *
 * @param graph the graph it lies in
 * @param index its index there
 */
public record NodeRef(GraphPath graph, int index) {

    NodeProto in(ModelProto model) {
        return graph.in(model).getNode(index);
    }
}
