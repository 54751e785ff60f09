package io.espalier.engine.verify;

import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs graphs as another executor does, and counts how many sessions are open and how many run. */
final class TestingSessions implements GraphExecutor {

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger mostRunning = new AtomicInteger();
    final AtomicInteger prepared = new AtomicInteger();
    final AtomicInteger runs = new AtomicInteger();

    @Override
    public String name() {
        return "counting";
    }

    @Override
    public String description() {
        return "Counts sessions.";
    }

    @Override
    public Session prepare(Graph graph, Settings settings, Map<String, String> state) {
        Session session = TestingPruning.EXECUTOR.prepare(graph, settings, state);
        prepared.incrementAndGet();
        raise(mostOpen, open.incrementAndGet());
        return new Session() {
            @Override
            public List<String> inputs() {
                return session.inputs();
            }

            @Override
            public List<String> outputs() {
                return session.outputs();
            }

            @Override
            public Map<String, Tensor> state() {
                return session.state();
            }

            @Override
            public Map<String, Tensor> run(Map<String, Tensor> inputs) {
                runs.incrementAndGet();
                raise(mostRunning, running.incrementAndGet());
                try {
                    return session.run(inputs);
                } finally {
                    running.decrementAndGet();
                }
            }

            @Override
            public void close() {
                open.decrementAndGet();
                session.close();
            }
        };
    }

    private static void raise(AtomicInteger most, int now) {
        most.accumulateAndGet(now, Math::max);
    }

    int open() {
        return open.get();
    }
}
