package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.store.FileContent;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.option.OptionSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads, writes and runs ONNX files of opset 1 to 24. Thread-safe. */
public final class OnnxAdapter implements FrameworkAdapter {

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public String description() {
        return "ONNX models of opset 1 to 24, with or without external data.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.integer(
                "unroll", 64, 0, 4096, "loops of at most so many turns are written out, where the number is fixed"));
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        // A broken file with this name is opened too, so that the user learns what is wrong with it.
        return FileContent.of(head) == FileContent.MODEL
                || file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        return OnnxModel.open(file, context);
    }
}
