package io.espalier.engine.recover;

import io.espalier.engine.verify.Part;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a node reads of a constant: its elements, perhaps in another order and shape, because the
 * graph transposes or reshapes it first, and perhaps scaled, because they are quantised.
 *
 * @param constant name of the constant
 * @param type element type of what the node reads
 * @param shape extents of what the node reads
 * @param moved for each element that is read, where it comes from; empty when the node reads the constant itself
 */
record Operand(String constant, DataType type, List<Long> shape, Optional<Moved> moved) {

    private static final Set<DataType> QUANTISED =
            EnumSet.of(DataType.INT8, DataType.UINT8, DataType.INT16, DataType.INT32);

    /**
     * Where elements come from: an element {@code i} that is read is {@code slopes[i] * c[places[i]] + offsets[i]}.
     */
    record Moved(int[] places, double[] slopes, double[] offsets) {}

    /** Whole numbers below this are exact in a type, once it is widened to single precision. */
    private static int exact(DataType type) {
        return switch (type) {
            case FLOAT32, FLOAT64, INT32 -> 1 << 22;
            case INT16 -> 1 << 14;
            default -> 1 << 7;
        };
    }

    /**
     * The operand behind a value.
     *
     * @param changeable whether a constant may get other elements
     * @return empty when it is not computed from one such constant by moving each element to another place and scaling it
     */
    static Optional<Operand> behind(
            String value, GraphIndex index, GraphExecutor executor, Predicate<String> changeable) {
        Map<String, Tensor> constants = index.graph().constants();
        List<Node> nodes = index.upstream(List.of(value), Set.of());
        Set<String> read = new LinkedHashSet<>(List.of(value));
        nodes.forEach(node -> read.addAll(node.reads()));
        if (read.stream().anyMatch(index.graph().inputs()::containsKey)
                || nodes.stream().anyMatch(node -> !node.bodies().isEmpty())) {
            return Optional.empty();
        }
        List<String> numbers = read.stream()
                .filter(constants::containsKey)
                .filter(name -> constants.get(name).type().isFloating())
                .toList();
        List<String> quantised = read.stream()
                .filter(constants::containsKey)
                .filter(name -> QUANTISED.contains(constants.get(name).type()))
                .toList();
        if (nodes.stream().allMatch(GraphIndex::isAlias)) {
            return numbers.size() == 1 && changeable.test(numbers.get(0))
                    ? Optional.of(plain(numbers.get(0), constants.get(numbers.get(0))))
                    : Optional.empty();
        }
        return Stream.concat(quantised.stream(), numbers.stream())
                .filter(changeable)
                .flatMap(name -> moved(value, name, index.graph(), executor).stream())
                .findFirst();
    }

    private static Operand plain(String name, Tensor constant) {
        return new Operand(name, constant.type(), constant.shape(), Optional.empty());
    }

    /** Runs the nodes on the numbers of the places, digit by digit. */
    private static Optional<Operand> moved(String value, String name, Graph graph, GraphExecutor executor) {
        Tensor constant = graph.constants().get(name);
        int size = Math.toIntExact(constant.size());
        int base = exact(constant.type());
        Tensor zero = read(value, name, graph, executor, new double[size]);
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        Tensor one = read(value, name, graph, executor, ones);
        if (zero.size() != size || one.size() != size) {
            return Optional.empty();
        }
        double[] offsets = Tensors.toDoubles(zero);
        double[] slopes = Tensors.toDoubles(one);
        for (int i = 0; i < size; i++) {
            slopes[i] -= offsets[i];
        }
        int[] places = new int[size];
        for (long unit = 1; unit < Math.max(2, size); unit *= base) {
            double[] digits = new double[size];
            for (int i = 0; i < size; i++) {
                digits[i] = i / unit % base;
            }
            double[] found = Tensors.toDoubles(read(value, name, graph, executor, digits));
            for (int i = 0; i < size; i++) {
                places[i] += (int) (Math.round((found[i] - offsets[i]) / slopes[i]) * unit);
            }
        }
        return isPermutation(places)
                ? Optional.of(
                        new Operand(name, zero.type(), zero.shape(), Optional.of(new Moved(places, slopes, offsets))))
                : Optional.empty();
    }

    /** What is read when the constant has these elements. */
    private static Tensor read(String value, String name, Graph graph, GraphExecutor executor, double... elements) {
        Tensor constant = graph.constants().get(name);
        Tensor given = Tensors.fromDoubles(constant.type(), constant.shape(), elements);
        Graph part = Part.of(graph.withConstants(Map.of(name, given)), Map.of(), List.of(value));
        try (Runner runner = executor.prepare(part, Settings.PLAIN)) {
            return runner.run(Map.of()).get(value);
        }
    }

    private static boolean isPermutation(int... places) {
        BitSet seen = new BitSet(places.length);
        for (int place : places) {
            if (place < 0 || place >= places.length || seen.get(place)) {
                return false;
            }
            seen.set(place);
        }
        return true;
    }

    /** What the node reads when the constant is this. */
    Tensor read(Tensor of) {
        return moved.isEmpty() ? of : Tensors.fromDoubles(type, shape, elements(Tensors.toDoubles(of)));
    }

    private double[] elements(double... of) {
        double[] read = new double[of.length];
        Moved from = moved.orElseThrow();
        for (int i = 0; i < read.length; i++) {
            read[i] = from.slopes()[i] * of[from.places()[i]] + from.offsets()[i];
        }
        return read;
    }

    /** For each element that is read, a number that says which element of the constant it is, and how it is scaled. */
    Tensor places() {
        double[] numbers = new double[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
        Arrays.setAll(numbers, i -> i);
        return Tensors.fromDoubles(DataType.FLOAT64, shape, moved.isEmpty() ? numbers : elements(numbers));
    }

    /** The constant with which the node reads this, as closely as its type allows. */
    Tensor constant(Tensor like, Tensor read) {
        double[] elements = Tensors.toDoubles(read);
        double[] back = moved.map(from -> {
                    double[] stored = new double[elements.length];
                    for (int i = 0; i < stored.length; i++) {
                        stored[from.places()[i]] = (elements[i] - from.offsets()[i]) / from.slopes()[i];
                    }
                    return stored;
                })
                .orElse(elements);
        if (!like.type().isFloating()) {
            double least = least(like.type());
            double most = most(like.type());
            Arrays.setAll(back, i -> Math.max(least, Math.min(most, Math.rint(back[i]))));
        }
        return Tensors.fromDoubles(like.type(), like.shape(), back);
    }

    private static double least(DataType type) {
        return type == DataType.UINT8 ? 0 : -Math.scalb(1, 8 * type.bytes() - 1);
    }

    private static double most(DataType type) {
        return type == DataType.UINT8 ? 255 : Math.scalb(1, 8 * type.bytes() - 1) - 1;
    }
}
