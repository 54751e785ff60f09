package io.espalier.spi.data;

import io.espalier.spi.RunContext;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** Arrays in memory, and graphs that have nothing but inputs. */
record TestingData(long size, Map<String, Tensor> arrays) implements Dataset {

    static final Dimension OPEN = new Dimension.Symbol("batch");

    /** Arrays by name, in the order given. */
    static TestingData of(Object... namesAndArrays) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        for (int i = 0; i < namesAndArrays.length; i += 2) {
            arrays.put((String) namesAndArrays[i], (Tensor) namesAndArrays[i + 1]);
        }
        return new TestingData(arrays.values().iterator().next().shape().get(0), arrays);
    }

    static Graph graph(Map<String, ValueType> inputs) {
        return new Graph("inputs", inputs, List.of(), List.of(), Map.of(), Map.of());
    }

    /** A graph with one input {@code x} whose first axis is given and whose others are fixed. */
    static Graph graph(DataType type, Dimension batch, long... others) {
        return graph(Map.of("x", type(type, batch, others)));
    }

    static ValueType type(DataType type, Dimension batch, long... others) {
        Dimension[] axes = new Dimension[others.length + 1];
        Arrays.setAll(axes, axis -> axis == 0 ? batch : new Dimension.Fixed(others[axis - 1]));
        return new ValueType(type, Optional.of(List.of(axes)));
    }

    static Tensor integers(DataType type, List<Long> shape, long... values) {
        return Tensors.fromDoubles(
                type, shape, LongStream.of(values).asDoubleStream().toArray());
    }

    /** A context that offers nothing but cancellation. */
    static RunContext context(boolean cancelled) {
        return new RunContext() {
            @Override
            public void checkCancelled() {
                if (cancelled) {
                    throw new CancellationException();
                }
            }

            @Override
            public void progress(String what, long done, long total) {}

            @Override
            public RandomGenerator random(String provider, String subject) {
                throw new UnsupportedOperationException("batches depend on the seed they are given");
            }
        };
    }
}
