package io.espalier.adapter.dl4j.lift;

import io.espalier.spi.graph.Attribute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes of a node, one after the other. Not thread-safe. */
final class Attributes {

    private final Map<String, Attribute> values = new LinkedHashMap<>();

    static Attributes none() {
        return new Attributes();
    }

    Attributes with(String name, long value) {
        values.put(name, new Attribute.Int(value));
        return this;
    }

    Attributes with(String name, double value) {
        values.put(name, new Attribute.Real(value));
        return this;
    }

    Attributes with(String name, String value) {
        values.put(name, new Attribute.Text(value));
        return this;
    }

    Attributes with(String name, List<Long> values) {
        this.values.put(name, new Attribute.Ints(values));
        return this;
    }

    Attributes with(String name, Attribute value) {
        values.put(name, value);
        return this;
    }

    Map<String, Attribute> map() {
        return values;
    }
}
