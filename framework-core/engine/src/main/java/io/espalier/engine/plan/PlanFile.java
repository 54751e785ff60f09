package io.espalier.engine.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.file.FileTrouble;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.file.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Plans as files: JSON in UTF-8, described by {@code docs/plan.schema.json}. Equal plans have equal bytes.
 */
public final class PlanFile {

    private static final long LARGEST_BYTES = 1L << 28;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PlanFile() {}

    /** The bytes of a plan. */
    public static byte[] bytes(Plan plan) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        try {
            String json = MAPPER.writer(printer).writeValueAsString(PlanWriter.json(plan));
            return (json + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan that cannot be written as JSON", e);
        }
    }

    /** The values that were given to inputs, as the plan has them. */
    public static ObjectNode inputs(Plan.Settings settings) {
        return PlanWriter.inputs(settings);
    }

    /** SHA-256 of the bytes of a plan, in lower-case hexadecimal. */
    public static String digest(Plan plan) {
        return Sha256.of(bytes(plan));
    }

    /**
     * Reads a plan.
     *
     * @throws InvalidInputException when the file cannot be read or is no plan; the message names the place in the JSON
     */
    public static Plan read(Path file) {
        try {
            requirePlan(file);
            return parse(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("There is no plan " + file + "; make one with 'espalier plan'.", e);
        } catch (IOException e) {
            throw new InvalidInputException("The plan " + file + " cannot be read: " + FileTrouble.reason(e) + ".", e);
        }
    }

    /** A pipe would be waited for, and no plan is as large as this. */
    private static void requirePlan(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "The plan " + file + " cannot be read: it is a folder, a pipe or a device.");
        }
        if (Files.exists(file) && Files.size(file) > LARGEST_BYTES) {
            throw new InvalidInputException(
                    "The plan " + file + " is larger than " + LARGEST_BYTES + " bytes, so it is no plan.");
        }
    }

    /**
     * Reads a plan from bytes.
     *
     * @param file what to call it in messages
     * @throws InvalidInputException when the bytes are no plan
     */
    public static Plan parse(byte[] bytes, String file) {
        JsonNode json;
        try {
            json = MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(
                    "The plan " + file + " is not JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + place(e) + ".",
                    e);
        } catch (IOException e) {
            throw new InvalidInputException("The plan " + file + " is not JSON: " + e.getMessage() + ".", e);
        }
        return PlanReader.plan(new JsonPlace(file, "$", json));
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : ", at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
