package io.espalier.engine.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A documented schema, with the part of JSON Schema that ours use. */
public final class TestingSchema {

    private final JsonNode schema;

    private TestingSchema(JsonNode schema) {
        this.schema = schema;
    }

    /** A schema of {@code docs}. */
    public static TestingSchema of(String name) {
        try {
            return new TestingSchema(
                    new ObjectMapper().readTree(Files.readAllBytes(Path.of("..", "..", "docs", name))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What of a document does not fit. */
    public List<String> problems(JsonNode document) {
        List<String> problems = new ArrayList<>();
        check("$", document, schema, problems);
        return problems;
    }

    private void check(String path, JsonNode value, JsonNode rule, List<String> problems) {
        if (rule.has("$ref")) {
            check(path, value, schema.at(rule.get("$ref").textValue().substring(1)), problems);
        }
        boolean fits = (!rule.has("const") || rule.get("const").equals(value))
                && (!rule.has("type") || isOfType(value, rule.get("type").textValue()))
                && (!rule.has("minimum")
                        || value.doubleValue() >= rule.get("minimum").doubleValue())
                && (!rule.has("exclusiveMinimum")
                        || value.doubleValue() > rule.get("exclusiveMinimum").doubleValue())
                && (!rule.has("maximum")
                        || value.doubleValue() <= rule.get("maximum").doubleValue())
                && (!rule.has("minLength")
                        || value.asText().length() >= rule.get("minLength").intValue())
                && (!rule.has("minItems")
                        || value.size() >= rule.get("minItems").intValue())
                && (!rule.has("pattern")
                        || value.asText().matches(rule.get("pattern").textValue()));
        if (!fits) {
            problems.add(path + " " + value + " does not fit " + rule);
        }
        if (value.isArray() && rule.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(path + "[" + i + "]", value.get(i), rule.get("items"), problems);
            }
        }
        if (value.isObject()) {
            checkFields(path, value, rule, problems);
        }
    }

    private void checkFields(String path, JsonNode value, JsonNode rule, List<String> problems) {
        rule.path("required").forEach(name -> {
            if (!value.has(name.textValue())) {
                problems.add(path + " misses " + name);
            }
        });
        rule.path("dependentRequired")
                .properties()
                .forEach(entry -> entry.getValue().forEach(name -> {
                    if (value.has(entry.getKey()) && !value.has(name.textValue())) {
                        problems.add(path + " misses " + name);
                    }
                }));
        value.properties().forEach(field -> {
            JsonNode known = rule.path("properties").path(field.getKey());
            JsonNode other = rule.path("additionalProperties");
            if (!known.isMissingNode()) {
                check(path + "." + field.getKey(), field.getValue(), known, problems);
            } else if (other.isObject()) {
                check(path + "." + field.getKey(), field.getValue(), other, problems);
            } else if (other.isBoolean() && !other.booleanValue()) {
                problems.add(path + " may not have " + field.getKey());
            }
        });
    }

    private static boolean isOfType(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> throw new IllegalArgumentException("no such type: " + type);
        };
    }
}
