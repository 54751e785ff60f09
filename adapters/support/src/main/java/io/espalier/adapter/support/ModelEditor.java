package io.espalier.adapter.support;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Applies edits to the constants and nodes of a neutral graph and its bodies. An adapter extends it with what the edits
 * change in its native model, by overriding what happens at an edit or by looking at the result. Used once; not
 * thread-safe.
 */
public abstract class ModelEditor {

    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Set<String> dropped = new LinkedHashSet<>();

    protected ModelEditor(Graph graph) {
        collect(graph);
    }

    private void collect(Graph graph) {
        constants.putAll(graph.constants());
        for (Node node : graph.nodes()) {
            nodes.put(node.id(), node);
            node.bodies().forEach(this::collect);
        }
    }

    /**
     * Applies edits in order.
     *
     * @throws IllegalArgumentException when one names something the graph does not have, or asks for what the native
     *     model cannot hold
     * @throws InvalidInputException when one adds or removes a node and the native model cannot
     */
    public final void apply(List<Edit> edits) {
        edits.forEach(this::apply);
    }

    private void apply(Edit edit) {
        if (edit instanceof Edit.Keep keep) {
            keep(keep);
        } else if (edit instanceof Edit.SetConstant set) {
            setConstant(set);
        } else if (edit instanceof Edit.SetInput set) {
            setInput(set);
        } else if (edit instanceof Edit.SetAttribute set) {
            setAttribute(set);
        } else if (edit instanceof Edit.SetShape set) {
            setShape(set);
        } else if (edit instanceof Edit.Drop drop) {
            dropped.addAll(drop.constants());
        } else if (edit instanceof Edit.AddNode add) {
            addNode(add);
        } else if (edit instanceof Edit.RemoveNode remove) {
            removeNode(remove);
        } else if (edit instanceof Edit.Omit omit) {
            omit(omit);
        }
    }

    /**
     * Refuses. A format can override it when it has a way from any neutral node to one of its own; one that stores layouts,
     * fused activations, quantisation or training state with its operators has none. Overriding methods call
     * {@link #insert}.
     */
    protected void addNode(Edit.AddNode edit) {
        throw new InvalidInputException("The operator '" + edit.node().operator() + "' that makes "
                + Quoted.name(edit.node().id()) + " cannot be added: files of this kind cannot gain operators.");
    }

    /**
     * Refuses, as {@link #addNode} does: what reads a removed node is added again. Overriding methods call {@link #delete}.
     */
    protected void removeNode(Edit.RemoveNode edit) {
        throw new InvalidInputException("The operator '" + node(edit.node()).operator() + "' that makes "
                + Quoted.name(edit.node()) + " cannot be removed: files of this kind cannot lose operators.");
    }

    /** Refuses. A format that can leave operands of sums out overrides it. */
    protected void omit(Edit.Omit edit) {
        throw new InvalidInputException(
                "An operand of the operator '" + node(edit.sum()).operator() + "' that makes " + Quoted.name(edit.sum())
                        + " cannot be left out: files of this kind cannot lose operators.");
    }

    protected void keep(Edit.Keep edit) {
        replace(edit.constant(), Tensors.sliced(constant(edit.constant()), edit.axis(), edit.indices()));
    }

    protected void setConstant(Edit.SetConstant edit) {
        constant(edit.constant());
        replace(edit.constant(), edit.value());
    }

    protected void setInput(Edit.SetInput edit) {
        Node node = node(edit.node());
        replace(edit.name(), edit.value());
        nodes.put(edit.node(), node.withInput(edit.slot(), edit.name()));
    }

    protected void setAttribute(Edit.SetAttribute edit) {
        Node node = node(edit.node());
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        edit.value()
                .ifPresentOrElse(
                        value -> attributes.put(edit.attribute(), value), () -> attributes.remove(edit.attribute()));
        nodes.put(edit.node(), new Node(node.domain(), node.operator(), node.inputs(), node.outputs(), attributes));
    }

    /** Does nothing: most formats do not store the shapes of computed values. */
    protected void setShape(Edit.SetShape edit) {}

    /** Adds a node, which later edits may change. */
    protected final void insert(Edit.AddNode edit) {
        constants.putAll(edit.constants());
        nodes.put(edit.node().id(), edit.node());
    }

    /** Removes a node; later edits do not find it. */
    protected final void delete(Edit.RemoveNode edit) {
        node(edit.node());
        nodes.remove(edit.node());
    }

    /** Gives a constant another value, or adds one. */
    protected final void replace(String constant, Tensor value) {
        constants.put(constant, value);
        changed.add(constant);
        dropped.remove(constant);
    }

    /** The value of a constant after the edits so far. */
    protected final Tensor constant(String name) {
        Tensor tensor = constants.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the graph has no constant " + Quoted.name(name));
        }
        return tensor;
    }

    /** A node after the edits so far. */
    protected final Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("the graph has no node that makes " + Quoted.name(id));
        }
        return node;
    }

    /** The constants after the edits so far, those of bodies and dropped ones included. */
    protected final Map<String, Tensor> constants() {
        return Collections.unmodifiableMap(constants);
    }

    /** Constants that were given another value and not dropped afterwards, in the order of their first change. */
    protected final List<String> changed() {
        return changed.stream().filter(name -> !dropped.contains(name)).toList();
    }

    /** Constants that nothing reads any more. */
    protected final Set<String> dropped() {
        return Collections.unmodifiableSet(dropped);
    }
}
