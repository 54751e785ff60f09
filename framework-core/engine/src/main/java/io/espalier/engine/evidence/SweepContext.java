package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;

/** What a sweep over the calibration data works with. */
record SweepContext(
        Graph graph, Coupling coupling, Batches calibration, GraphExecutor executor, RunContext run, int threads) {}
