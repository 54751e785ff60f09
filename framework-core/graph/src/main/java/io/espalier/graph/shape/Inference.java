package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One pass over a graph: knows what was found so far and reconciles it with what the file declares. */
final class Inference implements InferenceContext {

    private final ShapeRules rules;
    private final Function<String, Optional<List<Dim>>> given;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> unusable = new LinkedHashSet<>();
    private final Map<String, String> misfits = new LinkedHashMap<>();
    private int depth;
    private final Set<String> declaredSymbols = new HashSet<>();
    private final Set<Dim> invented = new HashSet<>();

    Inference(ShapeRules rules, Function<String, Optional<List<Dim>>> given) {
        this.rules = rules;
        this.given = given;
    }

    Shapes run(Graph graph) {
        collectSymbols(graph);
        graph.inputs().forEach((name, type) -> values.put(name, declared(name, type, 1)));
        graph.given().forEach((name, value) -> values.put(name, Value.constant(value)));
        visit(graph);
        return new Shapes(values, new ArrayList<>(problems), misfits, unusable);
    }

    @Override
    public Value value(String name) {
        return values.getOrDefault(name, Value.unknown());
    }

    @Override
    public Optional<List<Dim>> shape(String value) {
        return value(value).shape();
    }

    @Override
    public Optional<DataType> type(String value) {
        return value(value).type();
    }

    @Override
    public Optional<IntTensor> content(String value) {
        return value(value).integers();
    }

    @Override
    public Optional<Progression> progression(String value) {
        return value(value).progression();
    }

    @Override
    public Optional<Progression> tuples(String value) {
        return value(value).tuples();
    }

    @Override
    public Dim fresh(String value, int axis, long minimum) {
        String name = value + "." + axis;
        while (declaredSymbols.contains(name)) {
            name += "'";
        }
        Dim symbol = Dim.symbol(name, minimum);
        if (minimum == 0) {
            invented.add(symbol);
        }
        return symbol;
    }

    @Override
    public List<Value> body(Graph body, List<Value> inputs) {
        int slot = 0;
        for (Map.Entry<String, ValueType> input : body.inputs().entrySet()) {
            Value given = slot < inputs.size() ? inputs.get(slot) : Value.unknown();
            Value found = reconciled(input.getKey(), given, Optional.of(input.getValue()));
            values.put(input.getKey(), withGivenShape(input.getKey(), found));
            slot++;
        }
        depth++;
        visit(body);
        depth--;
        return body.outputs().stream().map(this::value).toList();
    }

    private void visit(Graph graph) {
        graph.constants().forEach((name, tensor) -> values.put(name, Value.constant(tensor)));
        for (Node node : graph.nodes()) {
            visit(node, graph);
        }
    }

    private void visit(Node node, Graph graph) {
        NodeScope scope = new NodeScope(this, node);
        Optional<ShapeRule> entry = rules.shapeRule(node);
        boolean ready = entry.isPresent() && inputsKnown(node, entry.get().needed());
        boolean sound = hasPlaces(scope, entry) && (!ready || apply(entry.get().rule(), scope));
        if (!ready) {
            node.bodies().forEach(body -> body(body, List.of()));
        }
        store(scope, graph, sound);
        if (sound) {
            Optional<String> misfit = rules.misfit(node, this);
            misfit.ifPresent(what -> {
                report(scope, scope.conflict(what));
                store(scope, graph, false);
            });
        }
    }

    private void store(NodeScope scope, Graph graph, boolean sound) {
        List<String> outputs = scope.node().outputs();
        for (int slot = 0; slot < outputs.size(); slot++) {
            String name = outputs.get(slot);
            if (!name.isEmpty()) {
                Value found = sound ? scope.output(slot) : Value.unknown();
                Optional<ValueType> declared =
                        sound ? Optional.ofNullable(graph.declared().get(name)) : Optional.empty();
                values.put(name, withGivenShape(name, reconciled(name, found, declared)));
            }
        }
    }

    /** Whether a node has the inputs that its operator cannot do without, and an output. */
    private boolean hasPlaces(NodeScope scope, Optional<ShapeRule> rule) {
        int inputs = scope.node().inputs().size();
        int needed = rule.map(ShapeRule::needed)
                .filter(count -> count != ShapeRule.ALL)
                .orElse(0);
        if (inputs < needed) {
            report(scope, scope.conflict("it has " + inputs + " inputs instead of at least " + needed));
        } else if (rule.isPresent() && scope.node().outputs().isEmpty()) {
            report(scope, scope.conflict("it has no output"));
        } else {
            return true;
        }
        return false;
    }

