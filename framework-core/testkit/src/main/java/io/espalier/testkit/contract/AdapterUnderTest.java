package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.testkit.model.RandomInputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.io.TempDir;

/** What the author of an adapter brings to {@link AdapterContract}, and what its tests share. */
abstract class AdapterUnderTest extends ProviderContract<FrameworkAdapter> {

    private static final int HEAD_BYTES = 4096;

    @TempDir
    Path folder;

    AdapterUnderTest() {
        super(FrameworkAdapter.class);
    }

    /** A new instance of the adapter under test. */
    protected abstract FrameworkAdapter adapter();

    /**
     * Writes valid models into a folder, each with the extension of its format and at most a few megabytes large.
     *
     * @param target an empty folder
     * @return the files to open
     */
    protected abstract List<Path> models(Path target) throws IOException;

    /**
     * Edits after which a model still works: what removes some channels, and attributes where the format has any. The
     * lifted graph of the edited file has to be the graph with exactly these edits.
     *
     * @param file one of {@link #models}
     * @param graph its lifted graph
     */
    protected abstract List<Edit> edits(Path file, Graph graph);

    /** Runs neutral graphs; by default the first executor on the class path. */
    protected GraphExecutor executor() {
        return FoundExecutor.onClassPath();
    }

    /** Inputs for a model; by default normal floats, small integers, and a different extent for every symbol. */
    protected Map<String, Tensor> inputs(Path file, Graph graph, long seed) {
        Map<String, Long> symbols = new LinkedHashMap<>();
        graph.inputs().values().stream()
                .flatMap(type -> type.shape().stream())
                .flatMap(List::stream)
                .filter(Dimension.Symbol.class::isInstance)
                .forEach(symbol -> symbols.putIfAbsent(((Dimension.Symbol) symbol).name(), 2L + symbols.size()));
        return new RandomInputs(symbols, 3).of(graph, seed);
    }

    /** How far outputs may lie apart, as a share of their largest magnitude. */
    protected double tolerance(Path file) {
        return 1e-4;
    }

    /** Whether a constant may be given other numbers of the same form; by default all that are not whole numbers. */
    protected boolean settable(String constant, Tensor value) {
        return value.type().isFloating() && value.size() > 1;
    }

    /** A place for what only the format knows: compares two files in its own terms. */
    protected void compareNatively(Path before, Path after, List<Edit> edits) throws IOException {}

    @Override
    protected final FrameworkAdapter provider() {
        return adapter();
    }

    final Stream<DynamicTest> eachModel(Check check) throws IOException {
        List<Path> models = models(Files.createDirectories(folder.resolve("models")));
        assertThat(models).as("models").isNotEmpty();
        return models.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check.accept(file)));
    }

    /** A test of one model. */
    interface Check {
        void accept(Path file) throws Exception;
    }

    /** Where to write, in a folder of its own. */
    final Path target(String purpose, Path file) throws IOException {
        String name = file.getFileName().toString();
        return Files.createDirectories(folder.resolve(name + "." + purpose)).resolve(name);
    }

    final void assertParity(Path file, Model model, Graph graph) {
        ModelChecks.assertParity(model, graph, executor(), seed -> inputs(file, graph, seed), tolerance(file));
    }

    final String digest(Path file) {
        try (Model model = adapter().open(file)) {
            return model.digest();
        }
    }

    static final byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD_BYTES);
        }
    }

    /** The largest, the middle and the smallest constant that may be set. */
    final List<String> settable(Graph graph) {
        List<String> constants = graph.constants().entrySet().stream()
                .filter(constant -> settable(constant.getKey(), constant.getValue()))
                .sorted(Comparator.comparingLong(
                        constant -> -constant.getValue().byteSize()))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(constants).as("constants that may be set").isNotEmpty();
        return Stream.of(0, constants.size() / 2, constants.size() - 1)
                .distinct()
                .map(constants::get)
                .toList();
    }
}
