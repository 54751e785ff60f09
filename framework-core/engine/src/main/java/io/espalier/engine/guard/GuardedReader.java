package io.espalier.engine.guard;

import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Calls a reader of data sets. Thread-safe. */
public final class GuardedReader implements DatasetReader {

    private final DatasetReader reader;
    private final ProviderGuard guard;

    public GuardedReader(DatasetReader reader) {
        this.reader = reader;
        this.guard = new ProviderGuard(reader);
    }

    @Override
    public String name() {
        return reader.name();
    }

    @Override
    public String description() {
        return reader.description();
    }

    @Override
    public List<OptionSpec> options() {
        return reader.options();
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return guard.call("recognises", () -> reader.recognises(file, head));
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        Dataset data = guard.call("open", () -> reader.open(file, options, context));
        return new GuardedDataset(data, file.toString(), guard);
    }

    @Override
    public Map<String, Tensor> arrays(Path file, Options options, RunContext context) {
        return guard.call("arrays", () -> reader.arrays(file, options, context));
    }
}
