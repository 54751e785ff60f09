package io.espalier.engine.guard;

import io.espalier.spi.Budget;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Calls an executor and the sessions that it prepares. Thread-safe; its sessions are not. */
public final class GuardedExecutor implements GraphExecutor {

    private final GraphExecutor executor;
    private final ProviderGuard guard;

    private final Budget budget;

    private GuardedExecutor(GraphExecutor executor, Budget budget) {
        this.executor = executor;
        this.budget = budget;
        this.guard = new ProviderGuard(executor);
    }

    /** Guards an executor, unless it is guarded already. */
    public static GraphExecutor of(GraphExecutor executor) {
        return executor instanceof GuardedExecutor ? executor : of(executor, Budget.DEFAULT);
    }

    /** Guards an executor and limits how long its runs may take. */
    public static GraphExecutor of(GraphExecutor executor, Budget budget) {
        return new GuardedExecutor(executor, budget);
    }

    @Override
    public String name() {
        return executor.name();
    }

    @Override
    public String description() {
        return executor.description();
    }

    @Override
    public List<OptionSpec> options() {
        return executor.options();
    }

    @Override
    public Session prepare(Graph graph, Settings settings, Map<String, String> state) {
        Session session =
                guard.call("prepare", () -> executor.prepare(graph, settings.within(budget.seconds()), state));
        List<String> results = graph.outputs().stream()
                .filter(output -> !state.containsValue(output))
                .toList();
        return new GuardedSession(session, results, guard);
    }

    private static final class GuardedSession extends GuardedRunner implements Session {

        private final Session session;
        private final ProviderGuard guard;

        GuardedSession(Session session, List<String> results, ProviderGuard guard) {
            super(session, results, guard);
            this.session = session;
            this.guard = guard;
        }

        @Override
        public Map<String, Tensor> state() {
            return guard.call("state", session::state);
        }
    }
}
