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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node reads of a constant that nothing else reads: its elements, perhaps in another order and shape, because the
 * graph transposes or reshapes it first.
 *
 * @param constant name of the constant
 * @param shape extents of what the node reads
 * @param places for each element that is read, its place in the constant; empty when the order is the same
 */
record Operand(String constant, List<Long> shape, Optional<int[]> places) {

    /** Whole numbers below this are exact in a type. */
    private static int exact(DataType type) {
        return type == DataType.FLOAT32 || type == DataType.FLOAT64 ? 1 << 22 : 1 << 7;
    }

    /**
     * The operand behind a value.
     *
     * @return empty when it is not computed by moving each element of one constant of real numbers to another place, or when
     *     something else reads that on the way
     */
    static Optional<Operand> behind(String value, GraphIndex index, GraphExecutor executor) {
        List<Node> nodes = index.upstream(List.of(value), Set.of());
        Set<String> read = new LinkedHashSet<>(List.of(value));
        nodes.forEach(node -> read.addAll(node.reads()));
        List<String> weights = new ArrayList<>();
        for (String name : read) {
            Tensor constant = index.graph().constants().get(name);
            boolean isNumbers = constant != null && constant.type().isFloating();
            if (index.graph().inputs().containsKey(name)
                    || (isNumbers || constant == null) && !index.isReadOnce(name)) {
                return Optional.empty();
            }
            if (isNumbers) {
                weights.add(name);
            }
        }
        if (weights.size() != 1
                || nodes.stream().anyMatch(node -> !node.bodies().isEmpty())) {
            return Optional.empty();
        }
        Tensor constant = index.graph().constants().get(weights.get(0));
        return nodes.stream().allMatch(GraphIndex::isAlias)
                ? Optional.of(new Operand(weights.get(0), constant.shape(), Optional.empty()))
                : moved(value, weights.get(0), constant, index.graph(), executor);
    }

    /** Runs the nodes on the numbers of the places, digit by digit. */
    private static Optional<Operand> moved(
            String value, String name, Tensor constant, Graph graph, GraphExecutor executor) {
        int size = Math.toIntExact(constant.size());
        int base = exact(constant.type());
        int[] places = new int[size];
        List<Long> shape = List.of();
        for (long unit = 1; unit < Math.max(2, size); unit *= base) {
            double[] digits = new double[size];
            for (int i = 0; i < size; i++) {
                digits[i] = i / unit % base;
            }
            Tensor numbered = Tensors.fromDoubles(constant.type(), constant.shape(), digits);
            Graph part = Part.of(graph.withConstants(Map.of(name, numbered)), Map.of(), List.of(value));
            try (Runner runner = executor.prepare(part, Settings.PLAIN)) {
                Tensor moved = runner.run(Map.of()).get(value);
                shape = moved.shape();
                double[] found = Tensors.toDoubles(moved);
                if (found.length != size) {
                    return Optional.empty();
                }
                for (int i = 0; i < size; i++) {
                    places[i] += (int) (found[i] * unit);
                }
            }
        }
        return isPermutation(places) ? Optional.of(new Operand(name, shape, Optional.of(places))) : Optional.empty();
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
        return places.map(order -> {
                    double[] elements = Tensors.toDoubles(of);
                    double[] moved = new double[elements.length];
                    for (int i = 0; i < moved.length; i++) {
                        moved[i] = elements[order[i]];
                    }
                    return Tensors.fromDoubles(of.type(), shape, moved);
                })
                .orElse(of);
    }

    /** The constant with which the node reads this. */
    Tensor constant(Tensor like, Tensor read) {
        double[] elements = Tensors.toDoubles(read);
        double[] moved = places.map(order -> {
                    double[] back = new double[elements.length];
                    for (int i = 0; i < back.length; i++) {
                        back[order[i]] = elements[i];
                    }
                    return back;
                })
                .orElse(elements);
        return Tensors.fromDoubles(like.type(), like.shape(), moved);
    }
}
