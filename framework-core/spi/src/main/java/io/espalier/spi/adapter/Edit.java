package io.espalier.spi.adapter;

import io.espalier.spi.Stability;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change to a model in neutral terms. Constants are named as in {@link io.espalier.spi.graph.Graph#constants()},
 * nodes by their first output.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public sealed interface Edit {

    /**
     * Keeps some positions of one axis of a constant.
     *
     * @param constant name of the constant
     * @param axis the axis, from 0
     * @param indices positions that are kept, in ascending order
     */
    record Keep(String constant, int axis, int[] indices) implements Edit {}

    /**
     * Replaces a constant as a whole; type and shape may change. Used where what stays differs from block to block, and
     * for repaired weights.
     */
    record SetConstant(String constant, Tensor value) implements Edit {}

    /**
     * Gives one input of one node a constant of its own.
     *
     * @param node first output of the node
     * @param slot input slot; may be one past the inputs the node has
     * @param name name of the new constant, unique in the graph
     * @param value its value
     */
    record SetInput(String node, int slot, String name, Tensor value) implements Edit {}

    /** Sets an attribute of a node, or removes it when the value is empty. */
    record SetAttribute(String node, String attribute, Optional<Attribute> value) implements Edit {}

    /**
     * Says what shape a computed value has once all edits are made, for formats that store it. Changes nothing else.
     *
     * @param value name of a computed value
     * @param shape its extents; those that are not numbers are as they were
     */
    record SetShape(String value, List<Dimension> shape) implements Edit {
        public SetShape {
            shape = List.copyOf(shape);
        }
    }

    /**
     * Adds a node to the outermost graph; its place follows from what it reads. A format that cannot hold it refuses.
     *
     * @param node its outputs are new values, or values of nodes that other edits remove; it reads values of the graph, of
     *     other added nodes and its own constants
     * @param constants constants of its own, under names that the graph does not have
     */
    record AddNode(Node node, Map<String, Tensor> constants) implements Edit {
        public AddNode {
            constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        }
    }

    /**
     * Removes a node of the outermost graph. What it computed is computed by an added node, or not read any more. A format
     * that cannot remove it refuses.
     *
     * @param node first output of the node
     */
    record RemoveNode(String node) implements Edit {}

    /** Drops constants that nothing reads any more after the other edits. */
    record Drop(List<String> constants) implements Edit {
        public Drop {
            constants = List.copyOf(constants);
        }
    }
}
