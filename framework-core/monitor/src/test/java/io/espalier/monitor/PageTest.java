package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.events.v1.MetricUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser shows it. */
@Timeout(180)
class PageTest {

    private static final String SCRIPT = "<script>document.title='owned'</script><img src=x onerror=alert(1)>";

    private Monitor monitor;
    private TestingBrowser browser;

    /** The browser may still be writing into it when it is told to end. */
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path profile;

    @BeforeEach
    void open() throws Exception {
        Optional<Path> program = TestingBrowser.installed();
        assumeTrue(program.isPresent(), "no Chromium on the PATH: the page was not looked at in a browser");
        monitor = Monitor.start(Address.loopback(0), new Metrics("text/plain", () -> ""), event -> {});
        browser = TestingBrowser.open(program.get(), profile, monitor.uri());
        browser.await("document.querySelector('#connection.live') !== null");
    }

    @AfterEach
    void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
        if (monitor != null) {
            monitor.close();
        }
    }

    @Test
    @DisplayName("A run shows up while it happens: progress, groups, proof, gains")
    void live() throws Exception {
        TestingRun run = new TestingRun("a", Instant.now(), monitor).start("/models/resnet.onnx");
        browser.await("document.querySelector('main h2')?.textContent === 'resnet.onnx'");
        run.progress("scoring parameters", 3, 10);
        browser.await("document.querySelector('main progress')?.value === 3");
        assertThat(text("main")).contains("scoring parameters 3/10");
        run.layers("conv1.weight", "conv2.weight");
        browser.await("document.querySelectorAll('main svg[role=img]').length === 4");
        assertThat(text("main")).contains("conv1.weight", "4 of 8", "Barriers: 1", "Channels kept");
        run.finish();
        browser.await("document.querySelector('main .badge')?.textContent === 'proved'");
        assertThat(text("main"))
                .contains("-50.0 %", "92.83 %", "81.70 %", "-11.13 points", "0.280 ms", "1.5e-7")
                .doesNotContain("NaN", "undefined");
        assertThat(browser.evaluate("document.querySelector('main progress') === null")
                        .booleanValue())
                .isTrue();
    }

    @Test
    @DisplayName(
            "A metric has rows of its own: a share in per cent, a number as it is, the better direction in its colour")
    void metric() throws Exception {
        new TestingRun("share", Instant.now(), monitor)
                .start("share.onnx")
                .layers("conv")
                .measure("top-k k=5", MetricUnit.METRIC_UNIT_SHARE, true, 0.9, 0.75);
        browser.await("document.querySelector('main h2')?.textContent === 'share.onnx'");
        browser.await("document.querySelector('main')?.textContent.includes('top-k k=5 after the cut')");
        assertThat(text("main")).contains("90.00 %", "75.00 %", "-15.00 points").doesNotContain("NaN", "undefined");

        new TestingRun("number", Instant.now(), monitor)
                .start("number.onnx")
                .layers("conv")
                .measure("mse", MetricUnit.METRIC_UNIT_NUMBER, false, 12.5, 25, 10);
        browser.evaluate("location.hash = '#/run/number'");
        browser.await("document.querySelector('main')?.textContent.includes('mse after repair')");
        assertThat(text("main"))
                .contains("mse after the cut", "12.5", "+100.0 %", "-20.0 %")
                .doesNotContain("NaN", "undefined", "points");
    }

    @Test
    @DisplayName("Losses are drawn while they come, and a run that says nothing any more is told from one that works")
    void lossesAndSilence() throws Exception {
        Instant tenMinutesAgo = Instant.now().minusSeconds(600);
        new TestingRun("killed", tenMinutesAgo, monitor)
                .start("net.zip")
                .loss(0, 2.3)
                .loss(10, 0.7);
        browser.await("document.querySelector('main path.line') !== null");

        assertThat(text("main .badge")).isEqualTo("silent");
        assertThat(text("main"))
                .contains("Silent since", "for 10 min", "Loss while training", "0.7 at step 10 of epoch 1");

        new TestingRun("alive", Instant.now(), monitor).start("alive.zip").progress("training", 1, 2);
        browser.evaluate("location.hash = '#/run/alive'");
        browser.await("document.querySelector('main progress') !== null");
        assertThat(text("main .badge")).isEqualTo("running");
    }

    @Test
    @DisplayName("A layer named like a script is a name, everywhere")
    void script() throws Exception {
        new TestingRun(SCRIPT, Instant.now(), monitor)
                .start("m" + SCRIPT)
                .layers(SCRIPT)
                .fail(SCRIPT);
        browser.await("document.querySelector('main section.bad') !== null");
        browser.await("document.querySelector('main tbody svg') !== null");

        assertThat(text("main")).contains(SCRIPT);
        assertThat(browser.evaluate("document.scripts.length").intValue()).isEqualTo(1);
        assertThat(browser.evaluate("document.images.length").intValue()).isEqualTo(1);
        assertThat(browser.evaluate("document.title").textValue()).isNotEqualTo("owned");
    }

    @Test
    @DisplayName("A failed run says why, another run can be chosen, and the list can be searched")
    void choose() throws Exception {
        new TestingRun("good", monitor).start("good.onnx").layers("conv").finish();
        new TestingRun("bad", monitor).start("bad.onnx").fail("the disk is full");
        browser.await("document.querySelectorAll('#runs li').length === 2");
        browser.evaluate("location.hash = '#/run/bad'");
        browser.await("document.querySelector('main section.bad')?.textContent.includes('the disk is full')");
        browser.evaluate("location.hash = '#/run/good'");
        browser.await("document.querySelector('main h2')?.textContent === 'good.onnx'");
        browser.evaluate("const box = document.getElementById('search'); box.value = 'failed';"
                + " box.dispatchEvent(new Event('input'))");
        browser.await("document.querySelectorAll('#runs li').length === 1");
        assertThat(text("#runs")).contains("bad.onnx");
    }

    @Test
    @DisplayName("The page names its language, its landmarks, its fields and its pictures")
    void accessible() throws Exception {
        new TestingRun("a", Instant.now(), monitor)
                .start("m.onnx")
                .layers("conv")
                .progress("going on", 1, 2);
        browser.await("document.querySelector('main progress') !== null"
                + " && document.querySelector('main tbody svg') !== null");

        assertThat(browser.evaluate("document.documentElement.lang").textValue())
                .isEqualTo("en");
        assertThat(browser.evaluate("document.querySelectorAll('main, nav, header').length")
                        .intValue())
                .isEqualTo(3);
        assertThat(browser.evaluate("[...document.querySelectorAll('svg, progress')]"
                                + ".filter((each) => !each.getAttribute('aria-label')).length")
                        .intValue())
                .isZero();
        assertThat(browser.evaluate("[...document.querySelectorAll('input')]"
                                + ".filter((each) => each.labels.length === 0).length")
                        .intValue())
                .isZero();
    }

    private String text(String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .textValue();
    }
}
