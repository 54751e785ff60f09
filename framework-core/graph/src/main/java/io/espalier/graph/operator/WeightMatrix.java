package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A weight of one application of an operator that contracts, as a matrix for each group: a row for each output, a column
 * for each input that is multiplied with it, the positions of a window included.
 *
 * <p>It follows from the index notation: letters of the weight that the output has and the data has not are outputs, those
 * that both have are groups, the others are inputs. A weight in which output {@code j} is 1 at input {@code j} and 0
 * elsewhere, the {@link #basis}, makes the operator compute what it multiplies with the weight: the patches under a window,
 * for a convolution. Immutable and thread-safe.
 */
public final class WeightMatrix {

    /** What a letter of the weight is to the application. */
    private enum Part {
        GROUP,
        OUTPUT,
        INPUT
    }

    private record Index(String name, Part part, int extent) {}

    private final Node node;
    private final int slot;
    private final int dataSlot;
    /** Letters of each axis of the weight. */
    private final List<List<Index>> axes;
    /** Letters of each axis of the output that the weight gives; none for an axis that samples lie along. */
    private final List<List<Index>> outputAxes;

    private WeightMatrix(Node node, int slot, int dataSlot, List<List<Index>> axes, List<List<Index>> outputAxes) {
        this.node = node;
        this.slot = slot;
        this.dataSlot = dataSlot;
        this.axes = axes;
        this.outputAxes = outputAxes;
    }

    /**
     * The matrix of a weight.
     *
     * @param definition the operator
     * @param view the application
     * @param slot the input slot of the weight
     * @param shape extents of the weight
     * @return empty when the operand is not contracted with data, or when outputs and samples share an axis
     */
    public static Optional<WeightMatrix> of(OperatorDefinition definition, NodeView view, int slot, List<Long> shape) {
        return definition.notation(view).flatMap(notation -> of(view.node(), notation, slot, shape));
    }

    private static Optional<WeightMatrix> of(Node node, IndexNotation notation, int slot, List<Long> shape) {
        List<AxisTerm> terms =
                slot < notation.inputs().size() ? notation.inputs().get(slot).orElse(List.of()) : List.of();
        Set<String> summed = notation.summedLetters();
        int data = dataSlot(notation, slot, summed);
        if (data < 0 || terms.size() != shape.size() || !isPlain(terms)) {
            return Optional.empty();
        }
        Set<String> ofData = letters(notation.inputs().get(data).orElseThrow());
        Map<String, Integer> extents = extents(terms, shape, notation.sizes());
        Map<String, Index> indices = new LinkedHashMap<>();
        for (String letter : letters(terms)) {
            if (!extents.containsKey(letter)) {
                return Optional.empty();
            }
            Part part = !notation.outputLetters().contains(letter)
                    ? Part.INPUT
                    : ofData.contains(letter) ? Part.GROUP : Part.OUTPUT;
            indices.put(letter, new Index(letter, part, extents.get(letter)));
        }
        List<List<Index>> axes =
                terms.stream().map(term -> indices(term, indices)).toList();
        return outputAxes(notation.outputs().get(0), indices)
                .filter(output -> count(indices.values().stream().toList(), Part.OUTPUT) > 0
                        && indices.values().stream().anyMatch(index -> index.part() == Part.OUTPUT))
                .map(output -> new WeightMatrix(node, slot, data, axes, output));
    }

    /** The operand that the weight is multiplied with. */
    private static int dataSlot(IndexNotation notation, int slot, Set<String> summed) {
        Set<String> own = letters(notation.inputs().get(slot).orElse(List.of()));
        for (int other = 0; other < notation.inputs().size(); other++) {
            Set<String> letters = letters(notation.inputs().get(other).orElse(List.of()));
            if (other != slot && letters.stream().anyMatch(letter -> summed.contains(letter) && own.contains(letter))) {
                return other;
            }
        }
        return -1;
    }

    /** Whether no index occurs twice in an operand. */
    private static boolean isPlain(List<AxisTerm> terms) {
        List<Letter> all =
                terms.stream().flatMap(term -> term.letters().stream()).toList();
        return all.stream().noneMatch(Letter::isEcho)
                && all.stream().map(Letter::name).distinct().count() == all.size();
    }

    private static Set<String> letters(List<AxisTerm> terms) {
        Set<String> letters = new LinkedHashSet<>();
        terms.forEach(term -> term.letters().forEach(letter -> letters.add(letter.name())));
        return letters;
    }

    private static Map<String, Integer> extents(List<AxisTerm> terms, List<Long> shape, Map<String, Long> sizes) {
        Map<String, Integer> extents = new HashMap<>();
        sizes.forEach((letter, size) -> extents.put(letter, size.intValue()));
        for (int axis = 0; axis < terms.size(); axis++) {
            long rest = shape.get(axis);
            String open = null;
            for (Letter letter : terms.get(axis).letters()) {
                if (extents.containsKey(letter.name())) {
                    rest /= Math.max(1, extents.get(letter.name()));
                } else {
                    open = letter.name();
                }
            }
            if (open != null) {
                extents.put(open, (int) rest);
            }
        }
        return extents;
    }

    private static List<Index> indices(AxisTerm term, Map<String, Index> indices) {
        return term.letters().stream().map(letter -> indices.get(letter.name())).toList();
    }

    /**
     * The axes of the output. An axis with one of the outputs, or with a group of more than one, must have nothing else:
     * a weight of extent 1 is broadcast along an axis of samples.
     */
    private static Optional<List<List<Index>>> outputAxes(List<AxisTerm> output, Map<String, Index> indices) {
        List<List<Index>> axes = new ArrayList<>();
        for (AxisTerm term : output) {
            boolean given = term.letters().stream()
                    .map(letter -> indices.get(letter.name()))
                    .anyMatch(index -> index != null && (index.part() == Part.OUTPUT || index.extent() > 1));
            if (!given) {
                axes.add(List.of());
            } else if (indices.keySet()
                    .containsAll(term.letters().stream().map(Letter::name).toList())) {
                axes.add(indices(term, indices));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(axes);
    }

    /** The application. */
    public Node node() {
        return node;
    }

    /** The input slot of the weight. */
    public int slot() {
        return slot;
    }

    /** The input slot of what it is multiplied with. */
    public int dataSlot() {
        return dataSlot;
    }

    /** How many matrices there are. */
    public int groups() {
        return count(all(), Part.GROUP);
    }

    /** Rows of each matrix. */
    public int outputs() {
        return count(all(), Part.OUTPUT);
    }

    /** Columns of each matrix. */
    public int inputs() {
        return count(all(), Part.INPUT);
    }

    private List<Index> all() {
        return axes.stream().flatMap(List::stream).toList();
    }

    private static int count(List<Index> indices, Part part) {
        return indices.stream()
                .filter(index -> index.part() == part)
                .mapToInt(Index::extent)
                .reduce(1, Math::multiplyExact);
    }

    /** The elements of the weight by group, output and input. */
    public double[] matrix(Tensor weight) {
        double[] elements = Tensors.toDoubles(weight);
        double[] matrix = new double[elements.length];
        int[] places = places(all());
        for (int i = 0; i < elements.length; i++) {
            matrix[places[i]] = elements[i];
        }
        return matrix;
    }

    /**
     * The weight of a matrix.
     *
     * @param like has its type and shape
     * @param matrix elements by group, output and input
     */
    public Tensor weight(Tensor like, double[] matrix) {
        double[] elements = new double[matrix.length];
        int[] places = places(all());
        for (int i = 0; i < elements.length; i++) {
            elements[i] = matrix[places[i]];
        }
        return Tensors.fromDoubles(like.type(), like.shape(), elements);
    }

    /** For each element in the order of the weight, its place by group, output and input. */
    private static int[] places(List<Index> order) {
        Map<String, Integer> strides = new HashMap<>();
        int stride = 1;
        for (Part part : new Part[] {Part.INPUT, Part.OUTPUT, Part.GROUP}) {
            List<Index> own =
                    order.stream().filter(index -> index.part() == part).toList();
            for (int i = own.size() - 1; i >= 0; i--) {
                strides.put(own.get(i).name(), stride);
                stride *= own.get(i).extent();
            }
        }
        int[] places = {0};
        for (Index index : order) {
            int[] longer = new int[places.length * index.extent()];
            for (int i = 0; i < longer.length; i++) {
                longer[i] = places[i / index.extent()] + i % index.extent() * strides.get(index.name());
            }
            places = longer;
        }
        return places;
    }

    /** The weight with which the operator computes what it multiplies: as many outputs as there are inputs. */
    public Tensor basis(DataType type) {
        WeightMatrix square = ofBasis();
        int inputs = inputs();
        double[] matrix = new double[groups() * inputs * inputs];
        for (int i = 0; i < groups() * inputs; i++) {
            matrix[i * inputs + i % inputs] = 1;
        }
        double[] elements = new double[matrix.length];
        int[] places = places(square.all());
        for (int i = 0; i < elements.length; i++) {
            elements[i] = matrix[places[i]];
        }
        List<Long> shape = square.axes.stream()
                .map(axis -> axis.stream().mapToLong(Index::extent).reduce(1, Math::multiplyExact))
                .toList();
        return Tensors.fromDoubles(type, shape, elements);
    }

    /** The matrix of the basis: the outputs are as many as the inputs. */
    public WeightMatrix ofBasis() {
        String first = all().stream()
                .filter(index -> index.part() == Part.OUTPUT)
                .map(Index::name)
                .findFirst()
                .orElseThrow();
        int inputs = inputs();
        return new WeightMatrix(node, slot, dataSlot, resized(axes, first, inputs), resized(outputAxes, first, inputs));
    }

    private static List<List<Index>> resized(List<List<Index>> axes, String first, int extent) {
        return axes.stream()
                .map(axis -> axis.stream()
                        .map(index -> index.part() != Part.OUTPUT
                                ? index
                                : new Index(
                                        index.name(), Part.OUTPUT, index.name().equals(first) ? extent : 1))
                        .toList())
                .toList();
    }

    /** The axes of the output along which the outputs of the weight lie. */
    public List<Integer> givenAxes() {
        List<Integer> given = new ArrayList<>();
        for (int axis = 0; axis < outputAxes.size(); axis++) {
            if (!outputAxes.get(axis).isEmpty()) {
                given.add(axis);
            }
        }
        return given;
    }

    /** Adds what sums the products of outputs over samples: by group, output and output. */
    public String moments(Emitter emitter, String output) {
        String samples = emitter.transpose(output, ints(samplesFirst()));
        String separated = emitter.reshape(samples, longs(separated()));
        String grouped = emitter.transpose(separated, ints(byGroup()));
        String rows = emitter.reshape(grouped, groups(), -1, outputs());
        return emitter.multiplyMatrices(emitter.turned(rows, 3), rows);
    }

    private static int[] ints(List<Long> values) {
        return values.stream().mapToInt(Math::toIntExact).toArray();
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** The order of the axes of the output in which samples stand first, then what the weight gives. */
    public List<Long> samplesFirst() {
        List<Long> order = new ArrayList<>();
        for (int axis = 0; axis < outputAxes.size(); axis++) {
            if (outputAxes.get(axis).isEmpty()) {
                order.add((long) axis);
            }
        }
        givenAxes().forEach(axis -> order.add((long) axis));
        return order;
    }

    /** The shape of the output in that order once samples are one axis and each letter of the weight is one. */
    public List<Long> separated() {
        List<Long> shape = new ArrayList<>(List.of(-1L));
        given().forEach(index -> shape.add((long) index.extent()));
        return shape;
    }

    /** The order of the axes of {@link #separated} in which groups stand first, then samples, then outputs. */
    public List<Long> byGroup() {
        List<Index> given = given();
        List<Long> order = new ArrayList<>();
        for (Part part : new Part[] {Part.GROUP, Part.OUTPUT}) {
            for (Index index : all()) {
                if (index.part() == part && given.contains(index)) {
                    order.add(given.indexOf(index) + 1L);
                }
            }
            if (part == Part.GROUP) {
                order.add(0L);
            }
        }
        return order;
    }

    private List<Index> given() {
        return outputAxes.stream().flatMap(List::stream).toList();
    }
}
