package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What is known of every value of a graph and of its sub-graphs: element type, symbolic shape and, for shape
 * arithmetic, the elements.
 *
 * <p>Extents are symbols of the file, symbols named after a value and its axis ({@code image.0}) where the file is
 * silent or the extent depends on data, or polynomials over these. Safe for reading by several threads as long as the
 * constants of the graph are.
 */
public final class Shapes implements KnownValues {

    private final Map<String, Value> values;
    private final List<String> problems;
    private final Map<String, String> misfits;
    private final List<String> unusable;

    Shapes(Map<String, Value> values, List<String> problems, Map<String, String> misfits, Set<String> unusable) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.problems = List.copyOf(problems);
        this.misfits = Collections.unmodifiableMap(new LinkedHashMap<>(misfits));
        this.unusable = List.copyOf(unusable);
    }

    @Override
    public Optional<List<Dim>> shape(String value) {
        return find(value).flatMap(Value::shape);
    }

    @Override
    public Optional<DataType> type(String value) {
        return find(value).flatMap(Value::type);
    }

    @Override
    public Optional<IntTensor> content(String value) {
        return find(value).flatMap(Value::integers);
    }

    @Override
    public Optional<Progression> progression(String value) {
        return find(value).flatMap(Value::progression);
    }

    @Override
    public Optional<Progression> tuples(String value) {
        return find(value).flatMap(Value::tuples);
    }

    /**
     * Extents of a value that must be known.
     *
     * @throws InvalidInputException when they are not
     */
    public List<Dim> require(String value) {
        return shape(value)
                .orElseThrow(() -> new InvalidInputException("The shape of the value '" + value
                        + "' cannot be inferred; declare it in the model, or teach the operator that makes it."));
    }

    /** Types of all values whose element type is known; extents that are no numbers are left open. */
    public Map<String, ValueType> types() {
        Map<String, ValueType> types = new LinkedHashMap<>();
        values.forEach((name, value) -> value.type()
                .ifPresent(type ->
                        types.put(name, new ValueType(type, value.shape().map(Shapes::extents)))));
        return types;
    }

    private static List<Dimension> extents(List<Dim> shape) {
        return shape.stream()
                .<Dimension>map(extent ->
                        extent.isConstant() ? new Dimension.Fixed(extent.constant()) : new Dimension.Unknown())
                .toList();
    }

    /** Names of all values in topological order, those of unknown shape included. */
    public Set<String> values() {
        return values.keySet();
    }

    /**
     * One sentence for each contradiction: of the operands of an operator, whose outputs then have no shape, and of a
     * declared rank, which then does not count.
     */
    public List<String> problems() {
        return problems;
    }

    /** Why the operands of a node, in a body or not, do not fit its operator; empty when they do. */
    public Optional<String> misfit(String node) {
        return Optional.ofNullable(misfits.get(node));
    }

    /**
     * Refuses a graph with an operator whose operands or attributes make no sense. One in a body is let pass, since a branch
     * that is never taken may hold anything: it is a barrier. So is one that the runtime accepts: a rule of ours may be wrong.
     *
     * @param accepted whether the runtime loads the graph; asked only when something makes no sense
     * @throws UnusableGraphException when there is one
     */
    public void requireSound(BooleanSupplier accepted) {
        if (!unusable.isEmpty() && !accepted.getAsBoolean()) {
            throw new UnusableGraphException("The model makes no sense: " + unusable.get(0)
                    + (unusable.size() > 1 ? " (and " + (unusable.size() - 1) + " more)" : "")
                    + "; export it again.");
        }
    }

    /** Why the operands of a node do not fit its operator, of the first, those in bodies last; empty when all do. */
    public Optional<String> unsound() {
        return Stream.concat(unusable.stream(), misfits.values().stream()).findFirst();
    }

    private Optional<Value> find(String value) {
        return Optional.ofNullable(values.get(value));
    }
}
