package io.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Which edits a removal leads to: those that are needed, and no others. */
final class SurgeryTest {

    private static TestingPruning hardCase(String name) {
        return TestingPruning.of(HardCases.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .graph());
    }

    /** Six channels, something that is done with them, a convolution. */
    private static TestingPruning image(BiFunction<GraphBuilder, String, String> body) {
        GraphBuilder graph = new GraphBuilder("surgery", 3);
        String x = graph.conv("conv1", graph.input("image", "batch", 2, 6, 6), 6, Window.same(3));
        graph.output(graph.conv("conv2", body.apply(graph, x), 3, Window.same(1)));
        return TestingPruning.of(graph.build());
    }

    /** The removal of channels that hold the given filters of conv1, whatever groups they are in. */
    private static Removal filters(TestingPruning pruning, int... filters) {
        List<CoupledChannel> chosen = new ArrayList<>();
        for (Group group : pruning.groups()) {
            LabelledAxis labelledAxis = group.labelledAxes().get(0);
            int[] classes = pruning.coupling().classesAt(labelledAxis);
            for (CoupledChannel channel : group.channels()) {
                for (int filter : filters) {
                    boolean holds = labelledAxis.use().constant().equals("conv1.weight")
                            && Arrays.binarySearch(channel.classes(), classes[filter]) >= 0;
                    if (holds && !chosen.contains(channel)) {
                        chosen.add(channel);
                    }
                }
            }
        }
        return Removal.of(chosen);
    }

    private static List<Edit> edits(TestingPruning pruning, Removal removal) {
        assertThat(pruning.prove(removal).outcome()).isEqualTo(Outcome.PROVED);
        requireConsistent(pruning, removal);
        return Surgery.prune(pruning.graph(), pruning.shapes(), pruning.coupling(), removal)
                .edits();
    }

    /** What is handed on is what the edits make of the graph, with the shapes it really has. */
    private static void requireConsistent(TestingPruning pruning, Removal removal) {
        PrunedGraph pruned = Surgery.prune(pruning.graph(), pruning.shapes(), pruning.coupling(), removal);
        Graph applied = GraphEdits.apply(pruning.graph(), pruned.edits());
        assertThat(pruned.graph().nodes()).isEqualTo(applied.nodes());
        assertThat(pruned.graph().inputs()).isEqualTo(applied.inputs());
        assertThat(pruned.graph().declared()).isEqualTo(applied.declared());
        assertThat(pruned.graph().constants().keySet())
                .isEqualTo(applied.constants().keySet());
        Shapes shapes = pruning.coupling().operators().infer(applied);
        assertThat(pruned.shapes().values()).isEqualTo(shapes.values());
        shapes.values()
                .forEach(value ->
                        assertThat(pruned.shapes().shape(value)).as(value).isEqualTo(shapes.shape(value)));
    }

    private static Node node(Graph graph, String operator) {
        return graph.nodes().stream()
                .filter(each -> each.operator().equals(operator))
                .findFirst()
                .orElseThrow();
    }

    private static long[] operand(TestingPruning pruning, Removal removal, String operator, int slot) {
        Graph cut = pruning.cut(removal);
        return Tensors.toLongs(cut.constants().get(node(cut, operator).inputs().get(slot)));
    }

    // ---- parameters

