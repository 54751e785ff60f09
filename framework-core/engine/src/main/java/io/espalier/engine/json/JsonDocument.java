package io.espalier.engine.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.file.FileTrouble;
import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Writes and reads JSON in UTF-8, read strictly: no field twice, nothing after the end. Equal documents have equal bytes. */
public final class JsonDocument {

    private static final long LARGEST_BYTES = 1L << 28;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonDocument() {}

    /** The bytes of a document. */
    public static byte[] bytes(ObjectNode document) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        try {
            String json = MAPPER.writer(printer).writeValueAsString(document);
            return (json + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document that cannot be written as JSON", e);
        }
    }

    /**
     * Reads a document.
     *
     * @param noun what it is, such as {@code plan}
     * @param advice what to do where there is none, such as {@code make one with 'espalier plan'}
     * @throws InvalidInputException when the file cannot be read or is no JSON
     */
    public static JsonPlace read(Path file, String noun, String advice) {
        try {
            requireDocument(file, noun);
            return parse(Files.readAllBytes(file), file.toString(), noun);
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("There is no " + noun + " " + file + "; " + advice + ".", e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "The " + noun + " " + file + " cannot be read: " + FileTrouble.reason(e) + ".", e);
        }
    }

    /** A pipe would be waited for, and no document is as large as this. */
    private static void requireDocument(Path file, String noun) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "The " + noun + " " + file + " cannot be read: it is a folder, a pipe or a device.");
        }
        if (Files.exists(file) && Files.size(file) > LARGEST_BYTES) {
            throw new InvalidInputException("The " + noun + " " + file + " is larger than " + LARGEST_BYTES
                    + " bytes, so it is no " + noun + ".");
        }
    }

    /**
     * Reads a document from bytes.
     *
     * @param file what to call it in messages
     * @param noun what it is
     * @throws InvalidInputException when the bytes are no JSON
     */
    public static JsonPlace parse(byte[] bytes, String file, String noun) {
        String document = noun + " " + file;
        try {
            return new JsonPlace(document, "$", MAPPER.readTree(bytes));
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("") + place(e);
            throw new InvalidInputException("The " + document + " is not JSON: " + reason + ".", e);
        } catch (IOException e) {
            throw new InvalidInputException("The " + document + " is not JSON: " + e.getMessage() + ".", e);
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : ", at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
