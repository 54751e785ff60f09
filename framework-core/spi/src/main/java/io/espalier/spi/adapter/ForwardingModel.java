package io.espalier.spi.adapter;

import io.espalier.spi.Stability;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.ValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model that forwards every call to another one, so that what extends it overrides no more than it changes. */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public class ForwardingModel implements Model {

    private final Model model;

    /** A model in front of another one, which is closed with it. */
    public ForwardingModel(Model model) {
        this.model = model;
    }

    @Override
    public Graph graph() {
        return model.graph();
    }

    @Override
    public String digest() {
        return model.digest();
    }

    @Override
    public long byteSize() {
        return model.byteSize();
    }

    @Override
    public Map<String, String> metadata() {
        return model.metadata();
    }

    @Override
    public Map<String, LayerName> layers() {
        return model.layers();
    }

    @Override
    public boolean isInFile(String value) {
        return model.isInFile(value);
    }

    @Override
    public int widthMultiple() {
        return model.widthMultiple();
    }

    @Override
    public String runtime() {
        return model.runtime();
    }

    @Override
    public boolean isAccepted() {
        return model.isAccepted();
    }

    @Override
    public Runner runner() {
        return model.runner();
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits) {
        return model.runner(edits);
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits, int threads) {
        return model.runner(edits, threads);
    }

    @Override
    public Optional<Runner> runner(Map<String, ValueType> inputs, List<String> outputs) {
        return model.runner(inputs, outputs);
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        model.write(target, edits, provenance);
    }

    @Override
    public void close() {
        model.close();
    }
}
