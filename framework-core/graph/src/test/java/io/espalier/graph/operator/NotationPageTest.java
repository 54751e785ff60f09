package io.espalier.graph.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every example of the page for plug-in authors is notation. */
final class NotationPageTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "write-an-operator.md");
    private static final Pattern OPERAND = Pattern.compile("\\w+\\[([^]]*)]|_");
    private static final Map<String, Long> ATTRIBUTES = Map.of("group", 1L, "kv_num_heads", 2L, "num_heads", 4L);

    private static List<String> examples() throws IOException {
        Matcher spans = Pattern.compile("[`\"]([^`\"\n]*\\w\\[[^`\"\n]* -> [^`\"\n]*)[`\"]")
                .matcher(Files.readString(PAGE));
        return spans.results().map(span -> span.group(1).replace("\\|", "|")).toList();
    }

    @Test
    void thePageShowsEverySign() throws IOException {
        assertThat(examples()).hasSizeGreaterThan(15);
        String all = String.join(" ", examples());
        for (Letter.Marker marker : Letter.Marker.values()) {
            if (marker != Letter.Marker.NONE) {
                assertThat(all).contains(new Letter("", marker).toString());
            }
        }
        assertThat(all).contains("...", "*k", "h'", " 1]", "(g r)=@", " _ ");
    }

    @TestFactory
    Stream<DynamicTest> everyExampleParses() throws IOException {
        return examples().stream().map(example -> dynamicTest(example, () -> check(example)));
    }

    private static void check(String example) {
        List<Integer> ranks = OPERAND.matcher(example.split("->")[0])
                .results()
                .map(operand -> operand.group(1) == null ? 0 : rank(operand.group(1)))
                .toList();
        IndexNotation notation = NotationParser.parse(example, ranks, ATTRIBUTES);

        for (int slot = 0; slot < ranks.size(); slot++) {
            int rank = ranks.get(slot);
            notation.inputs().get(slot).ifPresent(axes -> assertThat(axes).hasSize(rank));
        }
        assertThat(notation.outputs())
                .isNotEmpty()
                .allSatisfy(axes -> assertThat(axes).isNotEmpty());
    }

    /** A star or dots stand for two axes. */
    private static int rank(String axes) {
        String[] single = axes.replaceAll("\\([^)]*\\)", "p").trim().split("\\s+");
        return single.length
                + (int) Stream.of(single)
                        .filter(axis -> axis.contains("*") || axis.contains("..."))
                        .count();
    }
}
