package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Reports as a browser shows them that opens the file. */
@Timeout(180)
class SavedPageTest {

    private static final String SCRIPT = "</script><script>document.title='owned'</script>";

    /** The browser may still be writing into it when it is told to end. */
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path folder;

    @Test
    @DisplayName("Modules become one script, names that look like markup stay data")
    void assembled() {
        SavedRuns runs = new SavedRuns();
        new TestingRun("a", runs).start(SCRIPT).layers(SCRIPT).fail(SCRIPT);

        String html = SavedPage.html(runs.all());

        assertThat(html)
                .doesNotContain("\nimport ", "\nexport ", SCRIPT)
                .contains("const figuresModule = (() => {", "= figuresModule;", "showRun", "tradeOff");
        assertThat(html.split("</script>", -1)).hasSize(3);
    }

    @Test
    @DisplayName("Runs side by side, each with its layers, on a wide and on a narrow screen, without an error")
    void inBrowser() throws Exception {
        Optional<Path> program = TestingBrowser.installed();
        assumeTrue(program.isPresent(), "no Chromium on the PATH: the report was not looked at in a browser");
        SavedRuns runs = new SavedRuns();
        new TestingRun("one", runs).start("one.onnx").layers("conv1", SCRIPT).finish();
        new TestingRun("two", runs)
                .start("x".repeat(200) + ".onnx")
                .layers("conv2")
                .finish();
        var described = runs.all();
        described.forEach(SavedPageTest::describe);
        Path file = Files.writeString(folder.resolve("report.html"), SavedPage.html(described));

        try (TestingBrowser browser = TestingBrowser.open(program.get(), folder.resolve("profile"), file.toUri())) {
            browser.await("document.querySelectorAll('main article').length === 3");
            String text = browser.evaluate("document.querySelector('main').textContent")
                    .textValue();
            assertThat(text)
                    .contains(
                            "2 runs side by side",
                            "proved",
                            "-50.0 %",
                            "/deep/Conv",
                            "8 of 16",
                            "Accuracy against MACs")
                    .contains("macs=44%", "chosen", "espalier verify 'in put.onnx' p.json o.onnx")
                    .doesNotContain("NaN", "undefined");
            assertThat(browser.evaluate("document.title").textValue()).isEqualTo("2 runs · Espalier report");
            for (int width : new int[] {1280, 420}) {
                browser.resize(width, 900);
                assertThat(browser.evaluate("""
                                [...document.querySelectorAll('body *')]
                                  .filter((each) => !each.closest('.scroll') && !each.closest('svg'))
                                  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
                                  .map((each) => each.tagName + '.' + each.className).join()
                                """).textValue())
                        .as("at %d points", width)
                        .isEmpty();
            }
        }
    }

    private static void describe(ObjectNode run) {
        ObjectNode report = run.putObject("report");
        report.put("plan", "p.json")
                .put("input", "in put.onnx")
                .put("output", "o.onnx")
                .put("planDigest", "abc");
        report.putArray("layers")
                .addObject()
                .put("name", "/deep/Conv")
                .put("kept", 8)
                .put("total", 16);
        ObjectNode search = run.putObject("search")
                .put("metric", "top-1")
                .put("goal", "accuracy=-1")
                .put("chosen", 1);
        search.putObject("original").put("macs", 100).put("parameters", 10);
        search.putArray("curve")
                .addObject()
                .put("number", 1)
                .put("target", "macs=44%")
                .put("macs", 44)
                .put("parameters", 5)
                .put("value", 0.9)
                .put("standardError", 0.01)
                .put("keeps", true);
        report.putObject("repair")
                .put("compensator", "obs")
                .putArray("weights")
                .addObject()
                .put("name", "w");
    }
}
