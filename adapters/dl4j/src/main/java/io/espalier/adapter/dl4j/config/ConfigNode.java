package io.espalier.adapter.dl4j.config;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * An object of the configuration, with the place where it stands.
 *
 * @param json the object
 * @param pointer its place as a JSON pointer
 */
public record ConfigNode(JsonNode json, String pointer) {

    /** The full name of the class that the object configures, empty when it names none. */
    public String className() {
        return json.path("@class").asText("");
    }

    /** The class without its package. */
    public String type() {
        return className().substring(className().lastIndexOf('.') + 1);
    }

    /** The place of a field. */
    public String place(String field) {
        return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
    }

    /** A field that is an object. */
    public Optional<ConfigNode> child(String field) {
        JsonNode child = json.path(field);
        return child.isObject() ? Optional.of(new ConfigNode(child, place(field))) : Optional.empty();
    }

    /** A field that must be an object. */
    public ConfigNode require(String field) {
        return child(field).orElseThrow(() -> missing(field, "object"));
    }

    /** A field that must be a whole number. */
    public long integer(String field) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw missing(field, "whole number");
        }
        return value.longValue();
    }

    /** A field that must be a positive number of units, small enough to count with. */
    public int count(String field) {
        long value = integer(field);
        if (value < 1 || value > Integer.MAX_VALUE / 16) {
            throw new InvalidInputException("Broken configuration: " + pointer + " has " + field + " " + value
                    + ", where a positive number of units is expected.");
        }
        return (int) value;
    }

    /** A number, or the default. */
    public double real(String field, double otherwise) {
        JsonNode value = json.path(field);
        return value.isNumber() ? value.doubleValue() : otherwise;
    }

    /** Whether a field is true; the default when it is absent. */
    public boolean flag(String field, boolean otherwise) {
        JsonNode value = json.path(field);
        return value.isBoolean() ? value.booleanValue() : otherwise;
    }

    /** A text, or the default. */
    public String text(String field, String otherwise) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.textValue() : otherwise;
    }

    /** A list of whole numbers, empty when there is none. */
    public Optional<List<Long>> integers(String field) {
        JsonNode value = json.path(field);
        if (!value.isArray()) {
            return Optional.empty();
        }
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isIntegralNumber() || Math.abs(element.longValue()) > Integer.MAX_VALUE) {
                throw missing(field, "list of whole numbers");
            }
            numbers.add(element.longValue());
        }
        return Optional.of(List.copyOf(numbers));
    }

    /** The first numbers of a list that must have at least so many. */
    public List<Long> integers(String field, int count) {
        List<Long> all = integers(field).orElseThrow(() -> missing(field, "list of whole numbers"));
        if (all.size() < count) {
            throw missing(field, "list of " + count + " whole numbers");
        }
        return all.subList(0, count);
    }

    /** A list of texts. */
    public List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : json.path(field)) {
            if (!element.isTextual()) {
                throw missing(field, "list of names");
            }
            texts.add(element.textValue());
        }
        return List.copyOf(texts);
    }

    private InvalidInputException missing(String field, String kind) {
        return new InvalidInputException("Broken configuration: " + (pointer.isEmpty() ? "it" : Quoted.name(pointer))
                + " has no " + kind + " '" + field + "'; save the network again with DL4J 1.0.0-M2.1.");
    }
}
