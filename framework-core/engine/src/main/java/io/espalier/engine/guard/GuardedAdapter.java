package io.espalier.engine.guard;

import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.option.OptionSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Calls an adapter and the models that it opens. Thread-safe; its models are not. */
public final class GuardedAdapter implements FrameworkAdapter {

    private final FrameworkAdapter adapter;
    private final ProviderGuard guard;

    private GuardedAdapter(FrameworkAdapter adapter) {
        this.adapter = adapter;
        this.guard = new ProviderGuard(adapter);
    }

    /** Guards an adapter, unless it is guarded already. */
    public static FrameworkAdapter of(FrameworkAdapter adapter) {
        return adapter instanceof GuardedAdapter ? adapter : new GuardedAdapter(adapter);
    }

    @Override
    public String name() {
        return adapter.name();
    }

    @Override
    public String description() {
        return adapter.description();
    }

    @Override
    public List<OptionSpec> options() {
        return adapter.options();
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return guard.call("recognises", () -> adapter.recognises(file, head));
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        Model model = guard.call("open", () -> adapter.open(file, context));
        try {
            Graph graph = guard.call("graph", model::graph);
            check(graph, new HashSet<>(), file);
            return new GuardedModel(model, graph, guard);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** Every value is computed once, before it is read. */
    private void check(Graph graph, Set<String> outside, Path file) {
        Set<String> known = new HashSet<>(outside);
        known.addAll(graph.inputs().keySet());
        known.addAll(graph.constants().keySet());
        for (Node node : graph.nodes()) {
            missing(node.inputs(), known).ifPresent(value -> refuse(file, node.id(), value));
            node.bodies().forEach(body -> check(body, known, file));
            known.addAll(node.outputs());
        }
        missing(graph.outputs(), known).ifPresent(value -> refuse(file, "an output", value));
    }

    private static Optional<String> missing(List<String> read, Set<String> known) {
        return read.stream()
                .filter(value -> !value.isEmpty() && !known.contains(value))
                .findFirst();
    }

    private void refuse(Path file, String reader, String value) {
        guard.require(
                false,
                "it lifted '" + file + "' to a graph in which " + Quoted.name(reader) + " reads " + Quoted.name(value)
                        + ", which nothing before it computes",
                "the nodes of a lifted graph are in topological order and every value has a producer");
    }
}
