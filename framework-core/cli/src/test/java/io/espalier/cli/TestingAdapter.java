package io.espalier.cli;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads files that begin with GRAPH as one small convolutional network, and refuses those that go on with BROKEN. */
final class TestingAdapter implements FrameworkAdapter {

    @Override
    public String name() {
        return "testing";
    }

    @Override
    public String description() {
        return "Files that begin with GRAPH.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("GRAPH");
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        try {
            if (java.nio.file.Files.readString(file).contains("BROKEN")) {
                throw new InvalidInputException("'" + file + "' is broken at byte 6; export the model again");
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new TestingModel(graph());
    }

    /** Convolution, normalisation, convolution, pooling and a classifier, over a symbolic batch. */
    static Graph graph() {
        GraphBuilder builder = new GraphBuilder("small", 1);
        String x = builder.input("image", "batch", 3, 8, 8);
        String first = builder.relu(builder.bn("norm", builder.conv("first", x, 6, Window.same(3))));
        String second = builder.relu(builder.conv("second\u001b[2J", first, 4, Window.same(3)));
        String pooled = builder.flatten(builder.globalAveragePool(second), 1);
        String logits = builder.gemm("head", pooled, 5);
        return builder.output(logits).build();
    }

    private record TestingModel(Graph graph) implements Model {

        @Override
        public String digest() {
            return "0".repeat(64);
        }

        @Override
        public long byteSize() {
            return 4321;
        }

        @Override
        public Map<String, String> metadata() {
            return Map.of();
        }

        @Override
        public Runner runner() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
