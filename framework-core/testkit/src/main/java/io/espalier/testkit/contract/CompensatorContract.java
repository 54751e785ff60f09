package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingCompensationContext;
import io.espalier.testkit.TestingRunContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What a {@link WeightCompensator} owes the engine: finite values for weights that exist, of unchanged form. */
public abstract class CompensatorContract extends ProviderContract<WeightCompensator> {

    private static final long SEED = 20260101;

    protected CompensatorContract() {
        super(WeightCompensator.class);
    }

    /** A new instance of the compensator under test. */
    protected abstract WeightCompensator compensator();

    /** A graph with something to repair. */
    protected abstract Graph pruned();

    /** Data that fits {@link #pruned()}. */
    protected abstract Dataset calibration();

    /** Runs the operators of {@link #pruned()}; by default the first executor on the class path. */
    protected GraphExecutor executor() {
        return FoundExecutor.onClassPath();
    }

    @Override
    protected final WeightCompensator provider() {
        return compensator();
    }

    /** The new values for a graph, with the options under test and a fixed seed. */
    protected final Map<String, Tensor> compensate(Graph graph, Dataset calibration) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Edit edit : compensator().compensate(context(new TestingRunContext(SEED), graph, calibration))) {
            assertThat(edit).isInstanceOf(Edit.SetConstant.class);
            Edit.SetConstant set = (Edit.SetConstant) edit;
            assertThat(values.put(set.constant(), set.value()))
                    .as("an earlier value of %s", set.constant())
                    .isNull();
        }
        return values;
    }

    private TestingCompensationContext context(TestingRunContext run, Graph graph, Dataset calibration) {
        return new TestingCompensationContext(run, options(), graph, calibration, executor());
    }

    @Test
    void newValuesAreFiniteAndReplaceConstantsOfTheSameForm() {
        Map<String, Tensor> constants = pruned().constants();
        assertThat(compensate(pruned(), calibration())).isNotEmpty().allSatisfy((name, value) -> {
            assertThat(constants).containsKey(name);
            assertThat(value.type()).as(name).isEqualTo(constants.get(name).type());
            assertThat(value.shape()).as(name).isEqualTo(constants.get(name).shape());
            assertThat(Arrays.stream(Tensors.toDoubles(value)).allMatch(Double::isFinite))
                    .as(name)
                    .isTrue();
        });
    }

    @Test
    void resultsAreReproducible() {
        Map<String, Tensor> first = compensate(pruned(), calibration());
        Map<String, Tensor> second = compensate(pruned(), calibration());
        assertThat(second.keySet()).containsExactlyElementsOf(first.keySet());
        first.forEach((name, value) ->
                assertThat(Tensors.toBytes(second.get(name))).as(name).isEqualTo(Tensors.toBytes(value)));
    }

    @Test
    void aGraphWithoutOperatorsNeedsNoRepair() {
        String input = pruned().inputs().keySet().iterator().next();
        Graph empty = new Graph("empty", pruned().inputs(), List.of(input), List.of(), Map.of(), Map.of());
        assertThat(compensate(empty, calibration())).isEmpty();
    }

    @Test
    void stopsWhenTheRunIsCancelled() {
        TestingRunContext run = new TestingRunContext(SEED);
        TestingCompensationContext context = context(run, pruned(), calibration());
        run.cancel();
        assertThatThrownBy(() -> compensator().compensate(context)).isInstanceOf(CancellationException.class);
    }
}
