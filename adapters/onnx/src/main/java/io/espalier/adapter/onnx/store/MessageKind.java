package io.espalier.adapter.onnx.store;

import java.util.Map;

/** The messages on the way from a model to its tensors, with the fields that lead on. */
enum MessageKind {
    MODEL,
    TRAINING_INFO,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR;

    private Map<Integer, MessageKind> children = Map.of();

    static {
        MODEL.children = Map.of(7, GRAPH, 20, TRAINING_INFO, 25, FUNCTION);
        TRAINING_INFO.children = Map.of(1, GRAPH, 2, GRAPH);
        FUNCTION.children = Map.of(7, NODE, 11, ATTRIBUTE);
        GRAPH.children = Map.of(1, NODE, 5, TENSOR, 15, SPARSE_TENSOR);
        NODE.children = Map.of(5, ATTRIBUTE);
        ATTRIBUTE.children = Map.of(5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH, 22, SPARSE_TENSOR, 23, SPARSE_TENSOR);
        SPARSE_TENSOR.children = Map.of(1, TENSOR, 2, TENSOR);
    }

    /** The kind of message in a length-delimited field, or null when no tensor can be inside. */
    MessageKind child(int field) {
        return children.get(field);
    }
}
