package io.espalier.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @Test
    @DisplayName("Control, direction and line characters become escapes, other scripts stay")
    void clean() {
        assertThat(Clean.text("a\u001b[2Jb\u0000\n\u202e\u2028\u009b\uD800"))
                .isEqualTo("a\\u001b[2Jb\\u0000\\u000a\\u202e\\u2028\\u009b\\ud800");
        assertThat(Clean.text("Gewichte/gr\u00f6\u00dfe \u5377\u7a4d \ud83d\ude42"))
                .isEqualTo("Gewichte/gr\u00f6\u00dfe \u5377\u7a4d \ud83d\ude42");
        assertThat(Clean.lines("one\ntwo\r")).isEqualTo("one\ntwo\\u000d");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "1108352, 1.11 MB",
        "25600000, 25.6 MB",
        "999499999, 999 MB",
        "999500000, 1.00 GB"
    })
    void bytes(long bytes, String shown) {
        assertThat(Figures.bytes(bytes)).isEqualTo(shown);
    }

    @Test
    @DisplayName("Figures look the same in every locale")
    void locale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(Figures.count(1814073344L)).isEqualTo("1,814,073,344");
            assertThat(Figures.percent(0.92345)).isEqualTo("92.35 %");
            assertThat(Figures.change(200, 100)).isEqualTo("-50.0 %");
            assertThat(Figures.change(0, 100)).isEmpty();
            assertThat(Figures.millis(812_345)).isEqualTo("0.812 ms");
            assertThat(Figures.millis(12_345_678)).isEqualTo("12.3 ms");
            assertThat(Figures.scientific(1.234e-7)).isEqualTo("1.2e-07");
            assertThat(Figures.clock(65)).isEqualTo("1:05");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    @DisplayName("Columns are aligned by what is seen, not by what colours add")
    void table() {
        Style style = new Style(true);
        Table table = new Table(Align.LEFT, Align.RIGHT, Align.LEFT)
                .row("name", "count", "note")
                .row(List.of(Cell.of("a\tb"), new Cell("7", style::good), Cell.of("")))
                .row("long name", "1,000");

        assertThat(table.lines(1))
                .containsExactly(
                        " name       count  note", " a\\u0009b       \u001b[32m7\u001b[0m", " long name  1,000");
    }

    @Test
    @DisplayName("Colour that is not wanted leaves the text as it is")
    void withoutColour() {
        assertThat(new Style(false).bad("x")).isEqualTo("x");
        assertThat(new Style(true).strong("")).isEmpty();
    }
}
