package io.espalier.graph.gradient;

import io.espalier.graph.operator.BodyCopy;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.MisfitException;
import io.espalier.graph.operator.Turns;
import io.espalier.graph.operator.Turns.Sequence;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * The gradient of a loop as another one that turns backwards: the loop collects the states that its turns begin with; backwards, each turn
 * computes once more what it computed and hands the gradient by its states to the turn before. It turns as often as the loop did, whoever
 * decided that.
 */
final class TurnGradients {

    private final Emitter e;
    private final BiFunction<Graph, List<String>, Gradients> differentiated;
    private final Graph around;
    private final Turns turns;
    private final Map<Integer, String> arriving;
    private final Predicate<String> varies;

    /** Parts of the node that turns backwards, in its order. */
    private final List<String> operands = new ArrayList<>();

    private final List<Sequence> read = new ArrayList<>();
    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final List<Integer> realStates = new ArrayList<>();
    private final List<String> arrivingStates = new ArrayList<>();
    private final List<String> captured = new ArrayList<>();
    private final List<String> totals = new ArrayList<>();
    private final List<Integer> sequences = new ArrayList<>();
    private final Map<Integer, String> arrivingSlices = new LinkedHashMap<>();

    /**
     * Starts with one application.
     *
     * @param differentiated differentiates the first output of a graph by some of its values
     * @param around the graph that the loop is part of
     * @param arriving gradients by outputs of the loop, by slot
     * @param varies whether a value changes with what is differentiated by
     */
    TurnGradients(
            Emitter e,
            BiFunction<Graph, List<String>, Gradients> differentiated,
            Graph around,
            Turns turns,
            Map<Integer, String> arriving,
            Predicate<String> varies) {
        this.e = e;
        this.differentiated = differentiated;
        this.around = around;
        this.turns = turns;
        this.arriving = arriving;
        this.varies = varies;
    }

    /**
     * Adds the loop that turns backwards.
     *
     * @param found takes the gradient by each value that the loop reads
     * @return the loop itself, which collects more
     * @throws MisfitException when a state changes its extents from turn to turn
     */
    Node add(BiConsumer<String, String> found) {
        if (!turns.isSteady(e.shapes())) {
            throw new MisfitException("a state changes its extents from turn to turn, or they are not known");
        }
        List<String> saved = new ArrayList<>();
        Node collecting = collecting(saved);
        states();
        captured();
        sequences(saved);
        List<String> by = by();
        Gradients gradients = differentiated.apply(stated(), by);
        Graph body = backwards(gradients);
        List<String> outputs = new ArrayList<>();
        List<Sequence> collected = new ArrayList<>();
        for (int state : realStates) {
            outputs.add(fresh());
            found.accept(turns.first(state), outputs.get(outputs.size() - 1));
        }
        for (String value : captured) {
            outputs.add(fresh());
            found.accept(value, outputs.get(outputs.size() - 1));
        }
        for (int which : sequences) {
            outputs.add(fresh());
            collected.add(turned(turns.read().get(which)));
            found.accept(turns.sequence(which), outputs.get(outputs.size() - 1));
        }
        e.add(Turns.scan(body, operands, read, outputs, collected));
        return collecting;
    }

    private String fresh() {
        return e.fresh(turns.node().id());
    }

    private static Sequence turned(Sequence sequence) {
        return new Sequence(sequence.axis(), !sequence.backwards());
    }

    /** The loop with the states that turns begin with, and the numbers of its turns. */
    private Node collecting(List<String> saved) {
        Graph body = turns.body();
        List<String> outputs = new ArrayList<>();
        int all = turns.states() + turns.collected().size();
        for (int slot = 0; slot < all; slot++) {
            outputs.add(turns.node().output(slot).orElseGet(this::fresh));
        }
        List<String> seen = new ArrayList<>();
        turns.number().ifPresent(seen::add);
        for (int state = 0; state < turns.states(); state++) {
            seen.add(turns.before(state));
        }
        List<Node> nodes = new ArrayList<>(body.nodes());
        List<String> returned = new ArrayList<>(body.outputs());
        for (String value : seen) {
            String name = e.fresh("begins");
            nodes.add(Node.of("Identity", List.of(value), List.of(name), Map.of()));
            returned.add(name);
            saved.add(fresh());
        }
        outputs.addAll(saved);
        Graph longer =
                new Graph(body.name(), body.inputs(), returned, nodes, body.constants(), body.declared(), body.given());
        return turns.collecting(longer, outputs);
    }

    /** What is handed back from turn to turn: the gradients by real states. */
    private void states() {
        for (int state = 0; state < turns.states(); state++) {
            String first = turns.first(state);
            if (isReal(first)) {
                realStates.add(state);
                String name = e.fresh("arriving");
                arrivingStates.add(name);
                inputs.put(name, type(first));
                String last = arriving.get(state);
                operands.add(last == null ? e.zerosLike(first) : last);
            }
        }
    }

    /** Gradients by values of the graph around are added up over the turns. */
    private void captured() {
        Set<String> outer = new LinkedHashSet<>(turns.node().reads());
        outer.removeAll(turns.node().inputs());
        for (String value : outer) {
            if (varies.test(value) && isReal(value)) {
                captured.add(value);
                String total = e.fresh("total");
                totals.add(total);
                inputs.put(total, type(value));
                operands.add(e.zerosLike(value));
            }
        }
    }

