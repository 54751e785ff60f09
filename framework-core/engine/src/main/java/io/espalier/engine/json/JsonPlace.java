package io.espalier.engine.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.spi.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A place in a JSON document that knows its path, so that whatever is wrong is said with the place.
 *
 * @param document what it is called in messages, such as {@code plan small.plan.json}
 * @param path such as {@code $.groups[2].kept}
 * @param node what lies there
 */
public record JsonPlace(String document, String path, JsonNode node) {

    /** The fields of an object. */
    public final class Fields {

        private final Set<String> read = new LinkedHashSet<>();

        /** A field that must be there. */
        public JsonPlace required(String name) {
            read.add(name);
            if (!node.has(name)) {
                throw wrong("the field '" + name + "' is missing");
            }
            return new JsonPlace(document, path + "." + name, node.get(name));
        }

        /** Passes over fields that are for people. */
        public void skip(String... names) {
            read.addAll(List.of(names));
        }

        /** Whether there is such a field. */
        public boolean has(String name) {
            return node.has(name);
        }

        /** Makes sure that nothing else is there. */
        public void done() {
            node.fieldNames().forEachRemaining(name -> {
                if (!read.contains(name)) {
                    throw wrong("there is no field '" + name + "'; fields are " + String.join(", ", read));
                }
            });
        }
    }

    /** The fields of what must be an object. */
    public Fields object() {
        require(node.isObject(), "an object");
        return new Fields();
    }

    /** What must be a string. */
    public String text() {
        require(node.isTextual(), "a string");
        return node.textValue();
    }

    /** What must be a string that is not empty. */
    public String nonEmptyText() {
        String text = text();
        require(!text.isEmpty(), "a string that is not empty");
        return text;
    }

    /** What must be a whole number of at least so much. */
    public long integer(long minimum) {
        require(
                node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= minimum,
                minimum == Long.MIN_VALUE ? "a whole number" : "a whole number of at least " + minimum);
        return node.longValue();
    }

    /** What must be a whole number of at least so much that fits an {@code int}. */
    public int count(int minimum) {
        long value = integer(minimum);
        require(value <= Integer.MAX_VALUE, "a whole number below 2^31");
        return (int) value;
    }

    /** What must be a finite number. */
    public double number() {
        require(node.isNumber() && Double.isFinite(node.doubleValue()), "a number");
        return node.doubleValue();
    }

    /** The elements of what must be an array. */
    public <T> List<T> list(Function<JsonPlace, T> element) {
        require(node.isArray(), "an array");
        List<T> list = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            list.add(element.apply(new JsonPlace(document, path + "[" + i + "]", node.get(i))));
        }
        return list;
    }

    /** The fields of what must be an object, by name, in order. */
    public <T> Map<String, T> map(Function<JsonPlace, T> value) {
        require(node.isObject(), "an object");
        Map<String, T> map = new LinkedHashMap<>();
        node.fieldNames()
                .forEachRemaining(
                        name -> map.put(name, value.apply(new JsonPlace(document, path + "." + name, node.get(name)))));
        return map;
    }

    private void require(boolean holds, String expected) {
        if (!holds) {
            throw wrong("expected " + expected + ", found " + shortened());
        }
    }

    /** A failure that names the place. */
    public InvalidInputException wrong(String what) {
        return new InvalidInputException("The " + document + " cannot be used: at " + path + " " + what + ".");
    }

    private String shortened() {
        String text = node.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
