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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * One change to a model in neutral terms. Constants are named as in {@link io.espalier.spi.graph.Graph#constants()},
 * nodes by their first output. Edits apply one after the other: each means the model as those before it have left it, and
 * only the model after the last one has to be whole. {@link GraphEdits} applies them to a neutral graph.
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
     * Adds a node to the outermost graph; its place follows from what it reads. Later edits may change it as any other
     * node. A format that cannot hold it refuses.
     *
     * <p>A node that takes the place of another is added after that one was removed. Its constants that nothing reads in the
     * end are dropped.
     *
     * @param node its outputs are values that the graph does not have, or has no more; it reads values of the outermost
     *     graph, of other added nodes and its own constants
     * @param constants constants of its own, under names that the graph does not have
     */
    record AddNode(Node node, Map<String, Tensor> constants) implements Edit {
        public AddNode {
            constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        }
    }

    /**
     * Removes a node of the outermost graph, with the constants that it read and that nothing reads in the end. What it
     * computed is computed by an added node, or not read any more. A format that cannot remove it refuses.
     *
     * @param node first output of the node
     */
    record RemoveNode(String node) implements Edit {}

    /**
     * Leaves an operand of a sum of the outermost graph out. With it go the nodes that led to an output through it alone, and the
     * constants that nothing reads in the end. What reads a sum of which one operand remains reads that operand instead; the graph and
     * its bodies do not return such a sum. A format that cannot leave it out refuses.
     *
     * @param sum first output of the node that adds; all its operands have its type and shape
     * @param slot the operand, as the node has it before any edit
     */
    record Omit(String sum, int slot) implements Edit {

        /** The operands that some edits leave out, by sum. */
        public static Map<String, Set<Integer>> bySum(List<Omit> edits) {
            Map<String, Set<Integer>> slots = new LinkedHashMap<>();
            edits.forEach(each ->
                    slots.computeIfAbsent(each.sum(), sum -> new TreeSet<>()).add(each.slot()));
            return slots;
        }

        /** What remains of operands without some of them. */
        public static List<String> remaining(List<String> operands, Set<Integer> slots) {
            return IntStream.range(0, operands.size())
                    .filter(slot -> !slots.contains(slot))
                    .mapToObj(operands::get)
                    .toList();
        }
    }

    /** Drops constants that nothing reads any more after the other edits. */
    record Drop(List<String> constants) implements Edit {
        public Drop {
            constants = List.copyOf(constants);
        }
    }
}
