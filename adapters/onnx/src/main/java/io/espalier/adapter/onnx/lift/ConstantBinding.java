package io.espalier.adapter.onnx.lift;

/** Where a constant of the neutral graph lies in the native model. */
public sealed interface ConstantBinding {

    /** An initializer of a graph. */
    record Initializer(GraphPath graph, int index) implements ConstantBinding {}

    /** A {@code Constant} node. */
    record ConstantNode(NodeRef node) implements ConstantBinding {}

    /** An attribute that became an input in a later opset. */
    record NodeAttribute(NodeRef node, String name, AttributeForm form) implements ConstantBinding {}

    /** Nowhere: it follows from the rest of the native node. */
    record Implied() implements ConstantBinding {}
}
