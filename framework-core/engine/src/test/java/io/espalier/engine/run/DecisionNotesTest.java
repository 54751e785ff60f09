package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.Plan.ScoreSummary;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.run.PlanNames.Shown;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DecisionNotesTest {

    private static final Layers LAYERS =
            Layers.of(new Graph("empty", Map.of(), List.of(), List.of(), Map.of(), Map.of()), Map.of());

    /** A plan that keeps 8 of 16 and 2 of 4 channels: half of all. */
    private static Plan plan(long macs) {
        Settings settings = new Settings(
                "l1",
                Map.of(),
                "sum",
                "sum",
                "global",
                Map.of(),
                "none",
                "channels=50%",
                1,
                0,
                0.1,
                1,
                "whole",
                List.of(),
                List.of(),
                0,
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        ScoreSummary scores = new ScoreSummary(0, 1, 2);
        return new Plan(
                "espalier",
                new ModelReference("model.onnx", "ab"),
                settings,
                new Cost(100, 1000, 400),
                new Cost(50, macs, 200),
                List.of(),
                List.of(
                        new PlannedGroup(0, "a", 8, 16, scores, List.of()),
                        new PlannedGroup(1, "b", 2, 4, scores, List.of()),
                        new PlannedGroup(2, "c", 0, 0, scores, List.of())),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private static List<String> notes(long macs, double width, String target) {
        Plan plan = plan(macs);
        PlanNames names = new PlanNames(
                List.of(),
                Map.of(0, new Shown("/down/Conv", 1), 1, new Shown("/mid/attn/qkv", width), 2, new Shown("c", 9)),
                List.of(),
                Map.of(),
                List.of(),
                Map.of());
        DecisionNotes notes = new DecisionNotes(plan, names, LAYERS);
        notes.macs(Target.parse(target));
        return notes.all();
    }

    @Test
    @DisplayName("Fewer MACs than the square of the share are explained by units that are worth several channels")
    void wideUnits() {
        assertThat(notes(90, 32, "channels=50%"))
                .singleElement()
                .asString()
                .contains("9% of the MACs remain, though 50% of the channels do", "'/mid/attn/qkv' (32)")
                .doesNotContain("/down/Conv", "'c'");
    }

    @Test
    @DisplayName("Else by the layers that were narrowed most")
    void narrowLayers() {
        assertThat(notes(90, 1, "channels=50%"))
                .singleElement()
                .asString()
                .contains("narrowed more", "'/down/Conv' keeps 8 of 16", "'/mid/attn/qkv' keeps 2 of 4");
    }

    @Test
    @DisplayName("Nothing is said where the share explains it, or where the target is in MACs")
    void nothingToSay() {
        assertThat(notes(250, 32, "channels=50%")).isEmpty();
        assertThat(notes(90, 32, "macs=9%")).isEmpty();
    }
}
