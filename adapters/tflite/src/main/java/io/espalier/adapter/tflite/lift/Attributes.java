package io.espalier.adapter.tflite.lift;

import io.espalier.spi.graph.Attribute;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.lite.schema.Padding;

/** Collects attributes of a neutral node. Not thread-safe. */
final class Attributes {

    private final Map<String, Attribute> attributes = new LinkedHashMap<>();

    Attributes with(String name, long value) {
        attributes.put(name, new Attribute.Int(value));
        return this;
    }

    Attributes with(String name, double value) {
        attributes.put(name, new Attribute.Real(value));
        return this;
    }

    Attributes with(String name, String value) {
        attributes.put(name, new Attribute.Text(value));
        return this;
    }

    Attributes with(String name, long[] values) {
        attributes.put(name, new Attribute.Ints(Arrays.stream(values).boxed().toList()));
        return this;
    }

    /** Padding at the edges: as much as an output of the input's size over the stride needs, or none. */
    Attributes padding(byte padding) {
        return with("auto_pad", padding == Padding.SAME ? "SAME_UPPER" : "VALID");
    }

    Map<String, Attribute> map() {
        return attributes;
    }
}
