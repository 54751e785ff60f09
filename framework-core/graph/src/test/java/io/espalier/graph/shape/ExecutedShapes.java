package io.espalier.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Compares what was inferred of every value of a graph with what running it gives. */
final class ExecutedShapes {

    private final Graph graph;
    private final Shapes shapes;

    ExecutedShapes(Graph graph) {
        this.graph = graph;
        this.shapes = Operators.standard().infer(graph);
    }

    /** Asserts that every value has a type and a shape without contradictions. */
    void checkComplete() {
        assertThat(shapes.problems()).isEmpty();
        assertThat(shapes.values())
                .filteredOn(value -> shapes.shape(value).isEmpty())
                .isEmpty();
        assertThat(shapes.values())
                .filteredOn(value -> shapes.type(value).isEmpty())
                .isEmpty();
    }

    /** Asserts that types, shapes and known elements are those of a run, and that inputs alone decide all extents. */
    void check(Map<String, Tensor> inputs) {
        run(inputs, symbols(inputs), false);
    }

    /** As {@link #check}, except that extents which depend on data take the value that the first run of them shows. */
    void checkDataDependent(Map<String, Tensor> inputs) {
        run(inputs, symbols(inputs), true);
    }

    private void run(Map<String, Tensor> inputs, Map<String, Long> symbols, boolean dataDependent) {
        List<String> values = graph.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(name -> !name.isEmpty())
                .toList();
        try (Runner runner = new OnnxExecutor().prepare(graph.withOutputs(values), Settings.PLAIN)) {
            Map<String, Tensor> results = runner.run(inputs);
            if (dataDependent) {
                results.forEach((name, tensor) -> bind(shapes.require(name), tensor.shape(), symbols));
            }
            results.forEach((name, tensor) -> check(name, tensor, symbols));
        }
    }

    private static void bind(List<Dim> shape, List<Long> extents, Map<String, Long> symbols) {
        for (int axis = 0; axis < Math.min(shape.size(), extents.size()); axis++) {
            if (shape.get(axis).symbols().contains(shape.get(axis).toString())) {
                symbols.putIfAbsent(shape.get(axis).toString(), extents.get(axis));
            }
        }
    }

    private void check(String name, Tensor tensor, Map<String, Long> symbols) {
        List<Dim> shape = shapes.require(name);
        List<Long> extents = shape.stream().map(dim -> dim.evaluate(symbols)).toList();
        assertThat(extents).as("%s is %s at %s", name, shape, symbols).isEqualTo(tensor.shape());
        assertThat(shapes.type(name)).as("type of %s", name).contains(tensor.type());
        shapes.content(name).ifPresent(content -> {
            long[] elements = Tensors.toLongs(tensor);
            assertThat(content.elements()).as(name).hasSize(elements.length);
            for (int i = 0; i < elements.length; i++) {
                Optional<Dim> known = content.elements().get(i);
                if (known.isPresent()) {
                    assertThat(known.get().evaluate(symbols))
                            .as("%s[%d] is %s", name, i, known.get())
                            .isEqualTo(elements[i]);
                }
            }
        });
    }

    private Map<String, Long> symbols(Map<String, Tensor> inputs) {
        Map<String, Long> symbols = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Dimension> declared = type.shape().orElseThrow();
            for (int axis = 0; axis < declared.size(); axis++) {
                symbols.put(
                        symbol(name, axis, declared.get(axis)),
                        inputs.get(name).shape().get(axis));
            }
        });
        return symbols;
    }

    /** The symbol that stands for an extent of an input, or a name nobody uses for a fixed one. */
    static String symbol(String input, int axis, Dimension extent) {
        // Paddle's exporter names every open extent "?".
        return extent instanceof Dimension.Symbol symbol && !symbol.name().equals("?")
                ? symbol.name()
                : input + "." + axis;
    }

    /** Seeded inputs of the given extents: normal floats, zeros and ones. */
    static Map<String, Tensor> inputs(Graph graph, Map<String, Long> extents) {
        Random random = new Random(1);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Dimension> declared = type.shape().orElseThrow();
            List<Long> shape = new ArrayList<>();
            for (int axis = 0; axis < declared.size(); axis++) {
                Dimension extent = declared.get(axis);
                shape.add(
                        extent instanceof Dimension.Fixed fixed
                                ? fixed.extent()
                                : extents.get(symbol(name, axis, extent)));
            }
            double[] values = new double[shape.stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact)];
            for (int i = 0; i < values.length; i++) {
                values[i] = type.type() == DataType.FLOAT32 ? random.nextGaussian() : random.nextInt(2);
            }
            inputs.put(name, Tensors.fromDoubles(type.type(), shape, values));
        });
        return inputs;
    }
}
