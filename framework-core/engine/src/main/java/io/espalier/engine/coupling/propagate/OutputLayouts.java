package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Layout;
import io.espalier.spi.graph.Node;

/** Replaces the layout that an operator gives to an output; tests put wrong layouts in. */
@FunctionalInterface
public interface OutputLayouts {

    /** Leaves every layout as it is. */
    OutputLayouts AS_FOUND = (node, slot, layout) -> layout;

    /** The layout of an output. */
    Layout of(Node node, int slot, Layout layout);
}
