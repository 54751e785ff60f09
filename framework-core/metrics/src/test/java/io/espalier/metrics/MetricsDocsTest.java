package io.espalier.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/metrics.md} true. */
class MetricsDocsTest {

    private static final Path DOCS = Path.of("../../docs/metrics.md");
    private static final String BEGIN = "<!-- generated from PruningMeter -->\n";
    private static final String END = "<!-- end -->\n";

    @Test
    @DisplayName("The table in docs/metrics.md equals the one generated from the enum")
    void table() throws IOException {
        String page = Files.readString(DOCS);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String expected = page.substring(0, from) + table(PruningMeter.values()) + page.substring(page.indexOf(END));
        Path actual = Files.createDirectories(Path.of("target/golden")).resolve("metrics.md");
        Files.writeString(actual, expected);

        assertThat(page)
                .as("%s; if meters changed on purpose, copy %s over it", DOCS, actual)
                .isEqualTo(expected);
    }

    private static String table(PruningMeter... meters) {
        StringBuilder table = new StringBuilder("| meter | kind | unit | tags | measures |\n|---|---|---|---|---|\n");
        for (PruningMeter meter : meters) {
            table.append("| `").append(meter.meterName()).append("` | ");
            table.append(meter.kind().words()).append(" | ");
            table.append(meter.unit().isEmpty() ? "" : meter.unit()).append(" | ");
            table.append(String.join(", ", meter.tags())).append(" | ");
            table.append(meter.description()).append(" |\n");
        }
        return table.toString();
    }
}