    private void sequences(List<String> saved) {
        turns.number().ifPresent(name -> inputs.put(name, new ValueType(DataType.INT64, Optional.of(List.of()))));
        for (int state = 0; state < turns.states(); state++) {
            inputs.put(turns.before(state), type(turns.first(state)));
        }
        for (String value : saved) {
            operands.add(value);
            read.add(new Sequence(0, true));
        }
        for (int which = 0; which < turns.read().size(); which++) {
            String sequence = turns.sequence(which);
            operands.add(sequence);
            read.add(turned(turns.read().get(which)));
            inputs.put(turns.slice(which), slice(sequence, turns.read().get(which)));
            if (varies.test(sequence) && isReal(sequence)) {
                sequences.add(which);
            }
        }
        for (int which = 0; which < turns.collected().size(); which++) {
            String gradient = arriving.get(turns.states() + which);
            if (gradient != null) {
                String name = e.fresh("arriving");
                arrivingSlices.put(which, name);
                operands.add(gradient);
                read.add(turned(turns.collected().get(which)));
                inputs.put(
                        name,
                        slice(
                                turns.node().outputs().get(turns.states() + which),
                                turns.collected().get(which)));
            }
        }
    }

    private List<String> by() {
        List<String> by = new ArrayList<>();
        realStates.forEach(state -> by.add(turns.before(state)));
        by.addAll(captured);
        sequences.forEach(which -> by.add(turns.slice(which)));
        return by;
    }

    /** A turn as a graph of its own, which returns the sum of the products of what it returns with the arriving gradients. */
    private Graph stated() {
        Graph body = turns.body();
        Map<String, ValueType> types = new LinkedHashMap<>(inputs);
        Map<String, Tensor> constants = new LinkedHashMap<>(body.constants());
        turns.condition().ifPresent(name -> constants.put(name, Tensors.fromDoubles(DataType.BOOL, List.of(), 1)));
        Set<String> outer = new LinkedHashSet<>(turns.node().reads());
        outer.removeAll(turns.node().inputs());
        outer.forEach(value -> {
            Tensor constant = around.constants().get(value);
            if (constant == null) {
                types.put(value, type(value));
            } else {
                constants.put(value, constant);
            }
        });
        List<Node> nodes = new ArrayList<>(body.nodes());
        List<String> sums = new ArrayList<>();
        for (int i = 0; i < realStates.size(); i++) {
            sums.add(product(nodes, turns.after(realStates.get(i)), arrivingStates.get(i)));
        }
        arrivingSlices.forEach((which, name) -> sums.add(product(nodes, turns.returned(which), name)));
        String loss = e.fresh("loss");
        nodes.add(Node.of("Sum", sums, List.of(loss), Map.of()));
        return new Graph(body.name(), types, List.of(loss), nodes, constants, body.declared());
    }

    private String product(List<Node> nodes, String value, String gradient) {
        String product = e.fresh("product");
        String sum = e.fresh("sum");
        nodes.add(Node.of("Mul", List.of(value, gradient), List.of(product), Map.of()));
        nodes.add(Node.of("ReduceSum", List.of(product), List.of(sum), Map.of("keepdims", new Attribute.Int(0))));
        return sum;
    }

    private Graph backwards(Gradients found) {
        FreshNames names = FreshNames.of(found.graph());
        List<Node> nodes = new ArrayList<>(found.graph().nodes());
        List<String> returned = new ArrayList<>();
        for (int state : realStates) {
            returned.add(names.fresh("gradient"));
            nodes.add(identity(found.byValue().get(turns.before(state)), returned));
        }
        for (int i = 0; i < captured.size(); i++) {
            returned.add(names.fresh("gradient"));
            String part = found.byValue().get(captured.get(i));
            nodes.add(
                    Node.of("Add", List.of(totals.get(i), part), List.of(returned.get(returned.size() - 1)), Map.of()));
        }
        for (int which : sequences) {
            returned.add(names.fresh("gradient"));
            nodes.add(identity(found.byValue().get(turns.slice(which)), returned));
        }
        Graph whole = Subgraph.of(found.graph().withNodes(nodes), returned);
        Graph body = new Graph(turns.body().name(), inputs, returned, whole.nodes(), whole.constants(), Map.of());
        return BodyCopy.of(e, body, around.constants().keySet());
    }

    /** A body cannot return what it has not made itself. */
    private static Node identity(String value, List<String> returned) {
        return Node.of("Identity", List.of(value), List.of(returned.get(returned.size() - 1)), Map.of());
    }

    private boolean isReal(String value) {
        return e.shapes().type(value).filter(DataType::isFloating).isPresent();
    }

    private ValueType type(String value) {
        return new ValueType(
                e.shapes().type(value).orElse(DataType.FLOAT32),
                e.shapes().shape(value).map(TurnGradients::dimensions));
    }

    private ValueType slice(String value, Sequence sequence) {
        return new ValueType(
                e.shapes().type(value).orElse(DataType.FLOAT32),
                e.shapes().shape(value).map(shape -> {
                    List<Dim> rest = new ArrayList<>(shape);
                    rest.remove((int) (sequence.axis() < 0 ? sequence.axis() + shape.size() : sequence.axis()));
                    return dimensions(rest);
                }));
    }

    private static List<Dimension> dimensions(List<Dim> shape) {
        return shape.stream()
                .<Dimension>map(extent -> extent.isConstant()
                        ? new Dimension.Fixed(extent.constant())
                        : new Dimension.Symbol(extent.toString()))
                .toList();
    }
}
