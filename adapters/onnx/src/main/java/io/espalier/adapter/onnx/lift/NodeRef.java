package io.espalier.adapter.onnx.lift;

/**
 * A node of the native model.
 *
 * @param graph the graph it lies in
 * @param index its index there
 */
public record NodeRef(GraphPath graph, int index) {}
