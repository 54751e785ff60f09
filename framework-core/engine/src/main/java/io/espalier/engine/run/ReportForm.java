package io.espalier.engine.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.json.JsonDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The form that reports of all runs have. */
public final class ReportForm {

    /** Version of the form. */
    private static final int SCHEMA_VERSION = 1;

    private ReportForm() {}

    /**
     * A report with what all of them say first.
     *
     * @param runId identifies the run
     * @param tool name and version of the program
     * @param input the model that was given
     * @param files what was written
     */
    public static ObjectNode of(String runId, String tool, Path input, Outputs files) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("schemaVersion", SCHEMA_VERSION)
                .put("runId", runId)
                .put("tool", tool)
                .put("input", input.toString())
                .put("output", files.model().toString())
                .put("journal", files.journal().toString());
    }

    /** A report as text, as it is written to a file. */
    public static String text(ObjectNode report) {
        return new String(JsonDocument.bytes(report), StandardCharsets.UTF_8);
    }
}
