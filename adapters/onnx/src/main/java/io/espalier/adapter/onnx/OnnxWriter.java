package io.espalier.adapter.onnx;

import io.espalier.spi.adapter.GraphWriter;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;

/** Writes neutral graphs as ONNX files. Thread-safe. */
public final class OnnxWriter implements GraphWriter {

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public String description() {
        return "Writes graphs as ONNX files.";
    }

    @Override
    public void write(Graph graph, Path file) {
        OnnxFiles.save(graph, file);
    }
}
