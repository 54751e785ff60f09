package io.espalier.testkit;

import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.ForwardingModel;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.option.OptionSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * An adapter that forwards every call to another one and wraps the models that it opens.
 *
 * @param adapter the other one
 * @param wrap a {@link ForwardingModel} in front of an open model, for instance
 */
public record ForwardingAdapter(FrameworkAdapter adapter, UnaryOperator<Model> wrap) implements FrameworkAdapter {

    @Override
    public String name() {
        return adapter.name();
    }

    @Override
    public String description() {
        return adapter.description();
    }

    @Override
    public List<OptionSpec> options() {
        return adapter.options();
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return adapter.recognises(file, head);
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        return wrap.apply(adapter.open(file, context));
    }
}
