package {package};

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Batch;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives outputs the means that they had before the cut, by the last biases. Put your rule and its source here. */
public final class {class} implements WeightCompensator {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Gives outputs the means that they had before the cut, by the last biases.";
    }

    @Override
    public List<Edit> compensate(CompensationContext context) {
        Map<String, Tensor> biases = lastBiases(context.pruned());
        if (biases.isEmpty()) {
            return List.of();
        }
        Map<String, double[]> before = means(context.original(), biases, context);
        Map<String, double[]> after = means(context.pruned(), biases, context);
        GraphIndex index = GraphIndex.of(context.pruned());
        List<Edit> edits = new ArrayList<>();
        biases.forEach((output, bias) -> {
            double[] values = Tensors.toDoubles(bias);
            for (int channel = 0; channel < values.length; channel++) {
                values[channel] += before.get(output)[channel] - after.get(output)[channel];
            }
            String name = index.producer(output).orElseThrow().inputs().get(2);
            edits.add(new Edit.SetConstant(name, Tensors.fromDoubles(bias.type(), bias.shape(), values)));
        });
        return edits;
    }

    /** The biases of layers that make outputs of the graph, by output. */
    private static Map<String, Tensor> lastBiases(Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        Map<String, Tensor> biases = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (List.of("Conv", "Gemm").contains(node.qualifiedOperator())
                    && node.realAttribute("beta", 1) == 1
                    && index.isReturned(node.id())) {
                node.input(2)
                        .filter(index::isReadOnce)
                        .flatMap(index::constant)
                        .filter(bias -> bias.shape().size() == 1)
                        .ifPresent(bias -> biases.put(node.id(), bias));
            }
        }
        return biases;
    }

    /** What each channel is in the mean over the calibration data, by output. */
    private static Map<String, double[]> means(Graph graph, Map<String, Tensor> biases, CompensationContext context) {
        Map<String, double[]> means = new LinkedHashMap<>();
        biases.forEach((output, bias) -> means.put(output, new double[(int) bias.size()]));
        long examples = context.calibration().examples();
        try (Runner runner = context.executor().prepare(graph, Settings.of(Purpose.EVALUATION))) {
            for (Batch batch : context.calibration()) {
                context.checkCancelled();
                Map<String, Tensor> outputs = runner.run(batch.inputs());
                means.forEach((output, mean) -> add(mean, outputs.get(output), batch.size(), examples));
            }
        }
        return means;
    }

    private static void add(double[] mean, Tensor output, int rows, long examples) {
        long row = output.size() / output.shape().get(0);
        long area = row / mean.length;
        Tensors.forEach(output, (index, value) -> {
            if (index < rows * row) {
                mean[(int) (index % row / area)] += value / (examples * area);
            }
        });
    }
}
