package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code docs/coupling.md} shows of real networks is what is printed. */
class CouplingPageTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern CAPTURE = Pattern.compile("```\n\\$ \\./espalier (.*)\n([^`]*)```");

    @Test
    @DisplayName("A head, a convolution, a blocked axis and one without channels are explained as shown")
    void captures() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/coupling.md"));
        List<MatchResult> captures = CAPTURE.matcher(page).results().toList();

        assertThat(captures).hasSize(4);
        for (MatchResult capture : captures) {
            Result result = new Launcher(ROOT).run((Object[]) capture.group(1).split(" "));

            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out().replace(System.lineSeparator(), "\n")).isEqualTo(capture.group(2));
        }
    }
}
