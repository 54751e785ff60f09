package io.espalier.plugin.bn;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.BatchOptions.Remainder;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Re-estimates the running mean and variance of batch normalisation on calibration data.
 *
 * <p>Removing channels shifts the distributions inside a network; normalising with the statistics of the unpruned one
 * costs accuracy that new statistics win back without training (adaptive batch normalisation: Li et al., "EagleEye",
 * ECCV 2020, arXiv 2007.02491).
 *
 * <p>All {@code BatchNormalization} nodes with constant statistics run in training mode together: each sees inputs
 * normalised by the batch, as when the network was trained. The statistics of all batches are pooled to those of the
 * population: with {@code n_b} examples, mean {@code m_b} and population variance {@code v_b} in batch {@code b},
 *
 * <pre>
 * mean = sum_b n_b m_b / sum_b n_b
 * var  = sum_b n_b (v_b + (m_b - mean)^2) / sum_b n_b
 * </pre>
 *
 * <p>Inputs are matched to arrays by name, else by order. The examples are divided into batches of nearly equal size, at
 * most {@code batch-size}; a model with a fixed batch gets batches of that size, and a remainder is left out. Nodes
 * inside bodies of {@code If}, {@code Loop} and {@code Scan} keep their statistics. A layer that is applied several times
 * pools all its applications; statistics shared by different layers are refused. Folded or absent normalisation leaves
 * nothing to do. Use training data, never the data that measures the result.
 */
public final class BnCompensator implements WeightCompensator {

    private static final String BATCH_SIZE = "batch-size";
    private static final String BATCHES = "batches";
    /** With fewer examples the statistics were measured to cost accuracy. */
    private static final long FEW = 128;

    @Override
    public String name() {
        return "bn";
    }

    @Override
    public String description() {
        return "Re-estimates the running statistics of batch normalisation on calibration data.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.integer(BATCH_SIZE, 64, 4, 65536, "most examples in a batch"),
                OptionSpec.integer(BATCHES, 0, 0, 1_000_000, "most batches to run; 0 runs all"));
    }

    @Override
    public List<Edit> compensate(CompensationContext context) {
        Graph pruned = context.pruned();
        Set<NormalisationLayer> layers = new NormalisationLayers(pruned).all();
        if (layers.isEmpty()) {
            return List.of();
        }
        if (context.calibration().isSynthetic()) {
            throw new InvalidInputException(
                    "statistics of synthetic inputs would ruin the normalisation; give real inputs"
                            + " with --calibration, even of another kind, or another compensator with --repair");
        }
        Batches batches = batches(context);
        if (batches.examples() < FEW) {
            context.note("statistics of " + batches.examples()
                    + " examples vary from sample to sample, and 32 can cost a point of" + " accuracy; give " + FEW
                    + " or more");
        }
        List<Edit> edits = new ArrayList<>();
        pool(layers, batches, context).forEach((layer, statistics) -> {
            Tensor mean = pruned.constants().get(layer.mean());
            Tensor variance = pruned.constants().get(layer.variance());
            edits.add(new Edit.SetConstant(layer.mean(), finite(layer.mean(), statistics.mean(mean))));
            edits.add(new Edit.SetConstant(layer.variance(), finite(layer.variance(), statistics.variance(variance))));
        });
        return edits;
    }

    private static Batches batches(CompensationContext context) {
        BatchOptions even =
                BatchOptions.of((int) context.options().integer(BATCH_SIZE)).with(Remainder.SPREAD);
        Batches batches = context.calibration().with(even);
        if (batches.size() < 2) {
            throw new InvalidInputException(
                    "batch statistics need batches of at least 2 examples, but the inputs of the "
                            + "model have a batch of " + batches.size() + "; export it with a dynamic batch axis");
        }
        if (batches.examples() < 2) {
            throw new InvalidInputException("the calibration data has "
                    + context.calibration().examples() + " examples, too few for one batch; give it more");
        }
        long most = context.options().integer(BATCHES);
        return most == 0 ? batches : batches.with(even.atMost(Math.multiplyExact(most, batches.size())));
    }

    private static Map<NormalisationLayer, PooledStatistics> pool(
            Set<NormalisationLayer> layers, Batches batches, CompensationContext context) {
        StatisticsGraph statistics = StatisticsGraph.of(context.pruned());
        Map<NormalisationLayer, PooledStatistics> pooled = new LinkedHashMap<>();
        layers.forEach(layer -> pooled.put(layer, new PooledStatistics()));
        try (Runner runner = context.executor().prepare(statistics.graph(), Settings.of(Purpose.EVALUATION))) {
            long done = 0;
            for (Batch batch : batches) {
                context.checkCancelled();
                Map<String, Tensor> outputs = runner.run(batch.inputs());
                for (StatisticsGraph.Application application : statistics.applications()) {
                    pooled.get(application.layer())
                            .add(
                                    batch.size(),
                                    outputs.get(application.meanOutput()),
                                    outputs.get(application.varianceOutput()));
                }
                context.progress("re-estimating normalisation statistics", ++done, batches.count());
            }
        }
        return pooled;
    }

    private static Tensor finite(String constant, Tensor statistic) {
        Tensors.forEach(statistic, (channel, value) -> {
            if (!Double.isFinite(value)) {
                throw new InvalidInputException("the calibration data gives channel " + channel + " of '" + constant
                        + "' the statistic " + value + "; check the data for values that are too large, "
                        + "or prune without --repair bn");
            }
        });
        return statistic;
    }
}
