package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.dist.Launcher.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Someone who has only the README looks at a run in a browser. That its first commands print what it shows is tested by ReadmeTest, that its
 * criterion is built, loaded and used by PluginPagesTest.
 */
@Timeout(300)
class FirstStepsTest {

    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");

    /** The browser may still be writing into it when it has ended. */
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path folder;

    private Launcher launcher;

    @BeforeEach
    void begin() {
        launcher = new Launcher(folder);
    }

    @Test
    @DisplayName("The monitor of the README shows a run that begins after it")
    void monitor() throws Exception {
        Object[] command = Stream.concat(Arrays.stream(shown("monitor")), Stream.of("--port", "0"))
                .toArray();
        try (Served monitor = new Served(folder, command)) {
            prune();

            monitor.await("api/runs", "\"state\":\"finished\"");
            assertThat(monitor.get("api/runs")).contains("\"total\":1");
            assertThat(monitor.get("")).contains("<title>Espalier");
        }
    }

    @Test
    @DisplayName("The report of the README is a page that a browser shows")
    void report() throws Exception {
        prune();

        Result report = launcher.run(shown("report"));

        assertThat(report.exitCode()).as(report.err()).isZero();
        Path page = folder.resolve("pruned.onnx.html");
        assertThat(Files.readString(page)).startsWith("<!doctype html>");
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no Chromium on the PATH: the report was not opened in a browser");
        // A script has to have run for numbers to have commas.
        assertThat(opened(browser.get(), page)).contains("31,021,952", "fashion-resnet20.onnx");
    }

    private void prune() {
        Result prune = launcher.run(
                "prune",
                Launcher.example("fashion-resnet20.onnx"),
                "--target",
                "macs=50%",
                "--no-latency",
                "-o",
                "pruned.onnx");
        assertThat(prune.exitCode()).as(prune.err()).isZero();
    }

    /** The arguments of the only line of the README that begins with a command. */
    private static Object[] shown(String command) throws IOException {
        List<MatchResult> lines = Pattern.compile("(?m)^\\./espalier (" + command + " .*?)(?: +#.*)?$")
                .matcher(Files.readString(Path.of("../../README.md")))
                .results()
                .toList();
        assertThat(lines).hasSize(1);
        return lines.get(0).group(1).split(" ");
    }

    private static Optional<Path> browser() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> BROWSERS.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The page as it is when its scripts have run. */
    private String opened(Path browser, Path page) throws Exception {
        Path out = folder.resolve("page.out");
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        // A sandbox of its own cannot be made in many containers; the page is ours.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--user-data-dir=" + folder.resolve("browser"),
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(100, TimeUnit.SECONDS))
                .as("the browser ends")
                .isTrue();
        return Files.readString(out);
    }
}
