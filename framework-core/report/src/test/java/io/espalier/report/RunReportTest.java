package io.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.TrialEnded;
import io.espalier.events.v1.TrialLatency;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Reports of a run that espalier prune made of a ResNet-20, and of runs that never happened. */
class RunReportTest {

    private static final String HOSTILE = "</script><script>alert(1)</script>|`x`";

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "Markdown tells what was asked, before and after, widths in the order of the graph, errors, barriers, replay")
    void markdown() throws Exception {
        RunReport report = RunReport.read(List.of(recorded()));
        String text = report.markdown(report.figures(), figure -> figure.name() + ".svg");

        assertThat(text)
                .contains("# `fashion-resnet20.onnx`", "proved, asked for `macs=33%`")
                .contains(
                        "| MACs | 31,021,952 | 10,",
                        "accuracy right after the cut",
                        "accuracy after repair",
                        " points |")
                .contains("![Widths of layers, in the order of the graph](widths.svg)", "recipe `calibrated`")
                .contains("it is an output of the model", "espalier prune 'fashion-resnet20.onnx' --plan")
                .doesNotContain("NaN", "null");
        assertThat(text.indexOf("`/0/Conv`")).isLessThan(text.indexOf("`/3/c1/Conv`"));
        assertThat(text.indexOf("`/3/c1/Conv`")).isLessThan(text.indexOf("`/11/c2/Conv`"));
    }

    @Test
    @DisplayName("The page is one file: it fetches nothing, and holds the run with its report")
    void page() throws Exception {
        String html = RunReport.read(List.of(recorded())).html();

        assertThat(html)
                .doesNotContain("fetch(", "EventSource", "\nimport ", "\nexport ", "{style}", "{data}")
                .contains("default-src 'none'");
        JsonNode run = data(html).at("/runs/0");
        assertThat(run.at("/report/layers")).hasSize(21);
        assertThat(run.at("/report/repair/weights/1/errorAfter").doubleValue()).isBetween(0.0, 1.0);
        assertThat(run.at("/verification/outcome").textValue()).isEqualTo("proved");
    }

    @Test
    @DisplayName("Figures are pictures: PNG of twice the size, SVG that parses; of two runs one compares them")
    void figures() throws Exception {
        Path other = folder.resolve("other.onnx");
        run("other", other, "other.onnx", "the disk is full");
        List<Figure> figures = RunReport.read(List.of(recorded(), other)).figures();

        assertThat(figures).extracting(Figure::name).containsExactly("widths", "repair");
        for (Figure figure : figures) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(figure.png()));
            assertThat(image.getWidth()).isEqualTo(1600);
            Document svg = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(new String(figure.svg())
                            .replaceAll("<!DOCTYPE[^>]*>", "")
                            .getBytes()));
            assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
            assertThat(svg.getElementsByTagName("path").getLength()).isPositive();
        }
    }

    @Test
    @DisplayName("The curve of a search is a figure and a table, with the numbers that its points are picked by")
    void search() throws Exception {
        Path model = folder.resolve("searched.onnx");
        run("searched", model, "searched.onnx", "no");
        Files.writeString(Path.of(model + ".search.json"), """
                {"goal": "accuracy=-1", "metric": "top-1", "chosen": 2, "original": {"macs": 1000, "parameters": 10},
                 "curve": [
                   {"number": 1, "target": "macs=50%", "macs": 500, "parameters": 6, "value": 0.9, "standardError": 0.01},
                   {"number": 2, "target": "macs=25%", "macs": 250, "parameters": 3, "value": 0.8, "standardError": 0.01}]}
                """);
        RunReport report = RunReport.read(List.of(model));

        assertThat(report.figures()).extracting(Figure::name).containsExactly("search");
        assertThat(report.markdown(List.of(), Figure::name))
                .contains("| 1 | `macs=50%` | 50.00 % | 90.00 % ± 1.00 % |  |")
                .contains("| 2 | `macs=25%` | 25.00 % | 80.00 % ± 1.00 % | chosen |");
    }

    @Test
    @DisplayName("A search for the lowest latency is drawn against what the table predicts, with the error of the loss")
    void latencySearch() throws Exception {
        Path model = folder.resolve("fast.onnx");
        run("fast", model, "fast.onnx", "no");
        Files.writeString(Path.of(model + ".search.json"), """
                {"goal": "accuracy=-1", "metric": "top-1", "chosen": 2,
                 "original": {"macs": 1000, "parameters": 10, "latencyNanos": 400000},
                 "curve": [
                   {"number": 1, "target": "latency=75%", "macs": 500, "parameters": 6, "latencyNanos": 300000, "value": 0.9,
                    "standardError": 0.01, "standardErrorOfLoss": 0.002},
                   {"number": 2, "target": "latency=50%", "macs": 250, "parameters": 3, "latencyNanos": 200000, "value": 0.8,
                    "standardError": 0.01, "standardErrorOfLoss": 0.004}]}
                """);
        RunReport report = RunReport.read(List.of(model));

        assertThat(report.figures())
                .extracting(Figure::title)
                .containsExactly("accuracy against latency, as the search found it");
        assertThat(report.markdown(List.of(), Figure::name))
                .contains("| point | target | latency predicted | MACs | top-1 |  |")
                .contains("| 2 | `latency=50%` | 0.200 ms | 25.00 % | 80.00 % ± 0.40 % | chosen |");
    }

    @Test
    @DisplayName("Networks that were timed to meet a latency are a figure and a table: predicted beside measured")
    void timedTrials() throws Exception {
        Path model = folder.resolve("timed.onnx");
        try (Journal journal = Journal.create(Path.of(model + ".events"))) {
            Events events = new Events("timed", "test", Clock.systemUTC(), List.of(journal));
            events.emit(RunStarted.newBuilder().setCommand("prune").build());
            events.emit(timed(1, 600, 677, false));
            events.emit(timed(2, 530, 598, true));
        }
        RunReport report = RunReport.read(List.of(model));

        assertThat(report.figures()).extracting(Figure::name).containsExactly("trials");
        assertThat(new String(report.figures().get(0).svg())).contains("rgb(35,112,63)");
        assertThat(report.markdown(List.of(), Figure::name))
                .contains("| 1 | `l2 sum mean global` | 1,500 | 60.00 % | 67.70 % | too slow |")
                .contains("| 2 | `l2 sum mean global` | 1,500 | 53.00 % | 59.80 % | meets it |");
        assertThat(data(report.html()).at("/runs/0/trials/1/latency/measured").longValue())
                .isEqualTo(598);
    }

    private static TrialEnded timed(int number, long predicted, long measured, boolean isMet) {
        return TrialEnded.newBuilder()
                .setNumber(number)
                .setTarget("latency=60%")
                .setReached(true)
                .setCost(Cost.newBuilder().setMacs(1500))
                .setKeeps(isMet)
                .setLatency(TrialLatency.newBuilder()
                        .setOriginalNanos(1000)
                        .setPredictedNanos(predicted)
                        .setMeasuredNanos(measured))
                .setWay("l2 sum mean global")
                .build();
    }

    @Test
    @DisplayName("Names are no markup, on the page and in Markdown; a run that failed says why")
    void hostile() throws Exception {
        Path model = folder.resolve("bad.onnx");
        run("bad", model, HOSTILE, "no " + HOSTILE);
        RunReport report = RunReport.read(List.of(Path.of(model + ".events")));

        assertThat(report.html().split("<script", -1)).hasSize(3);
        assertThat(data(report.html()).at("/runs/0/failure/message").textValue())
                .isEqualTo("no " + HOSTILE);
        assertThat(report.markdown(List.of(), Figure::name))
                .contains("failed", "`` no </script>")
                .doesNotContain(" alert(1)");
        assertThat(report.figures()).isEmpty();
    }

    @Test
    @DisplayName(
            "The report file of another run beside the journal is left out, a run that is named twice is shown once")
    void foreignReport() throws Exception {
        Path model = folder.resolve("again.onnx");
        run("again", model, "again.onnx", "no");
        Files.copy(Path.of(recorded() + ".report.json"), Path.of(model + ".report.json"));

        JsonNode runs = data(RunReport.read(List.of(model, Path.of(model + ".events")))
                        .html())
                .get("runs");

        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).has("report")).isFalse();
    }

    @Test
    @DisplayName("What is no run is named in a sentence")
    void noRun() throws IOException {
        Path missing = folder.resolve("missing.onnx");
        assertThatThrownBy(() -> RunReport.read(List.of(missing)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing.onnx.events")
                .hasMessageContaining("name the model that a run wrote");

        Path empty = Files.createFile(folder.resolve("empty.events"));
        assertThatThrownBy(() -> RunReport.read(List.of(empty))).hasMessageContaining("holds no event");

        Path model = folder.resolve("half.onnx");
        run("half", model, "half.onnx", "no");
        Files.writeString(Path.of(model + ".report.json"), "{\"runId\":");
        assertThatThrownBy(() -> RunReport.read(List.of(model))).hasMessageContaining("is no JSON");
    }

    /** The model of a run whose files are with the test. */
    private static Path recorded() throws Exception {
        Path journal =
                Path.of(RunReportTest.class.getResource("pruned.onnx.events").toURI());
        return journal.resolveSibling("pruned.onnx");
    }

    private static void run(String id, Path model, String input, String failure) throws IOException {
        try (Journal journal = Journal.create(Path.of(model + ".events"))) {
            Events events = new Events(id, "test", Clock.systemUTC(), List.of(journal));
            events.emit(RunStarted.newBuilder()
                    .setCommand("prune")
                    .setInput(FileReference.newBuilder().setPath(input))
                    .build());
            events.emit(RunFailed.newBuilder().setMessage(failure).build());
        }
    }

    private static JsonNode data(String html) throws IOException {
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = html.indexOf(begin) + begin.length();
        return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    }
}
