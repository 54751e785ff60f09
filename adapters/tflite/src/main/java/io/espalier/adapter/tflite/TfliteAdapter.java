package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.run.Interpreters;
import io.espalier.adapter.tflite.store.TfliteFile;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;

/** Reads, writes and runs {@code .tflite} files. Thread-safe; native code is loaded only to run one. */
public final class TfliteAdapter implements FrameworkAdapter {

    private final Supplier<Interpreters> interpreters;

    /** An adapter whose models run in processes of their own: what one does to its process harms no other. */
    public TfliteAdapter() {
        this(Interpreters::new);
    }

    TfliteAdapter(Supplier<Interpreters> interpreters) {
        this.interpreters = interpreters;
    }

    @Override
    public String name() {
        return "tflite";
    }

    @Override
    public String description() {
        return "TFLite models, float or quantised; the main graph is pruned.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        // A broken file with this name is opened too, so that the user learns what is wrong with it.
        return TfliteFile.isTflite(ByteBuffer.wrap(head))
                || file.toString().toLowerCase(Locale.ROOT).endsWith(".tflite");
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        return TfliteModel.open(file, interpreters);
    }
}
