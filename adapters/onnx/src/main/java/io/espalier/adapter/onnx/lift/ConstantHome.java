package io.espalier.adapter.onnx.lift;

/** Where a constant of the neutral graph lies in the native model. */
public sealed interface ConstantHome {

    /** An initializer of a graph. */
    record Initializer(GraphPath graph, int index) implements ConstantHome {}

    /** A {@code Constant} node. */
    record ConstantNode(NodeRef node) implements ConstantHome {}

    /** An attribute that became an input in a later opset. */
    record NodeAttribute(NodeRef node, String name, AttributeForm form) implements ConstantHome {}

    /** Nowhere: it follows from the rest of the native node. */
    record Implied() implements ConstantHome {}
}
