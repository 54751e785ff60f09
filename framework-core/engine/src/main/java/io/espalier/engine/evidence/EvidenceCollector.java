package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Measures evidence on calibration data. The batches it makes are its own: what it finds depends on neither the number of
 * threads nor how the data is divided elsewhere. Thread-safe.
 *
 * @param graph the graph that is to be pruned
 * @param coupling its coupled channels
 * @param calibration the data
 * @param loss what gradients are taken of; empty when none are asked for
 * @param executor runs the graph
 * @param run cancellation, progress and random numbers
 * @param threads worker threads, at least 1
 */
public record EvidenceCollector(
        Graph graph,
        Coupling coupling,
        Batches calibration,
        Optional<ChosenLoss> loss,
        GraphExecutor executor,
        RunContext run,
        int threads) {

    /**
     * Collects evidence: activations in one sweep over the data, gradients in another, inputs of
     * weights in a third.
     *
     * @param kinds what is asked for
     */
    public Map<Evidence<?>, Object> collect(Set<Evidence<?>> kinds) {
        Map<Evidence<?>, Object> collected = new LinkedHashMap<>();
        boolean wantsMaps = kinds.contains(Evidence.ACTIVATION_MAPS);
        if (wantsMaps || kinds.contains(Evidence.ACTIVATION_STATISTICS)) {
            ActivationSweep sweep = new ActivationSweep(context(), wantsMaps);
            sweep.run();
            collected.put(Evidence.ACTIVATION_STATISTICS, sweep.statistics());
            collected.put(Evidence.ACTIVATION_MAPS, sweep.maps());
        }
        if (kinds.stream().anyMatch(Evidence::isOfLoss)) {
            GradientSweep sweep = new GradientSweep(context(), kinds);
            sweep.run();
            collected.put(Evidence.LOSS_GRADIENTS, sweep.gradients());
            collected.put(Evidence.SLICE_GRADIENTS, sweep.slices());
            collected.put(Evidence.SLICE_FISHER, sweep.fisher());
            collected.put(Evidence.SQUARED_GRADIENTS, sweep.squares());
        }
        if (kinds.contains(Evidence.WEIGHT_INPUTS)) {
            collected.put(Evidence.WEIGHT_INPUTS, new WeightInputSweep(context()).run());
        }
        collected.keySet().retainAll(kinds);
        return collected;
    }

    private SweepContext context() {
        return new SweepContext(graph, coupling, calibration, loss, executor, run, threads);
    }
}
