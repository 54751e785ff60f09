package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.util.Optional;

/** What a sweep over the calibration data works with. */
record SweepContext(
        Graph graph,
        Coupling coupling,
        Batches calibration,
        Optional<ChosenLoss> loss,
        GraphExecutor executor,
        RunContext run,
        int threads) {}
