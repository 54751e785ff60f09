package io.espalier.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.plan.Plan.Calibration;
import io.espalier.engine.plan.Plan.InputValue;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.ScoredLoss;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.score.GroupScores;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A plan with the removal it was made from. */
    private record Planned(TestingAnalysis network, Plan plan, Allocation allocation) {

        static Planned of(Graph graph, Heads heads, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            TestingAnalysis network = TestingAnalysis.of(graph);
            List<GroupScores> groups = Groups.of(network.coupling(), each -> each, heads).stream()
                    .map(group -> new GroupScores(
                            group, random.doubles(group.channels().size()).toArray()))
                    .toList();
            CostModel costs = CostModel.of(graph, network.shapes(), Operators.standard(), Map.of());
            List<RankingPool> pools = List.of(
                    new RankingPool(IntStream.range(0, groups.size()).boxed().toList()));
            Allocation allocation = new TargetSolver(
                            network.coupling(), RemovalCosts.of(costs, network.coupling()), new Widths(0, 1), List.of())
                    .solve(groups, new Pools(pools), Target.parse("channels=60%"));
            Settings settings = new Settings(
                    "lp",
                    Map.of("p", "1.5", "a", "b"),
                    "sum",
                    "min-max",
                    "global",
                    Map.of(),
                    "shuffled",
                    "channels=60%",
                    5,
                    random.nextInt(3),
                    0.1,
                    8,
                    "both",
                    List.of("fc*", "*\u00e9\n\""),
                    List.of(),
                    -7,
                    costs.symbols(),
                    random.nextBoolean()
                            ? Map.of()
                            : Map.of("steps", new InputValue(DataType.INT64, List.of(2L), List.of(-3.0, 1e15))),
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(new Calibration(List.of("activation-maps"), 64, "89abcdef".repeat(8))),
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(new ScoredLoss("mse", Map.of("output", "logits"))),
                    random.nextBoolean() ? Optional.empty() : Optional.of("weights"),
                    seed % 2 == 0 ? Optional.empty() : Optional.of("76543210".repeat(8)));
            Plan plan = new PlanMaker(network.coupling())
                    .plan(
                            "espalier test",
                            new ModelReference("net.onnx", "0123456789abcdef".repeat(4)),
                            settings,
                            costs.total(),
                            random.nextBoolean()
                                    ? List.of()
                                    : List.of(new PlannedBlock("sum", 0, "branch", random.nextDouble(), 1L << 40, 7)),
                            allocation,
                            List.of(),
                            Blocked.in(network.coupling()));
            return new Planned(network, plan, allocation);
        }

        static Planned resnet() {
            return of(ResidualNetworks.resnet18(1, Scale.SMALL), Heads.WHOLE, 1);
        }
    }

    @TestFactory
    Stream<DynamicTest> plansAreReadBackAndReplayed() {
        Stream<DynamicTest> networks = Networks.small().entrySet().stream()
                .flatMap(entry -> Stream.of(Heads.values())
                        .map(heads -> DynamicTest.dynamicTest(
                                entry.getKey() + ", heads " + heads,
                                () -> assertReplayed(entry.getValue().apply(2), heads, 2))));
        Stream<DynamicTest> random = LongStream.rangeClosed(1, 60)
                .mapToObj(seed -> DynamicTest.dynamicTest(
                        "random " + seed,
                        () -> assertReplayed(RandomGraphs.exotic(seed).graph(), Heads.WHOLE, seed)));
        return Stream.concat(networks, random);
    }

    private static void assertReplayed(Graph graph, Heads heads, long seed) {
        Planned planned = Planned.of(graph, heads, seed);
        byte[] bytes = PlanFile.bytes(planned.plan());

        Plan read = PlanFile.parse(bytes, "plan.json");

        assertThat(PlanFile.bytes(read)).isEqualTo(bytes);
        assertThat(read.groups())
                .extracting(Plan.PlannedGroup::atoms)
                .isEqualTo(planned.plan().groups().stream()
                        .map(Plan.PlannedGroup::atoms)
                        .toList());
        var replayed = PlanReplay.removal(read, planned.network().coupling());
        planned.network().coupling().labelledAxes().forEach(labelledAxis -> {
            for (int each : planned.network().coupling().classesAt(labelledAxis)) {
                assertThat(replayed.removes(each))
                        .isEqualTo(planned.allocation().removal().removes(each));
            }
        });
        planned.network()
                .groups()
                .forEach(group -> group.channels().forEach(channel -> {
                    for (int each : channel.classes()) {
                        assertThat(replayed.removes(each))
                                .isEqualTo(planned.allocation().removal().removes(each));
                    }
                }));
    }

    @Test
    void equalPlansHaveEqualBytes() {
        assertThat(PlanFile.bytes(Planned.resnet().plan()))
                .isEqualTo(PlanFile.bytes(Planned.resnet().plan()));
        assertThat(PlanFile.digest(Planned.resnet().plan())).matches("[0-9a-f]{64}");
    }

    @Test
    void theOrderOfFieldsIsFixed() throws IOException {
        JsonNode json = JSON.readTree(PlanFile.bytes(Planned.resnet().plan()));

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "schemaVersion",
                        "tool",
                        "model",
                        "settings",
                        "costs",
                        "groups",
                        "ignored",
                        "frozen",
                        "statistics");
    }

    @Test
    void whatIsWrongIsToldWithItsPlace() throws IOException {
        assertRefused(plan -> plan.put("schemaVersion", 2), "schema version 2", "reads version 1");
        assertRefused(plan -> plan.remove("schemaVersion"), "at $ the field 'schemaVersion' is missing");
        assertRefused(plan -> plan.put("extra", 1), "at $ there is no field 'extra'");
        assertRefused(plan -> object(plan, "/model").put("digest", "abc"), "at $.model.digest expected a SHA-256");
        assertRefused(plan -> object(plan, "/settings").put("roundTo", 0), "at $.settings.roundTo expected a whole");
        assertRefused(plan -> object(plan, "/settings").put("seed", "x"), "at $.settings.seed expected a whole number");
        assertRefused(
                plan -> object(plan, "/settings/symbols").put("batch", -1),
                "at $.settings.symbols.batch expected a whole number of at least 1, found -1");
        assertRefused(plan -> object(plan, "/groups/1").put("kept", 1000), "at $.groups[1] more channels are kept");
        assertRefused(plan -> object(plan, "/groups/1").remove("atoms"), "at $.groups[1] the field 'atoms' is missing");
        assertRefused(plan -> object(plan, "/groups/1").putArray("atoms"), "at $.groups[1] channels go but no atoms");
        assertRefused(
                plan -> object(plan, "/groups/1/atoms/0").put("positions", "3-1"),
                "at $.groups[1].atoms[0].positions positions must ascend");
        assertRefused(
                plan -> object(plan, "/groups/1/atoms/0").put("positions", "12345"),
                "at $.groups[1].atoms[0].positions position 12345 does not exist");
        assertRefused(plan -> plan.put("groups", 3), "at $.groups expected an array, found 3");
    }

    @Test
    void whatIsNoJsonIsToldWithItsPlace(@TempDir Path folder) {
        String text = new String(PlanFile.bytes(Planned.resnet().plan()), StandardCharsets.UTF_8);
        for (String broken : List.of("", "{", text.substring(0, text.length() / 2), text + "x", "[1", "\u0000\u0001")) {
            assertThatThrownBy(() -> PlanFile.parse(broken.getBytes(StandardCharsets.UTF_8), "p.json"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The plan p.json ");
        }
        String twice = text.replaceFirst("\"tool\"", "\"tool\" : \"\", \"tool\"");
        assertThatThrownBy(() -> PlanFile.parse(twice.getBytes(StandardCharsets.UTF_8), "p.json"))
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> PlanFile.read(folder.resolve("none.json")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("There is no plan");
        assertThatThrownBy(() -> PlanFile.read(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void aPlanThatDoesNotFitTheModelIsRefused() throws IOException {
        assertUnfit(atoms -> atoms.put("parameter", "nothing.weight"), "'nothing.weight' has no channels on axis 0");
        assertUnfit(atoms -> atoms.put("axis", 3), "has no channels on axis 3");
        assertUnfit(atoms -> atoms.putArray("extents").add(9999), "has extents [");
        assertUnfit(atoms -> atoms.put("positions", "0"), "a part of a channel only");
    }

    private static void assertUnfit(Consumer<ObjectNode> change, String message) throws IOException {
        Planned planned = Planned.resnet();
        ObjectNode json = (ObjectNode) JSON.readTree(PlanFile.bytes(planned.plan()));
        change.accept(object(json, "/groups/1/atoms/0"));
        Plan plan = PlanFile.parse(JSON.writeValueAsBytes(json), "p.json");

        assertThatThrownBy(() -> PlanReplay.removal(plan, planned.network().coupling()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("The plan does not fit the model: ")
                .hasMessageContaining(message);
    }

    private static void assertRefused(Consumer<ObjectNode> change, String... messages) throws IOException {
        ObjectNode json =
                (ObjectNode) JSON.readTree(PlanFile.bytes(Planned.resnet().plan()));
        change.accept(json);
        byte[] bytes = JSON.writeValueAsBytes(json);

        assertThatThrownBy(() -> PlanFile.parse(bytes, "p.json"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(messages);
    }

    private static ObjectNode object(ObjectNode json, String pointer) {
        return (ObjectNode) json.at(pointer);
    }
}
