package io.espalier.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Proof;
import java.util.Locale;

/** JSON as every command prints it: two spaces, line feeds, fields in a fixed order, ASCII. */
final class Json {

    private static final ObjectWriter WRITER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer(printer());

    private static final JsonMapper READER = JsonMapper.builder().build();

    private static final JsonMapper EXACT_READER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /**
     * An empty object that names its shape.
     *
     * @param kind what the object is, such as {@code prune}; readers check {@code espalier.prune.v1}
     */
    static ObjectNode document(String kind) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("schema", "espalier." + kind + ".v1");
        return document;
    }

    /** An empty object inside a document. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A constant as a word: {@code not-proved}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A proof as an object. */
    static ObjectNode proof(Proof proof) {
        ObjectNode json = object();
        json.put("outcome", word(proof.outcome()));
        json.put("maxAbsoluteDifference", finite(proof.maxAbsoluteDifference()));
        json.put("maxRelativeDifference", finite(proof.maxRelativeDifference()));
        json.put("tolerance", proof.tolerance());
        json.put("liftDifference", finite(proof.liftDifference()));
        json.put("inputs", proof.inputs());
        json.put("reason", proof.reason());
        return json;
    }

    /** JSON has no NaN. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** The document as text, without a line feed at its end. */
    static String text(JsonNode document) {
        try {
            return WRITER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A document that was made elsewhere, to be completed. */
    static ObjectNode parse(String document) {
        try {
            return (ObjectNode) READER.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #parse}, with every number as it is written. */
    static ObjectNode parseExactly(String document) {
        try {
            return (ObjectNode) EXACT_READER.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DefaultPrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    }
}
