package io.espalier.graph.operator;

import io.espalier.graph.shape.KnownValues;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Adds nodes to a graph in single precision. Every method names the value it makes. Extents that are open are read at run
 * time. Not thread-safe.
 */
public class Emitter {

    private final Sink sink;
    private final String prefix;

    private record Sink(
            FreshNames names,
            KnownValues shapes,
            List<Node> nodes,
            Map<String, Tensor> constants,
            Map<List<Long>, String> vectors,
            Map<Float, String> scalars) {}

    /** A node with one operand. */
    @FunctionalInterface
    interface Unary {
        Node of(String operand, String output);
    }

    /** A node with two operands. */
    @FunctionalInterface
    interface Binary {
        Node of(String left, String right, String output);
    }

    /**
     * Starts to add to a graph.
     *
     * @param names gives out names that the graph does not have
     * @param shapes what is known of the values of the graph
     * @param prefix what names of new values start with
     */
    public Emitter(FreshNames names, KnownValues shapes, String prefix) {
        this(
                new Sink(
                        names,
                        shapes,
                        new ArrayList<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>()),
                prefix);
    }

    /** Adds to the same graph with another prefix. */
    Emitter(Emitter other, String prefix) {
        this(other.sink, prefix);
    }

    /** Adds to a body of its own, with names that nothing else has. */
    Emitter apart() {
        return new Emitter(sink.names(), sink.shapes(), prefix);
    }

    private Emitter(Sink sink, String prefix) {
        this.sink = sink;
        this.prefix = prefix;
    }

    /** The nodes that were added, in topological order. */
    public List<Node> nodes() {
        return sink.nodes();
    }

    /** The constants that were added. */
    public Map<String, Tensor> constants() {
        return sink.constants();
    }

    /** What is known of the values of the graph that nodes are added to. */
    public KnownValues shapes() {
        return sink.shapes();
    }

    /** The shape of a value of the graph. */
    List<Dim> shapeOf(String value) {
        return shapes().shape(value)
                .orElseThrow(() -> new MisfitException("the shape of '" + value + "' is not known"));
    }

    // Constants

    /** A number. */
    public String scalar(double value) {
        return sink.scalars().computeIfAbsent((float) value, single -> {
            String name = fresh("scalar");
            constants().put(name, Tensors.floats(List.of(), single));
            return name;
        });
    }

    /** Integers. */
    public String vector(long... values) {
        return sink.vectors().computeIfAbsent(Arrays.stream(values).boxed().toList(), list -> {
            String name = fresh("vector");
            constants().put(name, Tensors.vector(values));
            return name;
        });
    }

    /** One position, as an index of rank 0. */
    String constantIndex(long index) {
        return constant(Tensors.longs(List.of(), index));
    }

    String constant(Tensor tensor) {
        String name = fresh("constant");
        constants().put(name, tensor);
        return name;
    }

    // Nodes

    /** A name that nothing else has. */
    public String fresh(String suffix) {
        return sink.names().fresh(prefix + "/" + suffix);
    }

    String compute(Unary operator, String operand) {
        return single(operator.of(operand, ""));
    }

    String compute(Binary operator, String left, String right) {
        return single(operator.of(left, right, ""));
    }

    /** Adds a node of the standard domain with one output. */
    String compute(String operator, List<String> operands, Map<String, Attribute> attributes) {
        return single(Node.of(operator, operands, List.of(""), attributes));
    }

    /** Adds a node, with a name of our own for its only output. */
    String single(Node node) {
        String name = fresh(node.operator());
        add(new Node(node.domain(), node.operator(), node.inputs(), List.of(name), node.attributes()));
        return name;
    }

    /** Adds a node whose outputs have names of our own. */
    public void add(Node node) {
        nodes().add(node);
    }

    // Arithmetic

    /** The sum of two values. */
    public String add(String left, String right) {
        return compute(Nodes::add, left, right);
    }

    String subtract(String left, String right) {
        return compute(Nodes::subtract, left, right);
    }

