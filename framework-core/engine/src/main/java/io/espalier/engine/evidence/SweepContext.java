package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.util.Map;
import java.util.Optional;

/** What a sweep works with. */
record SweepContext(
        Graph graph,
        Coupling coupling,
        Optional<Batches> calibration,
        Map<String, Long> extents,
        Optional<ChosenLoss> loss,
        GraphExecutor executor,
        RunContext run,
        int threads) {

    /** The calibration data. */
    Batches data() {
        return calibration.orElseThrow(() -> new InvalidInputException("There is no calibration data; give some."));
    }

    /** What gradients are taken of. */
    ChosenLoss chosen() {
        return loss.orElseThrow(
                () -> new InvalidInputException("No loss says what gradients are taken of; choose one."));
    }

    /** The first batch of some data. */
    static Batch first(Batches data) {
        for (Batch batch : data) {
            return batch;
        }
        throw new InvalidInputException("The calibration data has no examples.");
    }

    /** The same with another loss. */
    SweepContext with(ChosenLoss other) {
        return new SweepContext(graph, coupling, calibration, extents, Optional.of(other), executor, run, threads);
    }
}
