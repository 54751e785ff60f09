package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.events.EventDecoder;
import io.espalier.events.JournalReader;
import io.espalier.events.TestingHostility;
import io.espalier.events.UnreadableEventException;
import io.espalier.events.v1.MetricUnit;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.Work;
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

    private final Health health = new Health(sentence -> {});
    private Monitor monitor;
    private TestingBrowser browser;

    /** The browser may still be writing into it when it is told to end. */
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path profile;

    @BeforeEach
    void open() throws Exception {
        Optional<Path> program = TestingBrowser.installed();
        assumeTrue(program.isPresent(), "no Chromium on the PATH: the page was not looked at in a browser");
        monitor = Monitor.start(Address.loopback(0), new Metrics("text/plain", () -> ""), event -> {}, health);
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
    @DisplayName("A run that prunes while it trains shows its losses, its epochs and its cuts")
    void epochs() throws Exception {
        TestingRun run = new TestingRun("during", Instant.now(), monitor).start("during.onnx");
        run.work(Work.WORK_TRAIN, 1);
        run.loss(0, 2.3).epoch(1, 4, 2.1, 0.25).layers("conv");
        run.work(Work.WORK_TRAIN, 2);
        run.loss(10, 1.2).epoch(2, 4, 1.4, 0.5);
        browser.await("document.querySelector('main')?.textContent.includes('Epoch 2 of 4 is over')");

        assertThat(text("main"))
                .contains(
                        "Loss while training", "Epochs", "accuracy on validation", "50.00 %", "train, step 2", "4 of 8")
                .doesNotContain("NaN", "undefined");
        assertThat(browser.evaluate("document.querySelectorAll('main path.line').length")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("A run that searches draws its trials while it tries")
    void trials() throws Exception {
        new TestingRun("search", Instant.now(), monitor)
                .start("search.onnx")
                .trial(1, "macs=50%", 5_000, 0.93)
                .trial(2, "macs=25%", 2_500, 0.88)
                .unreachable(3, "macs=1%");
        browser.await("document.querySelector('main')?.textContent.includes('Trial 3 of at most 10 is over')");

        assertThat(text("main"))
                .contains("Search", "macs=25%", "88.00 %", "loses too much", "keeps it", "cannot be reached")
                .doesNotContain("NaN", "undefined");
        assertThat(browser.evaluate("document.querySelectorAll('main svg.figure .mark').length")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("Networks that are timed to meet a latency are bars: what was predicted beside what was measured")
    void timedTrials() throws Exception {
        new TestingRun("timed", Instant.now(), monitor)
                .start("timed.onnx")
                .timedTrial(1, 60, 68)
                .timedTrial(2, 52, 59);
        browser.await("document.querySelector('main')?.textContent.includes('Trial 2 of at most 6 is over')");

        assertThat(text("main"))
                .contains(
                        "timed to meet latency=60%", "l2 sum mean global", "68.00 %", "too slow", "59.00 %", "meets it")
                .doesNotContain("NaN", "undefined");
        assertThat(browser.evaluate("[...document.querySelectorAll('main section')]"
                                + ".find((each) => each.textContent.includes('timed to meet'))"
                                + ".querySelectorAll('.share').length")
                        .intValue())
                .isEqualTo(4);
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
    @DisplayName("Long names stay within the list and the page, on wide and on narrow screens")
    void longNames() throws Exception {
        Path journal = Path.of(PageTest.class.getResource("long-name.events").toURI());
        JournalReader.read(journal).events().forEach(monitor::accept);
        new TestingRun("short", Instant.now(), monitor)
                .start("mobilenet_v3_small.onnx")
                .layers("conv")
                .finish();
        new TestingRun("whole", Instant.now(), monitor)
                .start("x".repeat(300) + ".onnx")
                .layers("y".repeat(300))
                .fail("z".repeat(300));
        browser.await("document.querySelectorAll('#runs li').length === 3");
        for (int width : new int[] {1280, 800, 380, 320}) {
            browser.resize(width, 900);
            for (String run : new String[] {"short", "whole", "edabc7e3-73fd-405a-8afc-f15d3352bb8b"}) {
                browser.evaluate("location.hash = '#/run/" + run + "'");
                browser.await("document.querySelector('#runs a[aria-current]')?.hash === '#/run/" + run + "'");
                assertThat(browser.evaluate("""
                                        [...document.querySelectorAll('body *')]
                                          .filter((each) => !each.closest('.scroll') && !each.closest('.skip'))
                                          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
                                          .map((each) => each.tagName + '.' + each.className).join()
                                        """).textValue())
                        .as("%s at %d points", run, width)
                        .isEmpty();
            }
        }
        browser.resize(1280, 900);
        assertThat(browser.evaluate("[...document.querySelectorAll('#runs .name')].map((each) => each.offsetHeight)"
                                + ".every((height) => height < 50)")
                        .booleanValue())
                .as("a name takes two lines at most")
                .isTrue();
        assertThat(text("#runs"))
                .contains("mobilenet_v3_small.onnx", "macs=50%", "l1", "accuracy 92.83 % → 81.70 %", "MACs -50.0 %");
    }

    @Test
    @DisplayName("Without a run the page shows the command that starts one, for the place that is watched")
    void empty() throws Exception {
        assertThat(browser.evaluate("document.title").textValue()).isEqualTo("Espalier monitor");
        health.source("journal", "my/runs/");
        browser.await("document.querySelector('main code')?.textContent"
                + " === 'espalier prune model.onnx --target macs=50% -o my/runs/pruned.onnx'");

        browser.evaluate("location.hash = '#/run/nobody%'");
        browser.await("document.title === 'Unknown run · Espalier'");
        assertThat(text("main")).contains("Unknown run", "nobody%");
    }

    @Test
    @DisplayName("A run that failed before its verification does not wait for one")
    void unverified() throws Exception {
        new TestingRun("bad", Instant.now(), monitor)
                .start("bad.onnx")
                .layers("conv")
                .fail("the disk is full");
        browser.await("document.querySelector('main section.bad') !== null"
                + " && document.querySelector('main').textContent.includes('Time by work')");

        assertThat(text("main")).contains("Not verified: the run failed before").doesNotContain("Not verified yet");
        assertThat(text("main")).contains("Time by work", "analyse", "score", "plan");
    }

    @Test
    @DisplayName("Runs are selected and compared: results and settings in one table, what differs first")
    void compare() throws Exception {
        new TestingRun("one", monitor).start("one.onnx").layers("conv").finish();
        new TestingRun("two", monitor).start("two.onnx").layers("conv").finish();
        new TestingRun("three", monitor).start("three.onnx").fail("the disk is full");
        browser.await("document.querySelectorAll('#runs input').length === 3");
        browser.evaluate("document.querySelector('#runs input').click()");
        assertThat(text("#compare")).isEqualTo("Select a second run to compare");
        for (int i = 1; i < 3; i++) {
            browser.evaluate("document.querySelectorAll('#runs input')[" + i + "].click()");
        }
        browser.await("document.getElementById('compare').textContent === 'Compare 3 runs'");
        browser.evaluate("document.getElementById('compare').click()");
        browser.await("document.querySelectorAll('main thead a').length === 3");

        assertThat(text("main"))
                .contains("3 runs side by side", "verdict", "proved", "failed", "500 (-50.0 %)", "92.83 %", "81.70 %")
                .contains("0.280 ms (-17.6 %)", "the disk is full", "target", "macs=50%")
                .doesNotContain("NaN", "undefined");
        assertThat(browser.evaluate("document.querySelector('main tr.differs th').textContent")
                        .textValue())
                .isEqualTo("model");
        assertThat(browser.evaluate("document.title").textValue()).isEqualTo("3 runs · Espalier");
    }

    @Test
    @DisplayName("Hostile events end nothing on the page: every run can be shown, and what was passed over is counted")
    void hostile() throws Exception {
        SourceHealth source = health.source("journal", "<b>runs</b>");
        browser.evaluate("window.errors = []; addEventListener('error', (event) => errors.push(event.message));"
                + " addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)))");
        for (int seed = 0; seed < 40; seed++) {
            for (PruningEvent event : TestingHostility.run("run-" + seed)) {
                boolean hostile = event.getSequence() % 3 == seed % 3;
                try {
                    monitor.accept(EventDecoder.decode(
                            hostile ? new TestingHostility(seed).record(event) : event.toByteArray()));
                } catch (UnreadableEventException e) {
                    source.passedOver("passed over " + SCRIPT);
                }
            }
        }
        browser.await("document.querySelectorAll('#runs li').length === 40");
        for (int seed = 0; seed < 40; seed++) {
            browser.evaluate("location.hash = '#/run/run-" + seed + "'");
            browser.await("document.querySelector('#runs a[aria-current]')?.hash === '#/run/run-" + seed + "'");
            browser.await("document.querySelector('main p.quiet')?.textContent.endsWith('run-" + seed + "')");
        }
        browser.await("document.getElementById('health').textContent.includes('records that are no events')");

        assertThat(text("#health")).contains("journal <b>runs</b>", SCRIPT);
        assertThat(browser.evaluate("errors.join()").textValue()).isEmpty();
        assertThat(browser.evaluate("document.scripts.length").intValue()).isEqualTo(1);
        assertThat(browser.evaluate("document.title").textValue()).isNotEqualTo("owned");
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
