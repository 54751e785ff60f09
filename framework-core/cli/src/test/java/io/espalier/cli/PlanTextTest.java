package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.GroupLayer;
import io.espalier.api.PlanLayers;
import io.espalier.api.PlanResult;
import io.espalier.cli.text.Style;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static final Style PLAIN = new Style(false);

    private static PlanResult result(int barriers) {
        PlanLayers layers = new PlanLayers(
                List.of(List.of("/block/a/Conv", "/block/b/Conv")),
                Map.of(0, new GroupLayer("/stem/Conv", 1), 1, new GroupLayer("blocks\u001b[1m", 2.5)),
                List.of("/head/Gemm"),
                Map.of(),
                Map.of());
        return new PlanResult(TestingPlan.withBarriers(barriers), layers, List.of(), List.of());
    }

    @Test
    @DisplayName("Costs, groups, what is left alone, what is frozen and why")
    void text() {
        List<String> lines = PlanText.lines(result(2), PLAIN, new RowLimit(false));

        Golden.assertMatches("plan.txt", String.join("\n", lines) + "\n");
    }

    @Test
    @DisplayName("Long lists of barriers are cut unless all of them are wanted")
    void longLists() {
        List<String> brief = PlanText.lines(result(23), PLAIN, new RowLimit(false));
        List<String> whole = PlanText.lines(result(23), PLAIN, new RowLimit(true));

        assertThat(brief).contains("  and 3 more; -v shows all");
        assertThat(whole).hasSize(brief.size() + 2).noneMatch(line -> line.contains("more;"));
    }

    @Test
    @DisplayName("What became smaller is green where colour is wanted")
    void colour() {
        List<String> lines = PlanText.lines(result(0), new Style(true), new RowLimit(false));

        assertThat(lines.get(1)).contains("\u001b[32m140,000\u001b[0m");
    }
}
