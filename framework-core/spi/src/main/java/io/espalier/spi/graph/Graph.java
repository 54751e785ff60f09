package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The neutral computational graph: ONNX operators of one fixed opset, in topological order.
 *
 * <p>Every framework adapter lifts its native model into this form. Value names are unique within a graph and the
 * graphs around it. Immutable; constants are read lazily. What an adapter cannot express in these operators stays a node
 * of a domain of the adapter's own, with a text attribute {@code reason}: nothing is pruned through it.
 *
 * @param name name of the graph, for people
 * @param inputs inputs that a caller feeds, in order; a constant is never an input
 * @param outputs names of the values the graph returns, in order
 * @param nodes operators in topological order
 * @param constants constant tensors by name: weights, shape operands, tables
 * @param declared types the file declares for values other than inputs, outputs included
 * @param given values of inputs that are known beforehand, in type and shape of the input: what is found out about the
 *     graph holds for these values; the inputs stay inputs
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Graph(
        String name,
        Map<String, ValueType> inputs,
        List<String> outputs,
        List<Node> nodes,
        Map<String, Tensor> constants,
        Map<String, ValueType> declared,
        Map<String, Tensor> given) {

    /** The opset of {@code ai.onnx} whose operators are the vocabulary of the neutral graph. */
    public static final int OPSET = 24;

    public Graph {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
        given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
    }

    /** A graph of which no input has a known value. */
    public Graph(
            String name,
            Map<String, ValueType> inputs,
            List<String> outputs,
            List<Node> nodes,
            Map<String, Tensor> constants,
            Map<String, ValueType> declared) {
        this(name, inputs, outputs, nodes, constants, declared, Map.of());
    }

    /** This graph with known values of inputs. */
    public Graph withGiven(Map<String, Tensor> values) {
        return new Graph(name, inputs, outputs, nodes, constants, declared, values);
    }

    /** This graph with other nodes. */
    public Graph withNodes(List<Node> changed) {
        return new Graph(name, inputs, outputs, changed, constants, declared, given);
    }

    /** This graph with other declared types. */
    public Graph withDeclared(Map<String, ValueType> changed) {
        return new Graph(name, inputs, outputs, nodes, constants, changed, given);
    }

    /** This graph with constants added or replaced. */
    public Graph withConstants(Map<String, Tensor> changed) {
        Map<String, Tensor> merged = new LinkedHashMap<>(constants);
        merged.putAll(changed);
        return new Graph(name, inputs, outputs, nodes, merged, declared, given);
    }

    /** The constants of this graph and of all bodies of its nodes, by name. */
    public Map<String, Tensor> allConstants() {
        if (nodes.stream().allMatch(node -> node.bodies().isEmpty())) {
            return constants;
        }
        Map<String, Tensor> all = new LinkedHashMap<>(constants);
        nodes.forEach(node -> node.bodies().forEach(body -> all.putAll(body.allConstants())));
        return Collections.unmodifiableMap(all);
    }

    /** This graph returning more values, appended to its outputs when they are not there yet. */
    public Graph withOutputs(List<String> additional) {
        List<String> all = new ArrayList<>(outputs);
        additional.stream().filter(value -> !all.contains(value)).forEach(all::add);
        return new Graph(name, inputs, all, nodes, constants, declared, given);
    }
}
