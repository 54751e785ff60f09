package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Reports as a browser shows them that opens the file. */
@Timeout(180)
class SavedPageTest {

    private static final String SCRIPT = "</script><script>document.title='owned'</script>";

    /** Words of pictures that are smaller than nine points, or that stick out of their picture. */
    private static final String UNREADABLE = """
            [...document.querySelectorAll('svg.figure text')].filter((each) => {
              const [word, whole] = [each.getBoundingClientRect(), each.ownerSVGElement.getBoundingClientRect()];
              return word.height < 9 || word.left < whole.left - 1 || word.right > whole.right + 1
                || word.bottom > whole.bottom + 1 || word.top < whole.top - 1;
            }).map((each) => each.textContent).join()
            """;

    /** The least contrast of a curve with the sheet it lies on, by the formula of WCAG 2. */
    private static final String LEAST_CONTRAST = """
            (() => {
              const light = (colour) => {
                const [r, g, b] = colour.match(/\\d+/g).map((each) => each / 255)
                  .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
              };
              const ground = light(getComputedStyle(document.querySelector('.legend').closest('section')).backgroundColor);
              return Math.min(...[...document.querySelectorAll('.legend svg')]
                .map((each) => light(getComputedStyle(each).color))
                .map((each) => Math.max(each, ground) / Math.min(each, ground)));
            })()
            """;

    /** The browser may still be writing into it when it is told to end. */
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path folder;

    @Test
    @DisplayName("Modules become one script, names that look like markup stay data")
    void assembled() {
        SavedRuns runs = new SavedRuns();
        new TestingRun("a", runs).start(SCRIPT).layers(SCRIPT).fail(SCRIPT);

        String html = SavedPage.html(runs.all(), List.of());

        assertThat(html)
                .doesNotContain("\nimport ", "\nexport ", "{data}", SCRIPT)
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
        Path file = Files.writeString(folder.resolve("report.html"), SavedPage.html(described, curves()));

        try (TestingBrowser browser = TestingBrowser.open(program.get(), folder.resolve("profile"), file.toUri())) {
            browser.await("document.querySelectorAll('main article').length === 4");
            String text = browser.evaluate("document.querySelector('main').textContent")
                    .textValue();
            assertThat(text)
                    .contains(
                            "2 runs side by side",
                            "proved",
                            "-50.0 %",
                            "/deep/Conv",
                            "8 of 16",
                            "accuracy against MACs",
                            "Peer " + SCRIPT,
                            "49.30 %")
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
                assertThat(browser.evaluate(UNREADABLE).textValue())
                        .as("words of the picture at %d points", width)
                        .isEmpty();
            }
            assertThat(browser.evaluate("document.querySelectorAll('.legend li').length")
                            .intValue())
                    .isEqualTo(10);
            assertThat(browser.evaluate("""
                            new Set([...document.querySelectorAll('.legend svg')]
                              .map((each) => getComputedStyle(each).color + each.lastChild.getAttribute('d'))).size
                            """).intValue()).as("different signs").isEqualTo(8);
            for (String medium : List.of("screen light", "screen dark", "print dark")) {
                browser.show(medium.split(" ")[0], medium.split(" ")[1]);
                assertThat(browser.evaluate(LEAST_CONTRAST).doubleValue())
                        .as(medium)
                        .isGreaterThan(3);
            }
        }
    }

    /** More of them than there are colours. */
    private static List<ObjectNode> curves() {
        return IntStream.range(0, 10)
                .mapToObj(i -> {
                    ObjectNode curve = JsonNodeFactory.instance
                            .objectNode()
                            .put("name", i % 2 == 0 ? "Espalier: way " + i : "Peer " + SCRIPT.repeat(i == 9 ? 8 : 1))
                            .put("metric", "accuracy")
                            .put("peer", i % 2 == 1);
                    for (double macs : new double[] {1, 0.493}) {
                        curve.withArray("/points")
                                .addObject()
                                .put("name", "")
                                .put("macs", macs)
                                .put("parameters", 0)
                                .put("quality", 0.9999 - 0.001 * i * macs);
                    }
                    return curve;
                })
                .toList();
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
