package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Seeded random inputs for a graph.
 *
 * @param symbols extents of symbolic dimensions
 * @param indices integer inputs are at least 0 and below this
 */
public record RandomInputs(Map<String, Long> symbols, int indices) {

    /** Batch 2, sequence 5, indices below 3: what every graph of this package takes. */
    public static final RandomInputs FIRST = new RandomInputs(Map.of("batch", 2L, "sequence", 5L), 3);

    /** As {@link #FIRST} with other extents. */
    public static final RandomInputs SECOND = new RandomInputs(Map.of("batch", 3L, "sequence", 7L), 3);

    public RandomInputs {
        symbols = Map.copyOf(symbols);
    }

    /** A tensor for every input: normal floats, uniform indices, fair booleans. */
    public Map<String, Tensor> of(Graph graph, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> inputs.put(name, tensor(name, type, random)));
        return inputs;
    }

    private Tensor tensor(String name, ValueType type, SplittableRandom random) {
        List<Long> shape = new ArrayList<>();
        for (Dimension extent : type.shape().orElseThrow()) {
            shape.add(extent(name, extent));
        }
        double[] values = new double[shape.stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type.type()) {
                case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> random.nextGaussian();
                case BOOL -> random.nextInt(2);
                default -> random.nextInt(indices);
            };
        }
        return Tensors.fromDoubles(type.type(), shape, values);
    }

    private long extent(String input, Dimension dimension) {
        if (dimension instanceof Dimension.Fixed fixed) {
            return fixed.extent();
        }
        if (dimension instanceof Dimension.Symbol symbol && symbols.containsKey(symbol.name())) {
            return symbols.get(symbol.name());
        }
        throw new IllegalArgumentException(
                "input " + input + " has the extent " + dimension + ", not one of " + symbols);
    }
}
