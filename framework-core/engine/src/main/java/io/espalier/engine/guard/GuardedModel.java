package io.espalier.engine.guard;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.ValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model of an adapter. */
final class GuardedModel implements Model {

    private final Model model;
    private final Graph graph;
    private final ProviderGuard guard;

    GuardedModel(Model model, Graph graph, ProviderGuard guard) {
        this.model = model;
        this.graph = graph;
        this.guard = guard;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public String digest() {
        return guard.call("digest", model::digest);
    }

    @Override
    public long byteSize() {
        return guard.call("byteSize", model::byteSize);
    }

    @Override
    public Map<String, String> metadata() {
        return guard.call("metadata", model::metadata);
    }

    @Override
    public Map<String, LayerName> layers() {
        return guard.call("layers", model::layers);
    }

    @Override
    public boolean isInFile(String value) {
        return guard.call("isInFile", () -> model.isInFile(value));
    }

    @Override
    public int widthMultiple() {
        int multiple = guard.call("widthMultiple", model::widthMultiple);
        guard.require(multiple >= 1, "widthMultiple returned " + multiple, "a multiple of widths is at least 1");
        return multiple;
    }

    @Override
    public String runtime() {
        return guard.call("runtime", model::runtime);
    }

    @Override
    public boolean isAccepted() {
        return guard.call("isAccepted", model::isAccepted);
    }

    @Override
    public Runner runner() {
        return guarded(guard.call("runner", () -> model.runner()));
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits) {
        return guard.call("runner", () -> model.runner(edits)).map(this::guarded);
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits, int threads) {
        return guard.call("runner", () -> model.runner(edits, threads)).map(this::guarded);
    }

    @Override
    public Optional<Runner> runner(Map<String, ValueType> inputs, List<String> outputs) {
        return guard.call("runner", () -> model.runner(inputs, outputs))
                .map(runner -> new GuardedRunner(runner, outputs, guard));
    }

    private Runner guarded(Runner runner) {
        return new GuardedRunner(runner, graph.outputs(), guard);
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        guard.run("write", () -> model.write(target, edits, provenance));
    }

    @Override
    public void close() {
        guard.run("close", model::close);
    }
}
