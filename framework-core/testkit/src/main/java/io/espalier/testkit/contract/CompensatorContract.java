package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What a {@link WeightCompensator} owes the engine: finite values for constants that exist, of unchanged form. */
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

    /** Runs the operators of {@link #pruned()}. */
    protected abstract GraphExecutor executor();

    @Override
    protected final WeightCompensator provider() {
        return compensator();
    }

    /** Repairs a graph with the options under test and a fixed seed. */
    protected final Map<String, Tensor> compensate(Graph graph, Dataset calibration) {
        return compensator().compensate(graph, calibration, executor(), options(), new TestingRunContext(SEED));
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
        TestingRunContext context = new TestingRunContext(SEED);
        context.cancel();
        assertThatThrownBy(() -> compensator().compensate(pruned(), calibration(), executor(), options(), context))
                .isInstanceOf(CancellationException.class);
    }
}
