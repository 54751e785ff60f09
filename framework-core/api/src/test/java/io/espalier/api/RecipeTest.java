package io.espalier.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

    private static final Path EXAMPLES = Path.of("../../docs/examples");
    private static final Path MODEL = EXAMPLES.resolve("fashion-resnet20.onnx");
    private static final Path INPUTS = EXAMPLES.resolve("fashion-mnist-calibration.npz");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A model alone, a model with inputs, and settings that are all named")
    void whatIsGiven() {
        try (Espalier espalier = Espalier.open()) {
            PlanRequest alone = espalier.plan(MODEL).target("macs=50%");
            Plan weights = alone.make().plan();
            Plan calibrated = alone.calibration(INPUTS).make().plan();
            Plan named = alone.criterion("l1")
                    .aggregate("max")
                    .normalise("none")
                    .allocator("uniform")
                    .make()
                    .plan();

            assertThat(weights.recipe()).contains("weights");
            assertThat(weights.choice())
                    .contains(Map.entry("criterion", "l2"), Map.entry("allocator", "global"))
                    .contains(Map.entry("round-to", "4"));
            assertThat(calibrated.recipe()).contains("calibrated");
            assertThat(calibrated.allocator()).isEqualTo("uniform");
            assertThat(named.recipe()).isEmpty();
            assertThat(named.criterion()).isEqualTo("l1");
            assertThat(Plan.parse(weights.json())).isEqualTo(weights);
        }
    }

    @Test
    @DisplayName("The flags that a plan lists ask for the same channels")
    void takenApart() {
        try (Espalier espalier = Espalier.open()) {
            PlanRequest request = espalier.plan(MODEL).target("macs=60%");
            Plan recipe = request.make().plan();
            Map<String, String> flags = new HashMap<>();
            recipe.choice().forEach(flag -> flags.put(flag.getKey(), flag.getValue()));
            Plan apart = request.criterion(flags.get("criterion"))
                    .aggregate(flags.get("aggregate"))
                    .normalise(flags.get("normalise"))
                    .allocator(flags.get("allocator"))
                    .minKeep(Double.parseDouble(flags.get("min-keep")))
                    .make()
                    .plan();

            assertThat(apart.groups()).isEqualTo(recipe.groups());
        }
    }

    @Test
    @DisplayName("Calibration data repairs unless the request says not to")
    void repair() {
        try (Espalier espalier = Espalier.open()) {
            PruneRequest request = espalier.prune(EXAMPLES.resolve("fashion-mobilenet.onnx"))
                    .target("macs=80%")
                    .calibration(INPUTS)
                    .withoutLatency();

            PruneResult left =
                    request.criterion("mean-activation").withoutRepair().to(folder.resolve("left.onnx"));

            assertThat(left.repair()).isEmpty();
            assertThat(left.plan().recipe()).contains("weights");
            assertThat(request.repair("bn", INPUTS).settings.recipe().name()).isEqualTo("weights");
            assertThat(request.repair("obs", INPUTS).settings.recipe().name()).isEqualTo("calibrated");
            assertThat(request.settings.repair())
                    .hasValueSatisfying(
                            repair -> assertThat(repair.compensator()).isEqualTo("obs"));
        }
    }

    @Test
    @DisplayName(
            "With data to repair with and nothing named, ways are tried, and the one that changes the outputs least is taken")
    void tried() {
        try (Espalier espalier = Espalier.open()) {
            PruneRequest request = espalier.prune(EXAMPLES.resolve("fashion-vit.onnx"))
                    .target("macs=50%")
                    .repair("bn", INPUTS)
                    .withoutLatency();

            PruneResult tried = request.to(folder.resolve("tried.onnx"));
            PruneResult again = request.threads(1).to(folder.resolve("again.onnx"));
            PruneRequest named = request.criterion("l2");

            assertThat(tried.plan().recipe()).contains("weights");
            assertThat(tried.plan().choice()).contains(Map.entry("criterion", "fpgm"), Map.entry("normalise", "max"));
            assertThat(tried.notes())
                    .anySatisfy(
                            note -> assertThat(note).startsWith("of 6 ways to choose channels, 'fpgm max max global'"));
            assertThat(again.plan()).isEqualTo(tried.plan());
            assertThat(new Decisions(named.settings, named.extensions).alternatives())
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("Shuffled scores keep the widths of a uniform cut, are recorded, and depend on the seed")
    void control() {
        try (Espalier espalier = Espalier.open()) {
            PlanRequest request = espalier.plan(MODEL).target("channels=50%").allocator("uniform");

            Plan scored = request.make().plan();
            Plan shuffled = request.control("shuffled").make().plan();

            assertThat(shuffled.choice()).contains(Map.entry("control", "shuffled"));
            assertThat(scored.choice()).noneMatch(flag -> flag.getKey().equals("control"));
            assertThat(shuffled.groups()).extracting(Plan.Group::kept).isEqualTo(kept(scored));
            assertThat(shuffled.groups()).isNotEqualTo(scored.groups());
            assertThat(request.control("shuffled").make().plan()).isEqualTo(shuffled);
            assertThat(request.control("shuffled").seed(1).make().plan().groups())
                    .isNotEqualTo(shuffled.groups());
            assertThat(Plan.parse(shuffled.json())).isEqualTo(shuffled);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sum, global, divided by the sum of their group",
        "none, global, compete without normalisation",
        "mean, global,",
        "sum, uniform,",
        "none, uniform,"
    })
    @DisplayName("Scores of groups that compete and cannot be compared are warned about")
    void incomparable(String normalise, String allocator, String warning) {
        try (Espalier espalier = Espalier.open()) {
            List<String> notes = espalier.plan(MODEL)
                    .target("macs=60%")
                    .criterion("l1")
                    .normalise(normalise)
                    .allocator(allocator)
                    .make()
                    .notes();

            assertThat(notes.stream().filter(note -> note.contains("compete")))
                    .hasSize(warning == null ? 0 : 1)
                    .allMatch(note -> note.contains(warning));
        }
    }

    private static List<Integer> kept(Plan plan) {
        return plan.groups().stream().map(Plan.Group::kept).toList();
    }
}
