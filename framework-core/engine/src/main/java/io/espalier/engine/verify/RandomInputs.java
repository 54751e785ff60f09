package io.espalier.engine.verify;

import io.espalier.graph.flow.FlatGraph;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Seeded random inputs of a graph: normal numbers for floats, indices inside the tables they look up for integers, any
 * integers where they stand for numbers.
 *
 * <p>Immutable and thread-safe.
 */
public final class RandomInputs {

    /** What moves indices and leaves them indices. */
    private static final Set<Movement> MOVING = EnumSet.of(
            Movement.RESHAPE,
            Movement.SQUEEZE,
            Movement.UNSQUEEZE,
            Movement.FLATTEN,
            Movement.TRANSPOSE,
            Movement.EXPAND,
            Movement.SLICE,
            Movement.CONCAT,
            Movement.GATHER);

    private final Graph graph;
    private final Shapes shapes;
    private final Operators operators;
    private final ReplayedNoise noise;
    private final Map<String, Long> bounds = new LinkedHashMap<>();

    /**
     * Inputs of a graph.
     *
     * @param operators what is known of its operators
     */
    public RandomInputs(Graph graph, Shapes shapes, Operators operators) {
        this(graph, shapes, operators, new ReplayedNoise(Map.of(), shapes, operators));
    }

    /**
     * Inputs of a graph.
     *
     * @param noise inputs that stand for random numbers
     */
    RandomInputs(Graph graph, Shapes shapes, Operators operators, ReplayedNoise noise) {
        this.noise = noise;
        this.graph = FlatGraph.of(graph, shapes);
        this.shapes = shapes;
        this.operators = operators;
        graph.inputs().keySet().forEach(input -> bounds.put(input, tableExtent(input)));
    }

    /** Extents of symbolic dimensions to try, best first: networks often accept only some sizes. */
    public List<Map<String, Long>> sizes() {
        return Extents.candidates(graph, shapes, operators, Map.of());
    }

    /**
     * Makes one set of inputs.
     *
     * @param symbols extent of every symbolic dimension
     */
    public Map<String, Tensor> make(long seed, Map<String, Long> symbols) {
        return make(seed, symbols, Map.of());
    }

    /**
     * Makes one set of inputs of which some are given.
     *
     * @param chosen number that fills an input, by name
     */
    Map<String, Tensor> make(long seed, Map<String, Long> symbols, Map<String, Double> chosen) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            if (graph.given().containsKey(name)) {
                inputs.put(name, graph.given().get(name));
                return;
            }
            Tensor random = make(name, type, seed, symbols);
            inputs.put(name, chosen.containsKey(name) ? filled(random, chosen.get(name)) : random);
        });
        return inputs;
    }

    private static Tensor filled(Tensor like, double value) {
        double[] values = new double[Math.toIntExact(like.size())];
        Arrays.fill(values, value);
        return Tensors.fromDoubles(like.type(), like.shape(), values);
    }

    /** Values of inputs that decide a branch, to be tried one after the other. */
    List<Map<String, Double>> branches() {
        return BranchInputs.of(graph, shapes, operators);
    }

    private Tensor make(String name, ValueType type, long seed, Map<String, Long> symbols) {
        List<Long> shape = shapes.require(name).stream()
                .map(extent -> extent.evaluate(symbols))
                .toList();
        int size = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + name.hashCode());
        double[] values = new double[size];
        long bound = bounds.get(name);
        boolean quantised = isQuantised(name);
        int lowest = type.type() == DataType.INT8 ? 128 : 0;
        for (int i = 0; i < size; i++) {
            values[i] = noise.contains(name)
                    ? noise.draw(name, random)
                    : quantised ? random.nextInt(256) - lowest : element(type.type(), random, bound);
        }
        return Tensors.fromDoubles(type.type(), shape, values);
    }

    /** How many rows the tables have that an input looks up, the smallest number; 0 when it looks up none. */
    public long table(String input) {
        return bounds.get(input);
    }

    /** Whether an input holds quantised numbers of one byte. */
    public boolean isQuantised(String input) {
        return graph.inputs().get(input).type().bytes() == 1 && isDequantised(input);
    }

    private boolean isDequantised(String input) {
        return graph.nodes().stream()
                .anyMatch(node -> operators.is(node, Trait.DEQUANTISES)
                        && node.inputs().get(0).equals(input));
    }

    private static double element(DataType type, SplittableRandom random, long bound) {
        if (type.isFloating()) {
            return random.nextGaussian();
        }
        if (type == DataType.BOOL) {
            return random.nextInt(4) > 0 ? 1 : 0;
        }
        // Integers that index nothing are masks or flags more often than not: mostly one.
        return bound > 0 ? random.nextLong(bound) : random.nextInt(8) > 0 ? 1 : 0;
    }

    /** The smallest extent that values of an input index, 0 when they index nothing. */
    private long tableExtent(String input) {
        Set<String> same = new LinkedHashSet<>(Set.of(input));
        long extent = 0;
        for (Node node : graph.nodes()) {
            if (handsOn(node) && same.contains(node.inputs().get(0))) {
                same.addAll(node.outputs());
            }
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                OptionalInt table = same.contains(node.inputs().get(slot)) ? table(node, slot) : OptionalInt.empty();
                if (table.isPresent()) {
                    long size = rows(node, table.getAsInt());
                    extent = extent == 0 ? size : Math.min(extent, size);
                }
            }
        }
        return extent;
    }

    private boolean handsOn(Node node) {
        return operators
                .of(node)
                .filter(definition -> definition.is(Trait.IDENTITY)
                        || definition.is(Trait.CASTS)
                        || definition.movement().filter(MOVING::contains).isPresent())
                .isPresent();
    }

    private OptionalInt table(Node node, int slot) {
        return operators.of(node).map(definition -> definition.table(slot)).orElse(OptionalInt.empty());
    }

    private long rows(Node node, int table) {
        Dim found = node.input(table)
                .flatMap(shapes::shape)
                .filter(shape -> !shape.isEmpty())
                .map(shape -> shape.get(Math.floorMod(node.intAttribute("axis", 0), shape.size())))
                .orElse(Dim.of(1));
        return found.isConstant() ? found.constant() : 1;
    }
}
