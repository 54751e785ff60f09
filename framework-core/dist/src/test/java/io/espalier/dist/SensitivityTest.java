package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.api.DataFile;
import io.espalier.api.Espalier;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.api.Sensitivity;
import io.espalier.api.Sensitivity.GroupCuts;
import io.espalier.api.Sensitivity.OneCut;
import io.espalier.api.Sensitivity.Ways;
import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to cut a group alone is what the cut costs that a run makes of it. */
class SensitivityTest {

    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");
    private static final Path DATA = Launcher.example("fashion-mnist-test.npz");
    private static final Path CALIBRATION = Launcher.example("fashion-mnist-calibration.npz");

    private static final List<String> WAY = List.of("criterion", "aggregate", "normalise", "allocator");

    @TempDir
    private Path folder;

    private static PruneRequest request(Espalier espalier, String... layers) {
        return espalier.prune(MODEL)
                .criterion("l2")
                .aggregate("sum")
                .normalise("mean")
                .allocator("uniform")
                .only(layers)
                .calibration(List.of(DataFile.parse(CALIBRATION + ":64")))
                .data(List.of(DataFile.parse(DATA + ":500")))
                .withoutLatency();
    }

    @Test
    @DisplayName(
            "Each figure is that of the run that cuts the group, with the partners it is coupled with, and repairs")
    void asARun() {
        try (Espalier espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build()) {
            Sensitivity found = request(espalier, "/6/c2/Conv", "/8/c1/Conv").sensitivity(List.of(50, 25, 1));

            assertThat(found.groups()).extracting(GroupCuts::layer).containsExactly("/6/c2/Conv", "/8/c1/Conv");
            assertThat(found.compensator()).contains("obs");
            for (GroupCuts group : found.groups()) {
                assertThat(group.cuts()).extracting(OneCut::share).startsWith(50, 25);
                OneCut cut = group.cuts().get(0);
                PruneResult pruned =
                        request(espalier, group.layer()).target("channels=50%").to(folder.resolve("pruned.onnx"));

                assertThat(cut.kept()).isEqualTo(group.channels() / 2);
                assertThat(cut.cost().macs()).isEqualTo(pruned.pruned().cost().macs());
                assertThat(cut.value())
                        .isEqualTo(pruned.pruned().evaluation().orElseThrow().value());
            }
            assertThat(found.original().macs()
                            - found.groups().get(0).cuts().get(0).cost().macs())
                    .as("a group of the residual stream is cut in all its layers")
                    .isGreaterThan(2
                            * (found.original().macs()
                                    - found.groups().get(1).cuts().get(0).cost().macs()));
        }
    }

    @Test
    @DisplayName(
            "Of the ways of a recipe the one is measured that a run takes; each of them on request, or the first alone")
    void ways() {
        String layer = "/9/c1/Conv";
        try (Espalier espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build()) {
            PruneRequest request = espalier.prune(MODEL)
                    .only(layer)
                    .calibration(List.of(DataFile.parse(CALIBRATION + ":64")))
                    .data(List.of(DataFile.parse(DATA + ":300")))
                    .withoutLatency();
            GroupCuts best = request.sensitivity(List.of(25)).groups().get(0);
            GroupCuts each =
                    request.sensitivity(List.of(25), Ways.EACH).groups().get(0);
            GroupCuts first =
                    request.sensitivity(List.of(25), Ways.FIRST).groups().get(0);
            PruneResult pruned = request.target("channels=25%").to(folder.resolve("pruned.onnx"));

            OneCut cut = best.cuts().get(0);
            assertThat(best.cuts()).hasSize(1);
            assertThat(cut.value())
                    .isEqualTo(pruned.pruned().evaluation().orElseThrow().value());
            assertThat(cut.way())
                    .isEqualTo(pruned.plan().choice().stream()
                            .filter(setting -> WAY.contains(setting.getKey()))
                            .map(Map.Entry::getValue)
                            .collect(Collectors.joining(" ")));
            assertThat(each.cuts())
                    .extracting(OneCut::way)
                    .containsExactly("l2 sum mean uniform", "jacobian sum none per-cost", "obs sum mean uniform");
            assertThat(each.taken()).containsExactly(cut);
            assertThat(first.cuts())
                    .singleElement()
                    .satisfies(alone -> assertThat(alone.value())
                            .isEqualTo(each.cuts().get(0).value()));
        }
    }

