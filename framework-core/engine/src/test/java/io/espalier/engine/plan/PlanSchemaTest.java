package io.espalier.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.json.TestingSchema;
import io.espalier.engine.plan.Plan.Atoms;
import io.espalier.engine.plan.Plan.Calibration;
import io.espalier.engine.plan.Plan.FrozenAxis;
import io.espalier.engine.plan.Plan.IgnoredGroup;
import io.espalier.engine.plan.Plan.InputValue;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.Plan.Reader;
import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.plan.Plan.Recovery.RecoveredConstant;
import io.espalier.engine.plan.Plan.ScoreSummary;
import io.espalier.engine.plan.Plan.ScoredLoss;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.plan.Plan.Statistic;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.tensor.DataType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Keeps the documented schema and the written files together. */
class PlanSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final TestingSchema SCHEMA = TestingSchema.of("plan.schema.json");

    /** A plan that uses every field. */
    private static ObjectNode full() throws IOException {
        Settings settings = new Settings(
                "l1",
                Map.of("p", "1"),
                "sum",
                "sum",
                "global",
                Map.of("cost", "macs"),
                "shuffled",
                "macs=50%",
                3,
                2,
                0.1,
                1,
                "whole",
                List.of("a"),
                List.of("b"),
                0,
                Map.of("n", 1L),
                Map.of("ratio", new InputValue(DataType.FLOAT32, List.of(2L), List.of(0.5, -2.0))),
                Optional.of(new Calibration(List.of("weight-inputs"), 128, "cd".repeat(32))),
                Optional.of(new ScoredLoss("cross-entropy", Map.of("smoothing", "0.1"))),
                Optional.of("calibrated"),
                Optional.of("0f".repeat(32)));
        Atoms shared = new Atoms("w", Optional.empty(), 0, 1, List.of(2, 3), List.of(0, 1, 5));
        Atoms own = new Atoms("w", Optional.of(new Reader("y", 2)), 0, 1, List.of(6), List.of(3));
        Plan plan = new Plan(
                "espalier test",
                new ModelReference("m.onnx", "ab".repeat(32)),
                settings,
                new Cost(3, 2, 1),
                new Cost(1, 1, 1),
                List.of(new PlannedBlock("sum", 1, "branch", 0.125, 12, 34)),
                List.of(
                        new PlannedGroup(0, "w", 1, 4, new ScoreSummary(1e-12, 0.25, 1e12), List.of(shared, own)),
                        new PlannedGroup(1, "v", 2, 2, new ScoreSummary(-1, 0, 1), List.of())),
                List.of(new IgnoredGroup("u", 3, "because")),
                List.of(new FrozenAxis("TopK", "n", "v", -1, "it sorts", 4)),
                List.of(new Statistic("LayerNormalization", "n", "v", 2)),
                Optional.of(new Recovery(
                                "bn",
                                List.of(new RecoveredConstant("w", "cd".repeat(32))),
                                Optional.of("ef".repeat(32)))
                        .trained(Optional.of(new Recovery.Training(
                                "cross-entropy", "sgd momentum=0.9", 3, 60_000, Optional.of("original"))))));
        return (ObjectNode) JSON.readTree(PlanFile.bytes(plan));
    }

    @Test
    void whatIsWrittenFitsTheSchema() throws IOException {
        assertThat(SCHEMA.problems(full())).isEmpty();
        assertThat(PlanFile.parse(JSON.writeValueAsBytes(full()), "p").removed())
                .isEqualTo(3);
    }

    @Test
    void theSchemaNoticesWhatTheReaderRefuses() throws IOException {
        List<Consumer<ObjectNode>> changes = List.of(
                plan -> plan.put("schemaVersion", 2),
                plan -> plan.put("more", 2),
                plan -> plan.remove("frozen"),
                plan -> ((ObjectNode) plan.at("/model")).put("digest", "x"),
                plan -> ((ObjectNode) plan.at("/groups/0")).put("kept", "1"),
                plan -> ((ObjectNode) plan.at("/groups/0/atoms/0")).put("positions", "x"),
                plan -> ((ObjectNode) plan.at("/groups/0/atoms/1")).remove("slot"),
                plan -> ((ObjectNode) plan.at("/recovery")).remove("compensator"),
                plan -> ((ObjectNode) plan.at("/recovery/constants/0")).put("digest", "x"),
                plan -> ((ObjectNode) plan.at("/settings/symbols")).put("n", 0));
        for (Consumer<ObjectNode> change : changes) {
            ObjectNode plan = full();
            change.accept(plan);
            assertThat(SCHEMA.problems(plan)).as("%s", plan).isNotEmpty();
        }
    }
}
