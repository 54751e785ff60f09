package io.espalier.engine.run;

import io.espalier.engine.plan.Plan.Settings;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a pruned file says about where it comes from. Holds no clock and no run id. */
final class Provenance {

    /** Room for the framing of one entry. */
    private static final int ENTRY_BYTES = 16;

    private Provenance() {}

    static Map<String, String> of(Settings settings, String originalDigest, String planDigest, String tool) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("espalier.tool", tool);
        entries.put("espalier.original", originalDigest);
        entries.put("espalier.plan", planDigest);
        entries.put("espalier.criterion", settings.criterion());
        entries.put("espalier.allocator", settings.allocator());
        entries.put("espalier.target", settings.target());
        return entries;
    }

    /** At most this many bytes are added to a file. */
    static long bytes(Map<String, String> entries) {
        return entries.entrySet().stream()
                .mapToLong(entry -> ENTRY_BYTES + length(entry.getKey()) + length(entry.getValue()))
                .sum();
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
