package io.espalier.engine.real;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Seeded inputs that the real networks accept. */
final class TestingInputs {

    private static final long BATCH = 2;
    private static final long LENGTH = 7;
    /** The networks that read a line of text accept this height only; to the others any multiple of 32 or 48 is fine. */
    private static final long LINE_HEIGHT = 48;

    private static final long IMAGE = 96;

    private TestingInputs() {}

    /** A tensor for every input: normal floats, or zeros and ones, which every vocabulary has. */
    static Map<String, Tensor> of(Graph graph, Shapes shapes, boolean readsLines, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Long> extents = extents(shapes.require(name), readsLines);
            inputs.put(name, tensor(type.type(), extents, random));
        });
        return inputs;
    }

    private static List<Long> extents(List<Dim> shape, boolean readsLines) {
        List<Long> extents = new ArrayList<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            long open = shape.size() < 4 ? LENGTH : axis == 2 && readsLines ? LINE_HEIGHT : IMAGE;
            Dim extent = shape.get(axis);
            extents.add(extent.isConstant() ? extent.constant() : axis == 0 ? BATCH : open);
        }
        return extents;
    }

    private static Tensor tensor(DataType type, List<Long> extents, SplittableRandom random) {
        double[] values = new double[extents.stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.isFloating() ? random.nextGaussian() : random.nextInt(2);
        }
        return Tensors.fromDoubles(type, extents, values);
    }
}
