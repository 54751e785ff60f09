package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.GraphLifter;
import io.espalier.adapter.onnx.lift.LiftedProto;
import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.run.OrtSessions;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.adapter.onnx.store.Widening;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.ValueType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An open ONNX file. Not thread-safe, except for the graph. */
final class OnnxModel implements Model {

    /** onnxruntime has the operators of older opsets only where they are the same in newer ones. */
    private static final int OLDEST_RUN = 7;

    private static final String CONVOLUTION = "Conv";
    private static final int CONVOLUTION_BLOCK = 4;

    private final ModelSource source;
    private final LiftedProto lifted;
    private final Set<String> names;
    private final AdapterContext context;
    private final Settings settings;

    private OnnxModel(ModelSource source, LiftedProto lifted, AdapterContext context) {
        this(source, lifted, context, Settings.DEFAULT.within(context.budget().seconds()));
    }

    private OnnxModel(ModelSource source, LiftedProto lifted, AdapterContext context, Settings settings) {
        this.source = source;
        this.lifted = lifted;
        this.names = NativeNames.defined(source.image().proto().getGraph());
        this.context = context;
        this.settings = settings;
    }

    /**
     * Opens and lifts a file.
     *
     * @throws InvalidInputException when the file is broken, unsafe or uses something that cannot be lifted
     */
    static OnnxModel open(Path file, AdapterContext context) {
        ModelSource source = ModelSource.open(file);
        try {
            return new OnnxModel(source, GraphLifter.lift(source, context), context);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    @Override
    public Graph graph() {
        return lifted.model().graph();
    }

    @Override
    public String digest() {
        return source.digest();
    }

    @Override
    public long byteSize() {
        return source.byteSize();
    }

    @Override
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        source.image().proto().getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return metadata;
    }

    /** Convolutions run in blocks of channels, matrix products do not: docs/benchmarks. */
    @Override
    public int widthMultiple() {
        return graph().nodes().stream().anyMatch(node -> node.operator().equals(CONVOLUTION)) ? CONVOLUTION_BLOCK : 1;
    }

    @Override
    public Map<String, LayerName> layers() {
        return lifted.layers();
    }

    @Override
    public boolean isInFile(String value) {
        return names.contains(value);
    }

    @Override
    public String runtime() {
        return "onnxruntime " + OrtSessions.version();
    }

    @Override
    public boolean isAccepted() {
        try (Runner loaded = OrtSessions.open(source.file(), settings.plain(), Map.of())) {
            return !loaded.outputs().isEmpty();
        } catch (ExecutionException refused) {
            return false;
        }
    }

    @Override
    public Runner runner() {
        try {
            return OrtSessions.open(source.file(), settings, lifted.texts());
        } catch (ExecutionException refused) {
            return isTooOldToRun() ? lifted() : mended(source.image(), refused);
        }
    }

    /** Whether the runtime may refuse the file because it has only newer forms of its operators. */
    private boolean isTooOldToRun() {
        return lifted.opset() < OLDEST_RUN;
    }

    /** The runtime loaded with what the file means in the neutral opset. */
    private Runner lifted() {
        return new OnnxExecutor().prepare(graph(), settings, Map.of());
    }

    private Runner lifted(Path file) {
        try (OnnxModel model = open(file, context)) {
            return model.lifted();
        }
    }

    private Runner load(ModelImage image) {
        try {
            return ImageLoader.load(
                    image, Optional.of(source), file -> OrtSessions.open(file, settings, lifted.texts()));
        } catch (ExecutionException refused) {
            return isTooOldToRun()
                    ? ImageLoader.load(image, Optional.of(source), this::lifted)
                    : mended(image, refused);
        }
    }

    /** A file that names two nodes alike is run with other names. */
    private Runner mended(ModelImage image, ExecutionException refused) {
        return NodeNames.unique(image).map(this::load).orElseGet(() -> widened(image, refused));
    }

    /** What the runtime has no kernels for is run in single precision. */
    private Runner widened(ModelImage image, ExecutionException refused) {
        ModelImage wide = Widening.of(image, Optional.of(source)).orElseThrow(() -> refused);
        return ImageLoader.load(wide, Optional.of(source), file -> OrtSessions.open(file, settings, lifted.texts()));
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits) {
        return Optional.of(load(image(edits, Map.of())));
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits, int threads) {
        return new OnnxModel(source, lifted, context, settings.withThreads(threads)).runner(edits);
    }

    @Override
    public Optional<Runner> runner(Map<String, ValueType> inputs, List<String> outputs) {
        if (isTooOldToRun()) {
            return Optional.empty();
        }
        return GraphPart.of(lifted.proto(), inputs, outputs)
                .map(part -> load(source.image().additions().image(part)));
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        write(target, edits, provenance, new ModelWriter());
    }

    /** Writes with a writer of the caller's choice. */
    void write(Path target, List<Edit> edits, Map<String, String> provenance, ModelWriter writer) {
        writer.write(image(edits, provenance), Optional.of(source), target);
    }

    private ModelImage image(List<Edit> edits, Map<String, String> provenance) {
        if (!edits.isEmpty()) {
            return OnnxEditor.edit(lifted, source.image(), edits, context.types(), provenance);
        }
        ModelProto.Builder model = source.image().proto().toBuilder();
        Provenance.put(model, provenance);
        return source.image().additions().image(model.build());
    }

    @Override
    public void close() {
        source.close();
    }
}