    String multiply(String left, String right) {
        return compute(Nodes::multiply, left, right);
    }

    String multiply(String value, double factor) {
        return factor == 1 ? value : multiply(value, scalar(factor));
    }

    String divide(String left, String right) {
        return compute(Nodes::divide, left, right);
    }

    String power(String value, double exponent) {
        return compute(Nodes::power, value, scalar(exponent));
    }

    String negate(String value) {
        return compute(Nodes::negate, value);
    }

    String squared(String value) {
        return multiply(value, value);
    }

    String multiplyMatrices(String left, String right) {
        return compute(Nodes::multiplyMatrices, left, right);
    }

    /** The product of two matrices, each turned first where it says so. */
    String multiplyMatrices(String left, boolean turnLeft, String right, boolean turnRight) {
        return single(Nodes.multiplyMatrices(left, turnLeft, right, turnRight, ""));
    }

    /** The value where a condition holds, and 0 elsewhere. */
    String where(String condition, String value) {
        return single(Nodes.where(condition, value, scalar(0), ""));
    }

    /** A value that is finite where a condition holds, and 0 elsewhere: runtimes multiply much faster than they choose. */
    String masked(String condition, String value) {
        return multiply(value, real(condition));
    }

    /** 1 where a condition holds, and 0 elsewhere. */
    String real(String condition) {
        return single(Nodes.toReal(condition, false, ""));
    }

    /** Integers of a value of the graph, as wide as what writes blocks wants them. */
    String wide(String integers) {
        boolean isWide = shapes().type(integers).filter(DataType.INT64::equals).isPresent();
        return isWide ? integers : compute("Cast", List.of(integers), Map.of("to", new Attribute.Int(7)));
    }

    // Shapes

    /** The extents of a value of the graph: a constant where they are known. */
    String extents(String value) {
        Optional<long[]> known = numbers(shapeOf(value), 0);
        return known.map(this::vector).orElseGet(() -> compute(Nodes::extents, value));
    }

    /** Some extents of any value, as a vector. */
    String extents(String value, int from, int to) {
        return single(Nodes.extents(value, from, to, ""));
    }

    /** The extents as numbers, -1 for open ones; empty when more than so many are open. */
    private static Optional<long[]> numbers(List<Dim> shape, int mostOpen) {
        long unknown = shape.stream().filter(extent -> !extent.isConstant()).count();
        if (unknown > mostOpen) {
            return Optional.empty();
        }
        return Optional.of(shape.stream()
                .mapToLong(extent -> extent.isConstant() ? extent.constant() : -1)
                .toArray());
    }

    /** A value regrouped to the extents of a value of the graph. */
    String reshapeLike(String value, String like) {
        boolean empty = shapeOf(like).stream().anyMatch(extent -> extent.is(0));
        Optional<long[]> known = empty ? Optional.empty() : numbers(shapeOf(like), 1);
        String target = known.map(this::vector).orElseGet(() -> compute(Nodes::extents, like));
        return compute(Nodes::reshape, value, target);
    }

    String reshape(String value, long... extents) {
        return compute(Nodes::reshape, value, vector(extents));
    }

    String reshapeTo(String value, String extents) {
        return compute(Nodes::reshape, value, extents);
    }

    String unsqueeze(String value, long... axes) {
        return axes.length == 0 ? value : compute(Nodes::unsqueeze, value, vector(axes));
    }

    String squeeze(String value, long... axes) {
        return axes.length == 0 ? value : compute(Nodes::squeeze, value, vector(axes));
    }

    String transpose(String value, int... permutation) {
        return single(Nodes.transpose(value, permutation, ""));
    }

    /** A matrix, or each of many, with rows and columns exchanged. */
    String turned(String value, int rank) {
        int[] permutation = IntStream.range(0, rank).toArray();
        permutation[rank - 2] = rank - 1;
        permutation[rank - 1] = rank - 2;
        return transpose(value, permutation);
    }

