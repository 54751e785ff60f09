package io.espalier.plugin.bn;

import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Interprets MatMul, Relu, Identity and BatchNormalization in double, straight from their definitions. */
final class TestingExecutor implements GraphExecutor {

    private final List<Long> batchSizes = new ArrayList<>();
    private int open;

    /** First extents of the first input of every run so far. */
    List<Long> batchSizes() {
        return batchSizes;
    }

    /** Runners that were prepared and not closed. */
    int open() {
        return open;
    }

    @Override
    public String name() {
        return "testing";
    }

    @Override
    public String description() {
        return "Interprets a handful of operators.";
    }

    @Override
    public Session prepare(Graph graph, Settings settings, Map<String, String> state) {
        if (!state.isEmpty()) {
            throw new IllegalArgumentException("keeps no state");
        }
        open++;
        return new Interpreter(graph);
    }

    private final class Interpreter implements Session {

        private final Graph graph;

        Interpreter(Graph graph) {
            this.graph = graph;
        }

        @Override
        public List<String> inputs() {
            return List.copyOf(graph.inputs().keySet());
        }

        @Override
        public List<String> outputs() {
            return graph.outputs();
        }

        @Override
        public Map<String, Tensor> state() {
            return Map.of();
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs) {
            batchSizes.add(inputs.values().iterator().next().shape().get(0));
            Map<String, Tensor> values = new LinkedHashMap<>(graph.constants());
            values.putAll(inputs);
            for (Node node : graph.nodes()) {
                List<Tensor> results =
                        apply(node, node.inputs().stream().map(values::get).toList());
                for (int slot = 0; slot < node.outputs().size(); slot++) {
                    values.put(node.outputs().get(slot), results.get(slot));
                }
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            graph.outputs().forEach(name -> outputs.put(name, values.get(name)));
            return outputs;
        }

        @Override
        public void close() {
            open--;
        }
    }

    private static List<Tensor> apply(Node node, List<Tensor> inputs) {
        return switch (node.operator()) {
            case "Identity" -> inputs;
            case "Relu" -> List.of(relu(inputs.get(0)));
            case "MatMul" -> List.of(matMul(inputs.get(0), inputs.get(1)));
            case "BatchNormalization" -> normalise(node, inputs);
            default -> throw new IllegalArgumentException(node.operator());
        };
    }

    private static Tensor relu(Tensor x) {
        double[] values = Tensors.toDoubles(x);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i]);
        }
        return tensor(x.shape(), values);
    }

    private static Tensor matMul(Tensor a, Tensor b) {
        int rows = Math.toIntExact(a.shape().get(0));
        int inner = Math.toIntExact(a.shape().get(1));
        int columns = Math.toIntExact(b.shape().get(1));
        double[] left = Tensors.toDoubles(a);
        double[] right = Tensors.toDoubles(b);
        double[] product = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < inner; k++) {
                    product[i * columns + j] += left[i * inner + k] * right[k * columns + j];
                }
            }
        }
        return tensor(Tensors.shape(rows, columns), product);
    }

    private static List<Tensor> normalise(Node node, List<Tensor> inputs) {
        double[] x = Tensors.toDoubles(inputs.get(0));
        double[] scale = Tensors.toDoubles(inputs.get(1));
        double[] shift = Tensors.toDoubles(inputs.get(2));
        boolean training = node.intAttribute("training_mode", 0) == 1;
        int channels = scale.length;
        int area = Math.toIntExact(inputs.get(0).shape().stream().skip(2).reduce(1L, Math::multiplyExact));
        double[] mean = training ? new double[channels] : Tensors.toDoubles(inputs.get(3));
        double[] variance = training ? new double[channels] : Tensors.toDoubles(inputs.get(4));
        if (training) {
            double count = x.length / (double) channels;
            for (int i = 0; i < x.length; i++) {
                mean[i / area % channels] += x[i] / count;
            }
            for (int i = 0; i < x.length; i++) {
                variance[i / area % channels] += Math.pow(x[i] - mean[i / area % channels], 2) / count;
            }
        }
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i / area % channels;
            y[i] = (x[i] - mean[c]) / Math.sqrt(variance[c] + node.realAttribute("epsilon", 1e-5)) * scale[c]
                    + shift[c];
        }
        double momentum = node.realAttribute("momentum", 0.9);
        return List.of(
                tensor(inputs.get(0).shape(), y),
                running(inputs.get(3), mean, momentum),
                running(inputs.get(4), variance, momentum));
    }

    private static Tensor running(Tensor old, double[] batch, double momentum) {
        double[] values = Tensors.toDoubles(old);
        for (int c = 0; c < values.length; c++) {
            values[c] = values[c] * momentum + batch[c] * (1 - momentum);
        }
        return tensor(old.shape(), values);
    }

    private static Tensor tensor(List<Long> shape, double[] values) {
        return Tensors.fromDoubles(DataType.FLOAT64, shape, values);
    }
}
