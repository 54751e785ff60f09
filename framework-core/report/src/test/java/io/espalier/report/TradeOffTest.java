package io.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs as trade-off curves, beside models of other tools. */
class TradeOffTest {

    private static final String COLUMNS = "tool\tmacs\tparameters\taccuracy\n";

    private static final String DASHES = "stroke-dasharray:6,4";

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "Runs that differ by target, output and threads only are one curve, named by what tells it from the others")
    void grouped() throws IOException {
        RunReport report = RunReport.read(List.of(
                run("a25", 250, Map.of("calibration", "[/data/train.npz]", "threads", "1")),
                run("random", 500, Map.of("calibration", "[/data/train.npz]", "criterion", "random")),
                run("a50", 500, Map.of("calibration", "[/data/train.npz]", "threads", "2")),
                run("made", 500, Map.of("calibration", "synthetic")),
                run("plain", 500, Map.of("calibration", "[]"))));

        assertThat(names(report))
                .containsExactly(
                        "Espalier: calibrated on train.npz",
                        "Espalier: calibrated on train.npz, criterion random",
                        "Espalier: synthetic inputs",
                        "Espalier: by default");
        assertThat(curves(report).at("/0/points").findValuesAsText("macs")).containsExactly("0.5", "0.25");
        assertThat(report.figures()).extracting(Figure::name).containsExactly("runs");
        assertThat(svg(report))
                .contains("rgb(35,112,63)", "rgb(43,95,158)", "rgb(179,55,47)", "rgb(199,122,22)")
                .doesNotContain("rgb(107,74,155)", DASHES);
    }

    @Test
    @DisplayName("Files of one name in two folders are named with their folders; other data is another curve")
    void folders() throws IOException {
        assertThat(names(RunReport.read(List.of(
                        run("one", 500, Map.of("calibration", "[/one/x.npz]", "data", "[/d/a.npz]")),
                        run("two", 500, Map.of("calibration", "[/two/x.npz]", "data", "[/d/a.npz]")),
                        run("three", 500, Map.of("calibration", "[/two/x.npz]", "data", "[/d/b.npz]"))))))
                .containsExactly(
                        "Espalier: calibrated on /one/x.npz, measured on a.npz",
                        "Espalier: calibrated on /two/x.npz, measured on a.npz",
                        "Espalier: calibrated on /two/x.npz, measured on b.npz");
    }

    @Test
    @DisplayName("A search is a curve by itself, with all that it tried")
    void searched() throws IOException {
        Path model = run("searched", 500, Map.of());
        Files.writeString(Path.of(model + ".search.json"), """
                {"goal": "accuracy=-1", "metric": "top-1", "original": {"macs": 1000, "parameters": 10}, "curve": [
                   {"number": 1, "target": "macs=75%", "macs": 750, "parameters": 8, "value": 0.9, "standardError": 0.01},
                   {"number": 2, "target": "macs=25%", "macs": 250, "parameters": 3, "value": 0.8, "standardError": 0.01}]}
                """);
        RunReport report = RunReport.read(List.of(model, run("half", 500, Map.of())));

        assertThat(names(report)).containsExactly("Espalier: searched for accuracy=-1", "Espalier: by default");
        assertThat(curves(report).at("/0/points").findValuesAsText("name")).containsExactly("macs=75%", "macs=25%");
    }

    @Test
    @DisplayName("Models of other tools stand beside one run already: in the page, in the figure and in the table")
    void peers() throws IOException {
        Path points = points("Shears\t0.250\t0.300\t0.7125\nPeer | <b>\t0.5\t0.6\t0.8\n\nShears\t0.5\t0.6\t0.9\n");
        RunReport report = RunReport.read(List.of(run("half", 500, Map.of()))).beside(points);

        assertThat(names(report)).containsExactly("Espalier", "Shears", "Peer | <b>");
        assertThat(curves(report).findValuesAsText("peer")).containsExactly("false", "true", "true");
        assertThat(svg(report)).contains(DASHES);
        assertThat(report.markdown(report.figures(), Figure::name))
                .contains("# A run beside other tools", "](runs)", "## `model.onnx`")
                .contains("| how | MACs | parameters | accuracy |", "| Espalier | 50.00 % | 50.00 % | 90.00 % |")
                .contains(
                        "| Shears | 50.00 % | 60.00 % | 90.00 % |\n| Shears | 25.00 % | 30.00 % | 71.25 % |",
                        "| Peer \\| \\<b\\> | 50.00 % | 60.00 % | 80.00 % |");
        assertThat(report.html()).doesNotContain("<b>");
        assertThat(report.html()).isEqualTo(report.html());
    }

    @ParameterizedTest
    @DisplayName("A line that cannot be read is named with its number and with what a line is")
    @CsvSource(
            delimiter = ';',
            value = {
                "'Shears,0.5,0.6,0.9'; line 3 of; has 1 column",
                "'Shears|0.5|0.6|0.9|1'; line 3 of; has 5 columns",
                "'|0.5|0.6|0.9'; line 3 of; names no tool",
                "'Shears|0.5|0.6|92.5'; line 3 of; has '92.5' as accuracy",
                "'Shears|-0.5|0.6|0.9'; line 3 of; has '-0.5' as macs",
                "'Shears|0.5|half|0.9'; line 3 of; has 'half' as parameters",
                "'Shears|0.5|0.6|NaN'; line 3 of; has 'NaN' as accuracy"
            })
    void broken(String line, String place, String what) throws IOException {
        Path points = points("Shears\t0.25\t0.3\t0.7\n" + line.replace('|', '\t') + "\n");

        assertThatThrownBy(() -> report().beside(points))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(place, "peers.tsv", what, "separated by tabs", "shares from 0 to 1");
    }

    @Test
    @DisplayName("What is no file of points is refused in a sentence")
    void noPoints() throws IOException {
        Path other = Files.writeString(folder.resolve("other.tsv"), "Shears\t0.5\t0.6\t0.9\n");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);

        assertThatThrownBy(() -> report().beside(other))
                .hasMessageContainingAll("line 1 of", "does not name the columns", "tool, macs, parameters, accuracy");
        assertThatThrownBy(() -> report().beside(points(""))).hasMessageContaining("holds no point");
        assertThatThrownBy(() -> report().beside(binary)).hasMessageContaining("no text in UTF-8");
        assertThatThrownBy(() -> report().beside(large)).hasMessageContaining("larger than 1 MiB");
        assertThatThrownBy(() -> report().beside(folder.resolve("none.tsv")))
                .hasMessageContaining("there is no file of points");
    }

    private static String svg(RunReport report) {
        return new String(report.figures().get(0).svg(), StandardCharsets.UTF_8);
    }

    private RunReport report() throws IOException {
        return RunReport.read(List.of(run("half", 500, Map.of())));
    }

    private Path points(String lines) throws IOException {
        return Files.writeString(folder.resolve("peers.tsv"), COLUMNS + lines);
    }

    private static List<String> names(RunReport report) throws IOException {
        return StreamSupport.stream(curves(report).spliterator(), false)
                .map(each -> each.get("name").textValue())
                .toList();
    }

    private static JsonNode curves(RunReport report) throws IOException {
        String html = report.html();
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = html.indexOf(begin) + begin.length();
        return new ObjectMapper()
                .readTree(html.substring(from, html.indexOf("</script>", from)))
                .get("curves");
    }

    private Path run(String id, long macs, Map<String, String> options) throws IOException {
        Path model = folder.resolve(id + ".onnx");
        List<Setting> settings = new ArrayList<>();
        options.forEach((name, value) ->
                settings.add(Setting.newBuilder().setName(name).setValue(value).build()));
        settings.add(Setting.newBuilder()
                .setName("output")
                .setValue(model.toString())
                .build());
        Files.deleteIfExists(Path.of(model + ".events"));
        try (Journal journal = Journal.create(Path.of(model + ".events"))) {
            Events events = new Events(id, "test", Clock.systemUTC(), List.of(journal));
            events.emit(RunStarted.newBuilder()
                    .setCommand("prune")
                    .setInput(FileReference.newBuilder().setPath("model.onnx"))
                    .addAllOptions(settings)
                    .build());
            events.emit(Planned.newBuilder().setTarget("macs=" + macs).build());
            events.emit(Evaluated.newBuilder()
                    .setStage(EvaluationStage.EVALUATION_STAGE_CUT)
                    .setAccuracy(0.9)
                    .setExamples(100)
                    .build());
            events.emit(RunFinished.newBuilder()
                    .setOriginal(Cost.newBuilder().setMacs(1000).setParameters(10))
                    .setPruned(Cost.newBuilder().setMacs(macs).setParameters(5))
                    .build());
        }
        return model;
    }
}
