package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.adapter.tflite.lift.GraphLifter;
import io.espalier.adapter.tflite.lift.LiftedTflite;
import io.espalier.adapter.tflite.run.Interpreters;
import io.espalier.adapter.tflite.store.ModelEncoder;
import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Payload;
import io.espalier.adapter.tflite.store.TfliteFile;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** An open TFLite file. Not thread-safe, except for the graph. */
final class TfliteModel implements Model {

    private final TfliteFile file;
    private final LiftedTflite lifted;
    private final Map<String, String> metadata;
    private final Interpreters interpreters;

    private TfliteModel(TfliteFile file, LiftedTflite lifted, Map<String, String> metadata, Interpreters interpreters) {
        this.interpreters = interpreters;
        this.file = file;
        this.lifted = lifted;
        this.metadata = metadata;
    }

    /**
     * Opens and lifts a file.
     *
     * @param interpreters makes what runs it, which is closed with the model
     * @throws io.espalier.spi.InvalidInputException when the file is damaged or uses something that cannot be kept
     */
    static TfliteModel open(Path path, Supplier<Interpreters> interpreters) {
        TfliteFile file = TfliteFile.open(path);
        try {
            NativeModel model = file.decode();
            return new TfliteModel(file, GraphLifter.lift(path, model), Provenance.read(model), interpreters.get());
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public Graph graph() {
        return lifted.model().graph();
    }

    @Override
    public String digest() {
        return file.digest();
    }

    @Override
    public long byteSize() {
        return file.byteSize();
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Map<String, LayerName> layers() {
        return lifted.layers();
    }

    @Override
    public boolean isInFile(String value) {
        return lifted.names().contains(value);
    }

    @Override
    public String runtime() {
        return "TensorFlow Lite " + Interpreters.version();
    }

    @Override
    public Runner runner() {
        return load(file.content(), 1);
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits) {
        return runner(edits, 1);
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits, int threads) {
        return Optional.of(load(Payload.of(ModelEncoder.encode(edited(edits))), threads));
    }

    private Runner load(Payload content, int threads) {
        return interpreters.open(content, List.copyOf(graph().inputs().keySet()), graph().outputs(), threads);
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        NativeModel model = edited(edits);
        Provenance.put(model, provenance);
        TfliteFile.write(model, target);
    }

    private NativeModel edited(List<Edit> edits) {
        NativeModel model = file.decode();
        TfliteEditor.edit(lifted, new NativeEdit(model), edits);
        return model;
    }

    @Override
    public void close() {
        interpreters.close();
        file.close();
    }
}