    @Test
    @DisplayName("What was measured is drawn, and decides on widths: the group that loses less is cut more")
    void decides() throws IOException {
        Launcher launcher = new Launcher(folder);
        String[] layers = {"--only", "/8/c1/Conv", "--only", "/5/c1/Conv"};
        Result measured = launcher.run(arguments(
                layers,
                "sensitivity",
                MODEL,
                "--data",
                DATA + ":500",
                "--keep",
                "50%",
                "-q",
                "--curves",
                "c.tsv",
                "--figure",
                "c.svg"));
        assertThat(measured.exitCode()).as(measured.err()).isZero();
        assertThat(measured.out()).contains("c.tsv", "c.svg");
        assertThat(Files.readString(folder.resolve("c.svg")))
                .startsWith("<?xml")
                .contains("<svg");
        List<String> table = Files.readAllLines(folder.resolve("c.tsv"));
        assertThat(table).hasSize(3).first().isEqualTo("group\tchannels\tkept\tlost");

        for (int spared = 1; spared <= 2; spared++) {
            List<String> changed = new ArrayList<>(table);
            changed.set(spared, table.get(spared).replaceFirst("[^\t]+$", "0.9"));
            changed.set(3 - spared, table.get(3 - spared).replaceFirst("[^\t]+$", "0"));
            Files.write(folder.resolve("c.tsv"), changed);
            Result cut = launcher.run(arguments(
                    layers,
                    "plan",
                    MODEL,
                    "--target",
                    "channels=75%",
                    "--allocator",
                    "sensitivity",
                    "--allocator-option",
                    "curves=c.tsv",
                    "--json",
                    "-q"));
            assertThat(cut.exitCode()).as(cut.err()).isZero();
            JsonNode groups = new ObjectMapper().readTree(cut.out()).at("/groups");
            List<Double> kept = new ArrayList<>();
            for (String line : changed.subList(1, 3)) {
                for (JsonNode group : groups) {
                    if (group.path("name").asText().equals(line.split("\t")[0])) {
                        kept.add(group.path("kept").doubleValue()
                                / group.path("total").doubleValue());
                    }
                }
            }
            assertThat(kept.get(spared - 1)).as("%s", changed).isGreaterThan(kept.get(2 - spared));
        }
        Result wrong = launcher.run("sensitivity", MODEL, "--data", DATA, "--figure", "c.jpg");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("--figure cannot be 'c.jpg'");
    }

    private static Object[] arguments(String[] more, Object... first) {
        List<Object> all = new ArrayList<>(Arrays.asList(first));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    @Test
    @DisplayName("The command prints a row a group, and the same as JSON; wrong shares are usage errors")
    void command() throws IOException {
        Object[] arguments = {
            "sensitivity", MODEL, "--data", DATA + ":300", "--keep", "50%,25", "--only", "/8/c1/Conv", "-q"
        };
        Launcher launcher = new Launcher(folder);
        Result text = launcher.run(arguments);
        Object[] json = Arrays.copyOf(arguments, arguments.length + 1);
        json[arguments.length] = "--json";
        JsonNode document = new ObjectMapper().readTree(launcher.run(json).out());

        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out()).contains("MACs at 50 %", "MACs at 25 %", "/8/c1/Conv", "nothing repaired");
        assertThat(document.at("/groups/0/cuts/1/kept").intValue()).isEqualTo(8);
        assertThat(document.at("/groups/0/cuts/1/macs").longValue())
                .isLessThan(document.at("/groups/0/cuts/0/macs").longValue());
        assertThat(folder).isEmptyDirectory();
        Result wrong = launcher.run("sensitivity", MODEL, "--data", DATA, "--keep", "100%");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("--keep cannot be '100%'");
        Result odd = launcher.run("sensitivity", MODEL, "--data", DATA, "--ways", "all");
        assertThat(odd.exitCode()).isEqualTo(2);
        assertThat(odd.err()).contains("--ways cannot be 'all'; give best, each or first");
    }
}
