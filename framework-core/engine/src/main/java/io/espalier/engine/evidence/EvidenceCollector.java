package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.evidence.OutputGradientSweep.Found;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.OutputGradients;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Measures evidence: on calibration data, or on the network alone. The batches it makes are its own: what it finds depends on neither the number of
 * threads nor how the data is divided elsewhere. Thread-safe.
 *
 * @param graph the graph that is to be pruned
 * @param coupling its coupled channels
 * @param calibration the data; not needed by evidence of the network alone
 * @param extents of symbolic axes by name, for inputs that are made
 * @param loss what gradients are taken of; empty when none are asked for
 * @param executor runs the graph
 * @param run cancellation, progress and random numbers
 * @param threads worker threads, at least 1
 */
public record EvidenceCollector(
        Graph graph,
        Coupling coupling,
        Optional<Batches> calibration,
        Map<String, Long> extents,
        Optional<ChosenLoss> loss,
        GraphExecutor executor,
        RunContext run,
        int threads) {

    /**
     * Collects evidence: activations in one sweep over the data, gradients in another, the curvature along them in a third,
     * gradients by outputs of weights in a fourth, inputs of weights in a fifth; discrimination takes one for features, and one for each
     * of its losses.
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
        collectGradients(kinds, collected);
        if (kinds.contains(Evidence.OUTPUT_GRADIENTS)) {
            collected.put(Evidence.OUTPUT_GRADIENTS, outputGradients());
        }
        if (kinds.contains(Evidence.DISCRIMINATION)) {
            collected.put(Evidence.DISCRIMINATION, new DiscriminationSweep(context()).run());
        }
        boolean wantsChannels = kinds.contains(Evidence.CHANNEL_FLOW);
        if (wantsChannels || kinds.contains(Evidence.SYNAPTIC_FLOW)) {
            SynapticFlow flow = new SynapticFlow(apart(), wantsChannels).measured();
            collected.put(Evidence.SYNAPTIC_FLOW, flow.weights());
            collected.put(Evidence.CHANNEL_FLOW, flow.channels());
        }
        if (kinds.contains(Evidence.WEIGHT_INPUTS)) {
            collected.put(Evidence.WEIGHT_INPUTS, new WeightInputSweep(context()).run());
        }
        collected.keySet().retainAll(kinds);
        return collected;
    }

    private void collectGradients(Set<Evidence<?>> asked, Map<Evidence<?>, Object> collected) {
        Set<Evidence<?>> kinds = new HashSet<>(asked);
        if (kinds.contains(Evidence.HESSIAN_GRADIENTS)) {
            kinds.add(Evidence.LOSS_GRADIENTS);
        }
        kinds.removeAll(Set.of(Evidence.OUTPUT_GRADIENTS, Evidence.DISCRIMINATION));
        if (kinds.stream().noneMatch(each -> each.isOfLoss() && each.isOfData())) {
            return;
        }
        GradientSweep sweep = new GradientSweep(apart(), kinds);
        sweep.run();
        collected.put(Evidence.LOSS_GRADIENTS, sweep.gradients());
        collected.put(Evidence.SLICE_GRADIENTS, sweep.slices());
        collected.put(Evidence.SLICE_FISHER, sweep.fisher());
        collected.put(Evidence.SQUARED_GRADIENTS, sweep.squares());
        if (kinds.contains(Evidence.HESSIAN_GRADIENTS)) {
            collected.put(Evidence.HESSIAN_GRADIENTS, new HessianSweep(apart()).times(sweep.gradients()));
        }
    }

    private OutputGradients outputGradients() {
        List<AppliedWeight> weights = AppliedWeight.all(
                graph, coupling.operators(), coupling.operators().infer(graph));
        Map<String, Found> found = new OutputGradientSweep(context(), weights, false).run();
        return reader -> Optional.ofNullable(found.get(reader.node()))
                .map(Found::moments)
                .orElseGet(() -> new double[0]);
    }

    private SweepContext context() {
        return context(graph);
    }

    /** Parameters that are one for the file alone are differentiated by one at a time. */
    private SweepContext apart() {
        return context(OwnUses.apart(graph, coupling));
    }

    private SweepContext context(Graph measured) {
        return new SweepContext(measured, coupling, calibration, extents, loss, executor, run, threads);
    }
}
