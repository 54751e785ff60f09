package io.espalier.adapter.dl4j.config;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/**
 * Parses configurations into plain trees, and lets no class name through that is not the library's.
 *
 * <p>The library makes objects of the classes that a configuration names, so names are checked before it sees the text.
 * Layers of one's own and functions kept inside of a network run foreign code and are refused.
 */
public final class ConfigParser {

    /** More than any network needs, and little enough to be held as a tree. */
    public static final long MAX_BYTES = 1L << 26;

    private static final int MAX_DEPTH = 100;

    private static final List<String> PACKAGES = List.of(
            "org.deeplearning4j.nn.",
            "org.nd4j.linalg.activations.impl.",
            "org.nd4j.linalg.learning.",
            "org.nd4j.linalg.lossfunctions.",
            "org.nd4j.linalg.schedule.");

    /** Classes of these packages that call code from elsewhere. */
    private static final List<String> FOREIGN_CODE = List.of(
            "org.deeplearning4j.nn.conf.layers.samediff.",
            "org.deeplearning4j.nn.layers.",
            "org.deeplearning4j.nn.modelimport.",
            "org.nd4j.linalg.lossfunctions.SameDiffLoss");

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.INDENT_OUTPUT);

    private ConfigParser() {}

    /**
     * Parses a configuration.
     *
     * @throws InvalidInputException when it is no JSON object, or names a class that is not allowed
     */
    public static ConfigNode parse(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            checkDepth(text);
            JsonNode tree = MAPPER.readTree(text);
            if (tree == null || !tree.isObject()) {
                throw broken("it is no JSON object", null);
            }
            checkClasses(tree);
            return new ConfigNode(tree, "");
        } catch (CharacterCodingException e) {
            throw broken("it is no UTF-8 text", e);
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            ", line %d column %d",
                            e.getLocation().getLineNr(),
                            e.getLocation().getColumnNr());
            throw broken("it is no complete JSON" + line, e);
        }
    }

    /** A tree as text, laid out as the library does it. */
    public static byte[] bytes(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read can be written", e);
        }
    }

    private static InvalidInputException broken(String reason, Exception cause) {
        return new InvalidInputException(
                "The configuration.json of the network is broken: " + reason + "; save the network again.", cause);
    }

    private static void checkDepth(String text) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                if (++depth > MAX_DEPTH) {
                    throw broken("it is nested more than " + MAX_DEPTH + " levels deep", null);
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }

    private static void checkClasses(JsonNode node) {
        if (node.has("@class")) {
            checkClass(node.get("@class").asText(""));
        }
        node.forEach(ConfigParser::checkClasses);
    }

    private static void checkClass(String name) {
        boolean known = PACKAGES.stream().anyMatch(name::startsWith) && name.matches("[A-Za-z0-9_.$]+");
        if (!known) {
            throw new InvalidInputException("The network names the class " + Quoted.name(name)
                    + ", which is none of DL4J's own; classes from elsewhere are never loaded from a file. Replace it by"
                    + " a layer of DL4J.");
        }
        if (FOREIGN_CODE.stream().anyMatch(name::startsWith)) {
            throw new InvalidInputException("The network names the class " + Quoted.name(name)
                    + ", which carries code of its own; such layers cannot be opened. Replace it by a layer of DL4J.");
        }
    }
}
