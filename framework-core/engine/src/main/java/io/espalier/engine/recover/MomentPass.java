package io.espalier.engine.recover;

import io.espalier.engine.verify.Part;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Sums the moments of applications of weights over all batches. Every eighth batch is held back. */
final class MomentPass {

    /** One batch of so many is held back. */
    static final int HELD_BACK = 8;

    private final Batches calibration;
    private final Lanes lanes;
    private final Rows rows;
    private final GraphExecutor executor;
    private final Optional<SampleWeights> weights;

    MomentPass(Batches calibration, Lanes lanes, Rows rows, GraphExecutor executor, Optional<SampleWeights> weights) {
        this.calibration = calibration;
        this.lanes = lanes;
        this.rows = rows;
        this.executor = executor;
        this.weights = weights;
    }

    /**
     * Sums moments.
     *
     * @param fixed what the node reads that does not depend on data
     */
    MomentSums of(Application application, Sources sources, Map<String, Tensor> fixed) {
        WeightMatrix matrix = application.matrix();
        Map<String, ValueType> types =
                Part.open(sources.inputs(0, application.node().reads()));
        MomentGraph graph = MomentGraph.of(
                application,
                types,
                sources.narrowed(),
                fixed,
                sources.kept(),
                Part.open(sources.target(0)),
                weights(sources, 0).map(Part::open));
        MomentSums sums = new MomentSums(graph, matrix);
        // Optimised, onnxruntime 1.29 reshapes the result of a matrix product wrongly once transpositions are
        // merged.
        lanes.forEach(
                calibration.count(),
                () -> executor.prepare(
                        graph.graph(), Settings.of(Purpose.EVALUATION).plain()),
                (runner, batch) -> runner.run(inputs(runner, graph, matrix, sources, batch)),
                (batch, results) -> sums.add(results, isHeldBack(batch)));
        return sums;
    }

    private boolean isHeldBack(int batch) {
        return batch % HELD_BACK == Math.min(HELD_BACK, calibration.count()) - 1;
    }

    private Map<String, Tensor> inputs(
            Runner runner, MomentGraph graph, WeightMatrix matrix, Sources sources, int batch) {
        Tensor target = sources.target(batch);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (String input : runner.inputs()) {
            if (input.equals(graph.target())) {
                inputs.put(input, target);
            } else if (graph.weights().filter(input::equals).isPresent()) {
                inputs.put(input, weights(sources, batch).orElseThrow());
            } else if (input.equals(graph.rows())) {
                long samples = target.size();
                for (int axis : matrix.givenAxes()) {
                    samples /= target.shape().get(axis);
                }
                inputs.put(input, Tensors.vector(rows.of(matrix.node().id(), batch, examples(batch), samples)));
            } else {
                inputs.put(input, sources.input(batch, input));
            }
        }
        return inputs;
    }

    private Optional<Tensor> weights(Sources sources, int batch) {
        return weights.flatMap(each -> each.of(sources.node(), batch));
    }

    private long examples(int batch) {
        return Math.min(calibration.size(), calibration.examples() - (long) batch * calibration.size());
    }
}
