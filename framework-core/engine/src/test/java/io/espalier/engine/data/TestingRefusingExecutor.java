package io.espalier.engine.data;

import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import java.util.Map;

/** A back end that runs nothing. */
record TestingRefusingExecutor(String reason) implements GraphExecutor {

    @Override
    public String name() {
        return "refusing";
    }

    @Override
    public String description() {
        return "Runs nothing.";
    }

    @Override
    public Session prepare(Graph graph, Settings settings, Map<String, String> state) {
        throw new ExecutionException(reason, null);
    }
}
