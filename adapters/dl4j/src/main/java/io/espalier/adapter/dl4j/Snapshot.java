package io.espalier.adapter.dl4j;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.file.TemporaryFolder;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A model in a temporary folder that goes when the model is closed; digest and size are those of what it was made of. */
record Snapshot(TemporaryFolder folder, Model model, String digest, long byteSize) implements Model {

    @Override
    public Graph graph() {
        return model.graph();
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
    public Runner runner() {
        return model.runner();
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        model.write(target, edits, provenance);
    }

    @Override
    public void close() {
        model.close();
        folder.close();
    }
}