    /** A value repeated to the extents of a value of the graph. */
    String expandLike(String value, String like) {
        return compute(Nodes::expand, value, extents(like));
    }

    /** Zeros of the extents that a vector holds. */
    String zeros(String extents) {
        return compute(Nodes::zeros, extents);
    }

    /** Zeros of the extents of a value of the graph. */
    public String zerosLike(String value) {
        return zeros(extents(value));
    }

    String slice(String value, String starts, String ends, String axes, String steps) {
        return single(Nodes.slice(value, List.of(starts, ends, axes, steps), ""));
    }

    String concatenate(int axis, String... values) {
        return single(Nodes.concatenate(List.of(values), axis, ""));
    }

    String gather(String value, String indices, int axis) {
        return single(Nodes.gather(value, indices, axis, ""));
    }

    // Sums

    /** The sum over axes. */
    String sum(String value, boolean keep, long... axes) {
        return axes.length == 0 ? value : single(Nodes.sum(value, vector(axes), keep, ""));
    }

    /** The sum over the rows of a matrix: a product with ones, which runtimes compute faster than a sum over a first axis. */
    String sumOfRows(String matrix) {
        return multiplyMatrices(compute(Nodes::ones, extents(matrix, 0, 1)), matrix);
    }

    /** The sum over axes whose numbers are known at run time; over none where the vector is empty. */
    String sumOver(String value, String axes, boolean keep) {
        return single(Nodes.sum(value, axes, keep, ""));
    }

    /**
     * Undoes a broadcast: sums over the axes along which an operand was repeated.
     *
     * @param gradient a value of the shape {@code from}
     * @param operand the value of the graph that was repeated
     */
    String summed(String gradient, List<Dim> from, String operand) {
        List<Dim> to = shapeOf(operand);
        int leading = from.size() - to.size();
        long[] added = IntStream.range(0, leading).asLongStream().toArray();
        boolean open = IntStream.range(0, to.size()).anyMatch(axis -> isOpen(from.get(axis + leading), to.get(axis)));
        if (open) {
            return summedAtRunTime(sum(gradient, false, added), operand);
        }
        long[] repeated = IntStream.range(0, from.size())
                .filter(axis -> axis < leading
                        || to.get(axis - leading).is(1) && !from.get(axis).is(1))
                .asLongStream()
                .toArray();
        boolean onlyAdded = repeated.length == leading;
        Optional<long[]> rest = numbers(to, 0).filter(extents -> onlyAdded && leading > 0 && !to.isEmpty());
        if (rest.isPresent()) {
            long elements = Arrays.stream(rest.get()).reduce(1, (a, b) -> a * b);
            return reshape(sumOfRows(reshape(gradient, -1, elements)), rest.get());
        }
        String total = sum(gradient, !onlyAdded, repeated);
        return onlyAdded ? total : squeeze(total, added);
    }

    private static boolean isOpen(Dim from, Dim to) {
        return !to.is(1) && !from.equals(to) && !to.isConstant();
    }

    private String summedAtRunTime(String gradient, String operand) {
        String single = compute(Nodes::equal, compute(Nodes::extents, operand), vector(1));
        String axes = reshape(compute(Nodes::nonZero, single), -1);
        return sumOver(gradient, axes, true);
    }

    /** The number of elements along axes of a value of the graph, as a number. */
    String count(String value, int... axes) {
        List<Dim> shape = shapeOf(value);
        if (Arrays.stream(axes).allMatch(axis -> shape.get(axis).isConstant())) {
            return scalar(Arrays.stream(axes)
                    .mapToDouble(axis -> shape.get(axis).constant())
                    .reduce(1, (a, b) -> a * b));
        }
        String all = compute(Nodes::extents, value);
        String chosen = gather(all, vector(Arrays.stream(axes).asLongStream().toArray()), 0);
        return real(single(Nodes.productOfAll(chosen, "")));
    }

    /** Whether the element type of a value of the graph is real. */
    boolean isReal(String value) {
        return shapes().type(value).filter(DataType::isFloating).isPresent();
    }
}
