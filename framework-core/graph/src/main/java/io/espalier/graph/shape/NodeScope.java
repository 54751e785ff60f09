package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a rule sees of a node: its inputs as far as they are known, and where it puts what it finds out. */
public final class NodeScope {

    private final InferenceContext inference;
    private final Node node;
    private final Value[] outputs;

    NodeScope(InferenceContext inference, Node node) {
        this.inference = inference;
        this.node = node;
        this.outputs = new Value[node.outputs().size()];
    }

    public Node node() {
        return node;
    }

    /** What is known of the values of the graph so far. */
    public KnownValues values() {
        return inference;
    }

    public boolean has(int slot) {
        return node.input(slot).isPresent();
    }

    /** The input in a slot; unknown when it is absent. */
    public Value value(int slot) {
        return node.input(slot).map(inference::value).orElseGet(Value::unknown);
    }

    /** The shape of an input the rule cannot do without. */
    public List<Dim> shape(int slot) {
        return knownShape(slot).orElseThrow(() -> conflict("input " + slot + " is missing or has no known shape"));
    }

    /** The shape of an input the rule cannot do without, checked for its rank. */
    public List<Dim> shape(int slot, int rank) {
        List<Dim> shape = shape(slot);
        if (shape.size() != rank) {
            throw conflict("input " + slot + " should have rank " + rank + " but is " + shape);
        }
        return shape;
    }

    public Optional<List<Dim>> knownShape(int slot) {
        return value(slot).shape();
    }

    public Optional<DataType> type(int slot) {
        return value(slot).type();
    }

    public Optional<Content> content(int slot) {
        return value(slot).content();
    }

    /** The elements of an input when all are known integers. */
    public Optional<List<Dim>> integers(int slot) {
        return content(slot).flatMap(Content::integers);
    }

    /** The elements of an input when all are known integers without symbols. */
    public Optional<List<Long>> longs(int slot) {
        return integers(slot)
                .filter(all -> all.stream().allMatch(Dim::isConstant))
                .map(all -> all.stream().map(Dim::constant).toList());
    }

    /** An integer that the node takes as an input, or the default when the input is absent. */
    public Optional<Dim> integer(int slot, long otherwise) {
        return has(slot)
                ? integers(slot).filter(all -> all.size() == 1).map(all -> all.get(0))
                : Optional.of(Dim.of(otherwise));
    }

    /** The axis attribute as a position among the axes of a rank. */
    public int axis(long otherwise, int rank) {
        return position(node.intAttribute("axis", otherwise), rank);
    }

    /** A possibly negative axis as a position among the axes of a rank. */
    public int position(long axis, int rank) {
        long position = axis < 0 ? axis + rank : axis;
        if (position < 0 || position >= rank) {
            throw conflict("axis " + axis + " does not exist in rank " + rank);
        }
        return (int) position;
    }

    public List<Integer> positions(List<Long> axes, int rank) {
        return axes.stream().map(axis -> position(axis, rank)).toList();
    }

    public boolean wants(int slot) {
        return node.output(slot).isPresent();
    }

    public void put(int slot, Value value) {
        List<Dim> shape = value.shape().orElse(List.of());
        if (shape.stream().anyMatch(extent -> extent.bounds().upper() < 0)) {
            throw conflict("the shape " + shape + " of output " + slot + " has a negative extent");
        }
        if (slot < outputs.length) {
            outputs[slot] = value;
        }
    }

    public void put(int slot, Optional<DataType> type, List<Dim> shape) {
        put(slot, Value.of(type, Optional.of(shape), Optional.empty()));
    }

    public void put(int slot, DataType type, List<Dim> shape) {
        put(slot, Optional.of(type), shape);
    }

    /** An output of the type of the first input. */
    public void put(int slot, List<Dim> shape) {
        put(slot, type(0), shape);
    }

    public void put(int slot, Optional<DataType> type, List<Dim> shape, Optional<Content> content) {
        put(slot, Value.of(type, Optional.of(shape), content));
    }

    /** Says that the first output counts positions. */
    public void count(Optional<Progression> progression) {
        outputs[0] = output(0).counting(progression);
    }

    /** What an input counts, when it does. */
    public Optional<Progression> progression(int slot) {
        return value(slot).progression();
    }

    public Value output(int slot) {
        return slot < outputs.length && outputs[slot] != null ? outputs[slot] : Value.unknown();
    }

    /** An extent nobody knows, named after the output and its axis. */
    public Dim fresh(int slot, int axis) {
        return inference.fresh(node.output(slot).orElseGet(() -> node.id() + "#" + slot), axis, 0);
    }

    public List<Dim> freshShape(int slot, int rank) {
        List<Dim> shape = new ArrayList<>(rank);
        for (int axis = 0; axis < rank; axis++) {
            shape.add(fresh(slot, axis));
        }
        return shape;
    }

    /** The extents that an input asks for, unknown ones fresh; empty when not even their number is known. */
    public Optional<List<Dim>> extents(int slot) {
        Optional<Content> content = content(slot);
        if (content.isEmpty()) {
            return knownShape(slot)
                    .filter(shape -> shape.size() == 1 && shape.get(0).isConstant())
                    .map(shape -> freshShape(0, (int) shape.get(0).constant()));
        }
        List<Dim> extents = new ArrayList<>();
        for (Optional<Fraction> element : content.get().elements()) {
            int axis = extents.size();
            extents.add(
                    element.filter(Fraction::isInteger).map(Fraction::numerator).orElseGet(() -> fresh(0, axis)));
        }
        return Optional.of(extents);
    }

    /** Infers the values of a sub-graph whose inputs have these types. */
    public List<Value> body(Graph body, List<Value> inputs) {
        return inference.body(body, inputs);
    }

    public ShapeConflict conflict(String what) {
        return new ShapeConflict("the " + node.qualifiedOperator() + " that makes '" + node.id() + "': " + what);
    }
}