    @Test
    void behindAnOperatorNobodyKnowsShapesAreWhatTheFileDeclares() {
        GraphBuilder builder = new GraphBuilder("unknown", 3);
        String known = builder.gemm("first", builder.input("x", "batch", 4), 5);
        String unknown = builder.follow(builder.node("example.Unknown", List.of(known)), "batch", 5);
        builder.output(builder.gemm("last", builder.gemm("middle", unknown, 6), 2));
        Graph graph = builder.build();
        ValueType type = new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(5))));
        TestingPruning pruning = TestingPruning.of(new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                graph.nodes(),
                graph.constants(),
                Map.of(unknown, type)));

        Removal removal = pruning.removal(pruning.groups().get(0), 1, 4);

        assertThat(pruning.cut(removal).constants().get("middle.weight").shape())
                .containsExactly(4L, 5L);
    }

    @Test
    void nothingIsEditedWhenNothingGoes() {
        TestingPruning pruning = hardCase("grouped");
        PrunedGraph pruned =
                Surgery.prune(pruning.graph(), pruning.shapes(), pruning.coupling(), Removal.of(List.of()));
        assertThat(pruned.edits()).isEmpty();
        assertThat(pruned.graph()).isSameAs(pruning.graph());
    }

    @Test
    void onlyTheReaderThatLosesGetsACopyOfASharedBias() {
        TestingPruning pruning = hardCase("deduplicated-bias");
        Graph cut = pruning.cut(pruning.removal(pruning.groups().get(0), 1));
        assertThat(cut.constants().get("bias").shape()).containsExactly(6L);
        assertThat(cut.nodes().get(2).inputs()).contains("bias");
        assertThat(cut.constants().get(cut.nodes().get(0).inputs().get(2)).shape())
                .containsExactly(5L);
    }

    @Test
    void aSharedBiasOfWhichAllLoseTheSameIsCutInPlace() {
        TestingPruning pruning = hardCase("deduplicated-bias");
        List<CoupledChannel> both = List.of(
                pruning.groups().get(0).channels().get(1),
                pruning.groups().get(1).channels().get(1));
        assertThat(edits(pruning, Removal.of(both)))
                .filteredOn(Edit.SetInput.class::isInstance)
                .isEmpty();
    }

    @Test
    void aSharedBiasOfWhichAllLoseSomethingElseIsDropped() {
        TestingPruning pruning = hardCase("deduplicated-bias");
        List<CoupledChannel> both = List.of(
                pruning.groups().get(0).channels().get(1),
                pruning.groups().get(1).channels().get(2));
        assertThat(edits(pruning, Removal.of(both)))
                .anySatisfy(edit -> assertThat(edit).isEqualTo(new Edit.Drop(List.of("bias"))));
    }

    @Test
    void groupsThatLoseDifferentInputsAreReplacedAsAWhole() {
        TestingPruning pruning = hardCase("concat-into-grouped");
        Group inputs = pruning.groups().get(0);
        CoupledChannel first = Groups.of(pruning.coupling(), TestingPruning.randomScores(4))
                .get(0)
                .channels()
                .get(0);
        assertThat(inputs.labelledAxes())
                .extracting(labelledAxis -> labelledAxis.use().constant())
                .contains("grouped.weight");
        Graph cut = pruning.cut(Removal.of(List.of(first)));
        assertThat(cut.constants().get("grouped.weight").shape()).containsExactly(9L, 3L, 3L, 3L);
        assertThat(node(cut, "Conv").attributes()).containsKey("group");
        assertThat(pruning.prove(Removal.of(List.of(first))).outcome()).isEqualTo(Outcome.PROVED);
    }

    // ---- shape operands

    @Test
    void constantTargetsAreRewritten() {
        TestingPruning pruning = hardCase("packed-qkv");
        Removal head = pruning.removal(pruning.groups().get(1), 2);
        assertThat(operand(pruning, head, "Reshape", 1)).containsExactly(-1, 5, 3, 3, 6);
    }

    @Test
    void ofTargetsMadeAtRunTimeOnlyThePieceThatDisagreesIsReplaced() {
        TestingPruning pruning = hardCase("packed-qkv-run-time-shapes");
        Graph graph = pruning.graph();
        Removal head = pruning.removal(pruning.groups().get(1), 2);
        List<Node> targets = edits(pruning, head).stream()
                .filter(Edit.SetInput.class::isInstance)
                .map(edit -> ((Edit.SetInput) edit).node())
                .map(made -> graph.nodes().stream()
                        .filter(each -> each.id().equals(made))
                        .findFirst()
                        .orElseThrow())
                .toList();
        assertThat(targets).extracting(Node::operator).containsOnly("Concat").hasSize(2);
    }

    @Test
    void equalPartsKeepNumOutputsAndUnequalOnesGetSizes() {
        TestingPruning pruning = image((graph, x) -> {
            List<String> parts = graph.nodes("Split", List.of(x), 2, "axis", 1, "num_outputs", 2);
            parts.forEach(part -> graph.follow(part, "batch", 3, 6, 6));
            return graph.concat(1, graph.relu(parts.get(1)), parts.get(0));
        });
        Node equal = node(pruning.cut(filters(pruning, 0, 4)), "Split");
        assertThat(equal.attributes()).containsKey("num_outputs");
        assertThat(equal.inputs()).hasSize(1);
        Removal uneven = filters(pruning, 0, 1, 4);
        assertThat(node(pruning.cut(uneven), "Split").attributes()).doesNotContainKey("num_outputs");
        assertThat(operand(pruning, uneven, "Split", 1)).containsExactly(1, 2);
        assertThat(pruning.prove(uneven).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void boundsOfANegativeStepFollow() {
        TestingPruning pruning = hardCase("slice-negative-step");
        assertThat(operand(pruning, filters(pruning, 6), "Slice", 1))
                .as("still counts from the end")
                .containsExactly(-2);
        Removal first = filters(pruning, 0, 4);
        assertThat(operand(pruning, first, "Slice", 1)).containsExactly(2);
        assertThat(operand(pruning, first, "Slice", 2))
                .as("beyond the first position")
                .containsExactly(-5);
        assertThat(pruning.prove(first).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void paddingIsCounted() {
        TestingPruning pruning = hardCase("pad-channels");
        Removal removal = pruning.removal(pruning.groups().get(1), 0, 1, 2);
        assertThat(operand(pruning, removal, "Pad", 1)).containsExactly(0, 0, 0, 0, 0, 1, 0, 0);
        assertThat(pruning.prove(removal).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void indicesAreRenumbered() {
        TestingPruning pruning = hardCase("gather-constant");
        assertThat(operand(pruning, filters(pruning, 1, 5), "Gather", 1)).containsExactly(0, 0, 5);
        assertThat(operand(pruning, filters(pruning, 0), "Gather", 1)).containsExactly(4, 6);
    }

    @Test
    void aScaleMadeOfAnExtentKeepsItsValue() {
        TestingPruning pruning = hardCase("scale-from-shape");
        Removal removal = pruning.removal(pruning.groups().get(1), 0, 3);
        Graph cut = pruning.cut(removal);
        Node cast = node(cut, "Cast");
        assertThat(Tensors.toLongs(cut.constants().get(cast.inputs().get(0)))).containsExactly(6);
        assertThat(pruning.prove(removal).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void groupsFollowTheirChannels() {
        TestingPruning pruning = hardCase("depthwise-multiplier");
        Graph cut = pruning.cut(filters(pruning, 0, 3));
        assertThat(cut.nodes().stream()
                        .filter(each -> each.operator().equals("Conv"))
                        .map(each -> each.intAttribute("group", 0)))
                .containsExactly(1L, 3L, 1L);
    }

    @Test
    void whatIsNotNamedStaysTheSameObject() {
        TestingPruning pruning = hardCase("flatten-unflatten");
        Removal removal = pruning.removal(pruning.groups().get(0), 0);
        Graph cut = pruning.cut(removal);
        assertThat(cut.constants().get("conv2.weight"))
                .isSameAs(pruning.graph().constants().get("conv2.weight"));
        assertThat(cut.nodes()).containsExactlyElementsOf(pruning.graph().nodes());
        assertThat(cut.constants().get("fc1.weight").type()).isEqualTo(DataType.FLOAT32);
    }
}
