package io.espalier.cli;

import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.FrozenAxis;
import io.espalier.engine.plan.Plan.IgnoredGroup;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.Plan.ScoreSummary;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.plan.Plan.Statistic;
import io.espalier.graph.cost.Cost;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A plan with something of everything. */
final class TestingPlan {

    private TestingPlan() {}

    /**
     * The plan.
     *
     * @param barriers how many axes are frozen
     */
    static Plan withBarriers(int barriers) {
        return new Plan(
                "espalier 0.1.0",
                new ModelReference("model.onnx", "ab".repeat(32)),
                new Settings(
                        "lp",
                        Map.of("p", "1.5"),
                        "sum",
                        "sum",
                        "global",
                        "macs=50%",
                        0.1,
                        1,
                        "whole",
                        List.of(),
                        List.of(),
                        7,
                        Map.of("batch", 1L)),
                new Cost(272_090, 31_021_952, 1_088_360),
                new Cost(140_000, 15_500_000, 560_000),
                List.of(
                        new PlannedGroup(0, "stem.weight", 9, 16, new ScoreSummary(0.01, 0.0625, 0.2), List.of()),
                        new PlannedGroup(
                                1,
                                "blocks\u001b[1m.weight",
                                1_024,
                                2_048,
                                new ScoreSummary(1e-7, 0.5, 12.345678),
                                List.of())),
                List.of(new IgnoredGroup("head.weight", 10, "'head.weight' is ignored by the pattern 'head*'")),
                IntStream.range(0, barriers)
                        .mapToObj(
                                i -> new FrozenAxis("output", "y" + i, "y" + i, i == 0 ? -1 : 1, "it is an output", 5))
                        .toList(),
                List.of(new Statistic("LayerNormalization", "norm", "x", 2)));
    }
}
