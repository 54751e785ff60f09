package io.espalier.adapter.support;

import io.espalier.spi.graph.Attribute;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects attributes of a node, in order. Not thread-safe. */
public final class Attributes {

    private final Map<String, Attribute> values = new LinkedHashMap<>();

    private Attributes() {}

    public static Attributes none() {
        return new Attributes();
    }

    public Attributes with(String name, long value) {
        return with(name, new Attribute.Int(value));
    }

    public Attributes with(String name, double value) {
        return with(name, new Attribute.Real(value));
    }

    public Attributes with(String name, String value) {
        return with(name, new Attribute.Text(value));
    }

    public Attributes with(String name, List<Long> values) {
        return with(name, new Attribute.Ints(values));
    }

    public Attributes with(String name, long[] values) {
        return with(name, Arrays.stream(values).boxed().toList());
    }

    public Attributes with(String name, Attribute value) {
        values.put(name, value);
        return this;
    }

    public Map<String, Attribute> map() {
        return values;
    }
}
