package io.espalier.graph.cost;

import io.espalier.graph.operator.Extents;
import io.espalier.graph.operator.MacRule;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a graph costs.
 *
 * <p>Multiply-accumulates are those of convolutions, matrix products, Einsum, attention and recurrent cells; biases,
 * normalisations, activations and pools do not count (torchvision and fvcore count the same way; Torch-Pruning adds
 * them). Of the branches of an {@code If} the most expensive counts; bodies of loops count
 * for one turn, since the number of turns is not known before the model runs. Parameters are the
 * elements of trained constants, a shared one once, without running statistics. Bytes are those of all constants, or of a file.
 *
 * <p>Symbolic extents need numbers: the batch is 1, the sides of an image 224, other lengths 128, extents that depend
 * on data 1, unless values are given. Immutable and thread-safe.
 */
public final class CostModel {

    /** A node that multiplies and sums. */
    private record Counted(String node, MacRule rule) {}

    /** What one node costs: by itself, and the most expensive of its bodies or all of them. */
    private record Step(Optional<Counted> own, List<List<Step>> bodies, boolean oneOf) {}

    private final Shapes shapes;
    private final Map<String, Long> symbols;
    private final TrainableConstants trainable;
    private final List<Step> steps;
    private final List<String> uncounted;
    private final Cost total;

    private CostModel(
            Shapes shapes,
            Map<String, Long> symbols,
            TrainableConstants trainable,
            List<Step> steps,
            OptionalLong fileBytes) {
        this.shapes = shapes;
        this.symbols = Collections.unmodifiableMap(symbols);
        this.trainable = trainable;
        this.steps = steps;
        List<String> missing = new ArrayList<>();
        long macs = macs(steps, this::extents, missing);
        this.uncounted = List.copyOf(missing);
        this.total = new Cost(parameters(), macs, fileBytes.orElseGet(this::bytes));
    }

    /**
     * The costs of a graph.
     *
     * @param symbols values of symbolic extents by name; the others have defaults
     * @throws UnusableSymbolException when a name is no symbolic extent of an input
     */
    public static CostModel of(Graph graph, Shapes shapes, Operators operators, Map<String, Long> symbols) {
        return with(graph, shapes, operators, SymbolValues.of(graph, shapes, symbols));
    }

    /**
     * The costs of a graph for the extents another one was counted with; names this graph does not have are left out.
     *
     * @param symbols values of symbolic extents by name
     */
    public static CostModel under(Graph graph, Shapes shapes, Operators operators, Map<String, Long> symbols) {
        Map<String, Long> values = SymbolValues.of(graph, shapes, Map.of());
        values.replaceAll(symbols::getOrDefault);
        return with(graph, shapes, operators, values);
    }

    private static CostModel with(Graph graph, Shapes shapes, Operators operators, Map<String, Long> values) {
        TrainableConstants trainable = new TrainableConstants(graph, shapes, operators);
        return new CostModel(shapes, values, trainable, steps(graph, shapes, operators), OptionalLong.empty());
    }

    /** The same costs, with the bytes of the whole file in place of the bytes of the constants. */
    public CostModel inFile(long fileBytes) {
        return new CostModel(shapes, symbols, trainable, steps, OptionalLong.of(fileBytes));
    }

    /** What the whole graph costs. */
    public Cost total() {
        return total;
    }

    /** The value each symbolic extent was given, by name. */
    public Map<String, Long> symbols() {
        return symbols;
    }

    /** Nodes that multiply and sum but could not be counted because a shape is not known; by first output. */
    public List<String> uncounted() {
        return uncounted;
    }

    /** Which constants are trained, and who reads them. */
    public TrainableConstants trainable() {
        return trainable;
    }

    /** Multiply-accumulates under other extents. */
    public long macs(Extents extents) {
        return macs(steps, extents, new ArrayList<>());
    }

    /** Extents before anything is removed. */
    public Optional<long[]> extents(String value) {
        Tensor constant = trainable.constants().get(value);
        return constant != null
                ? Optional.of(
                        constant.shape().stream().mapToLong(Long::longValue).toArray())
                : shapes.shape(value).map(this::evaluate);
    }

    /** A symbolic shape in numbers. */
    public long[] evaluate(List<Dim> shape) {
        long[] extents = new long[shape.size()];
        for (int axis = 0; axis < extents.length; axis++) {
            Dim extent = shape.get(axis);
            extents[axis] = Math.max(0, extent.isConstant() ? extent.constant() : extent.evaluate(symbols));
        }
        return extents;
    }

    private static List<Step> steps(Graph graph, Shapes shapes, Operators operators) {
        List<Step> steps = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<Counted> own = operators
                    .of(node)
                    .flatMap(definition -> definition.macs(new NodeView(node, shapes)))
                    .map(rule -> new Counted(node.id(), rule));
            List<List<Step>> bodies = node.bodies().stream()
                    .map(body -> steps(body, shapes, operators))
                    .toList();
            if (own.isPresent() || !bodies.isEmpty()) {
                steps.add(new Step(own, bodies, operators.is(node, Trait.BRANCHES)));
            }
        }
        return List.copyOf(steps);
    }

    private static long macs(List<Step> steps, Extents extents, List<String> missing) {
        long sum = 0;
        for (Step step : steps) {
            if (step.own().isPresent()) {
                Optional<Long> macs = count(step.own().get(), extents);
                if (macs.isEmpty()) {
                    missing.add(step.own().get().node());
                }
                sum = added(sum, macs.orElse(0L));
            }
            sum = added(sum, bodies(step, extents, missing));
        }
        return sum;
    }

    /** The sum, or the largest number where it is larger. */
    private static long added(long sum, long macs) {
        return sum > Long.MAX_VALUE - macs ? Long.MAX_VALUE : sum + macs;
    }

    private static Optional<Long> count(Counted counted, Extents extents) {
        try {
            return counted.rule().count(extents);
        } catch (ArithmeticException e) {
            throw new UnusableGraphException("The node that makes '" + counted.node()
                    + "' would multiply and sum more often than a number of 64 bits can count; export the model again, or give"
                    + " its symbolic extents smaller values.");
        }
    }

    private static long bodies(Step step, Extents extents, List<String> missing) {
        long all = 0;
        for (List<Step> body : step.bodies()) {
            long macs = macs(body, extents, missing);
            all = step.oneOf() ? Math.max(all, macs) : added(all, macs);
        }
        return all;
    }

    private long parameters() {
        return trainable.constants().entrySet().stream()
                .filter(entry -> trainable.isTrained(entry.getKey()))
                .mapToLong(entry -> entry.getValue().size())
                .sum();
    }

    private long bytes() {
        return trainable.constants().values().stream()
                .mapToLong(Tensor::byteSize)
                .sum();
    }
}