    private void report(NodeScope scope, ShapeConflict conflict) {
        problems.add(conflict.getMessage());
        misfits.put(scope.node().id(), conflict.getMessage());
        if (depth == 0) {
            unusable.add(conflict.getMessage());
        }
    }

    private Value withGivenShape(String name, Value found) {
        Optional<List<Dim>> shape = given.apply(name);
        // Content computed for another shape says nothing about this one.
        return shape.isEmpty() || shape.equals(found.shape()) ? found : Value.of(found.type(), shape, Optional.empty());
    }

    private boolean inputsKnown(Node node, int needed) {
        int slots = Math.min(needed, node.inputs().size());
        for (int slot = 0; slot < slots; slot++) {
            String name = node.inputs().get(slot);
            if (!name.isEmpty() && value(name).shape().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private boolean apply(ShapeRule.Rule rule, NodeScope scope) {
        try {
            rule.infer(scope);
            return true;
        } catch (ShapeConflict conflict) {
            report(scope, conflict);
        } catch (ArithmeticException overflow) {
            report(scope, scope.conflict("its extents are larger than a number of 64 bits can say"));
        }
        return false;
    }

    private Value reconciled(String name, Value found, Optional<ValueType> declared) {
        if (declared.isEmpty()) {
            return found;
        }
        Optional<DataType> type = found.type().or(() -> declared.map(ValueType::type));
        Optional<List<Dimension>> extents = declared.get().shape();
        if (found.shape().isEmpty()) {
            return declared(name, declared.get(), 0);
        }
        List<Dim> shape = found.shape().get();
        if (extents.isEmpty()) {
            return found.type().isPresent()
                    ? found
                    : Value.of(type, found.shape(), found.content()).counting(found.progression());
        }
        if (extents.get().size() != shape.size()) {
            problems.add("the value '" + name + "' is declared with rank "
                    + extents.get().size() + " but has the shape " + shape);
            return found;
        }
        return Value.of(type, Optional.of(reconciled(shape, extents.get())), found.content())
                .counting(found.progression());
    }

    /** Inferred extents, except that a declared number says more than a symbol invented for data. */
    private List<Dim> reconciled(List<Dim> shape, List<Dimension> declared) {
        List<Dim> merged = new ArrayList<>(shape.size());
        for (int axis = 0; axis < shape.size(); axis++) {
            Dim inferred = shape.get(axis);
            boolean better = declared.get(axis) instanceof Dimension.Fixed fixed
                    && fixed.extent() >= 0
                    && invented.contains(inferred);
            merged.add(better ? Dim.of(((Dimension.Fixed) declared.get(axis)).extent()) : inferred);
        }
        return merged;
    }

    private Value declared(String name, ValueType type, long minimum) {
        Optional<List<Dim>> shape = type.shape().map(extents -> {
            List<Dim> dims = new ArrayList<>(extents.size());
            for (Dimension extent : extents) {
                dims.add(declared(name, dims.size(), extent, minimum));
            }
            return dims;
        });
        return Value.of(Optional.of(type.type()), shape, Optional.empty());
    }

    /** Some exporters write an unknown extent as a negative number or as the name {@code ?}. */
    private Dim declared(String name, int axis, Dimension extent, long minimum) {
        if (extent instanceof Dimension.Fixed fixed && fixed.extent() >= 0) {
            return Dim.of(fixed.extent());
        }
        return extent instanceof Dimension.Symbol symbol && named(symbol)
                ? Dim.symbol(symbol.name())
                : fresh(name, axis, minimum);
    }

    private static boolean named(Dimension.Symbol symbol) {
        return !symbol.name().isBlank() && !symbol.name().equals("?");
    }

    private void collectSymbols(Graph graph) {
        graph.inputs().values().forEach(this::collectSymbols);
        graph.declared().values().forEach(this::collectSymbols);
        graph.nodes().forEach(node -> node.bodies().forEach(this::collectSymbols));
    }

    private void collectSymbols(ValueType type) {
        type.shape()
                .ifPresent(extents -> extents.forEach(extent -> {
                    if (extent instanceof Dimension.Symbol symbol) {
                        declaredSymbols.add(symbol.name());
                    }
                }));
    }
}
