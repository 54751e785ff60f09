package io.espalier.engine.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.json.JsonDocument;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.file.Sha256;
import java.nio.file.Path;

/**
 * Plans as files: JSON in UTF-8, described by {@code docs/plan.schema.json}. Equal plans have equal bytes.
 */
public final class PlanFile {

    private static final String NOUN = "plan";

    private PlanFile() {}

    /** The bytes of a plan. */
    public static byte[] bytes(Plan plan) {
        return JsonDocument.bytes(PlanWriter.json(plan));
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
        return PlanReader.plan(JsonDocument.read(file, NOUN, "make one with 'espalier plan'"));
    }

    /**
     * Reads a plan from bytes.
     *
     * @param file what to call it in messages
     * @throws InvalidInputException when the bytes are no plan
     */
    public static Plan parse(byte[] bytes, String file) {
        return PlanReader.plan(JsonDocument.parse(bytes, file, NOUN));
    }
}
