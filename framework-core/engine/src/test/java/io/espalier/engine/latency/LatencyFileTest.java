package io.espalier.engine.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.engine.json.TestingSchema;
import io.espalier.engine.latency.LatencyTable.Conditions;
import io.espalier.engine.latency.LatencyTable.Rest;
import io.espalier.engine.latency.LatencyTable.TimedMultiple;
import io.espalier.engine.latency.TimedGroups.TimedWidth;
import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyFileTest {

    private static final LatencyTable TABLE = new LatencyTable(
            "espalier test",
            "model.onnx",
            "0".repeat(64),
            new Conditions("runtime 1.2", "processor", 2, 1, Map.of("x", List.of(1L, 3L))),
            123_456,
            new Rest(List.of("sum"), 0.9),
            List.of(new TimedMultiple(1, 0.8, 0.5), new TimedMultiple(8, 2.0 / 3, 0.6)),
            List.of(new TimedGroups(
                    List.of("a", "b"), 16, 0.5, List.of(new TimedWidth(8, 2.0 / 3), new TimedWidth(4, 0.1 + 0.2)))),
            Map.of("one", 0.9, "two", 1.1));

    private static final TestingSchema SCHEMA = TestingSchema.of("latency.schema.json");

    @TempDir
    private Path folder;

    private LatencyTable read(String content) throws IOException {
        return LatencyFile.read(Files.writeString(folder.resolve("table.json"), content));
    }

    private static String written() {
        return new String(LatencyFile.bytes(TABLE), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsReadToTheLastBit() throws IOException {
        assertThat(read(written())).isEqualTo(TABLE);
        String whole = written().replaceFirst("(?s)\"rest\" : \\{.*?\\},", "");
        assertThat(read(whole).rest()).isEqualTo(Rest.WHOLE);
        assertThat(new String(LatencyFile.bytes(read(whole)), StandardCharsets.UTF_8))
                .doesNotContain("rest");
    }

    @Test
    void whatIsWrittenFitsTheSchema() throws IOException {
        assertThat(SCHEMA.problems(new ObjectMapper().readTree(written()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'schemaVersion' : 1          | 'schemaVersion' : 7         | has schema version 7
            'nanos' : 123456             | 'nanos' : 0                 | at $.nanos expected a whole number of at least 1
            'width' : 8                  | 'width' : 16                | at $.groups[0].times[0] widths fall
            'share' : 0.8                | 'share' : -0.8              | expected a number above 0
            'tool' :                     | 'tools' :                   | at $ the field 'tool' is missing
            """)
    void whatIsNoTableIsRefusedWithThePlace(String right, String wrong, String says) throws IOException {
        String broken = written().replaceFirst(Pattern.quote(right.replace('\'', '"')), wrong.replace('\'', '"'));

        assertThat(broken).isNotEqualTo(written());
        assertThat(SCHEMA.problems(new ObjectMapper().readTree(broken)).isEmpty())
                .as("widths that rise are nothing that a schema sees")
                .isEqualTo(says.contains("widths fall"));
        assertThatThrownBy(() -> read(broken))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(says);
    }

    @Test
    void whereThereIsNoTableItIsSaidWhereTablesComeFrom() {
        assertThatThrownBy(() -> LatencyFile.read(folder.resolve("none.json")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a run with a latency as its target writes one");
    }

    @Test
    @DisplayName("The smallest multiple is taken at which multiply-accumulates are worth as much time as at any")
    void multiple() {
        assertThat(TABLE.fastMultiple()).contains(8);
        assertThat(TABLE.withMultiples(List.of(new TimedMultiple(1, 0.5, 0.5), new TimedMultiple(8, 0.6, 0.6)))
                        .fastMultiple())
                .contains(1);
        assertThat(TABLE.withMultiples(List.of()).fastMultiple()).isEmpty();
    }

    @Test
    @DisplayName(
            "A target that was not timed is corrected as its way of deciding is, and a way that was not as the others are in the mean")
    void corrections() {
        LatencyTable table = TABLE.corrected("one", "latency=50%", 0.8);

        assertThat(table.correction("one", "latency=50%")).isEqualTo(0.8);
        assertThat(table.correction("one", "latency=60%")).isEqualTo(0.9);
        assertThat(TABLE.correction("three", "latency=60%")).isEqualTo(1);
        assertThat(TABLE.corrected("three", 2).correction("three", "latency=60%"))
                .isEqualTo(2);
    }
}
