package io.espalier.engine.coupling.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.explain.AxisExplanation.Blocker;
import io.espalier.engine.coupling.explain.AxisExplanation.Member;
import io.espalier.engine.coupling.explain.AxisExplanation.Part;
import io.espalier.engine.coupling.explain.AxisExplanation.Step;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.Window;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AxisExplainerTest {

    private static final long SEED = 11;

    private static AxisExplainer explainer(Graph graph) {
        Analysis analysis = Analysis.of(graph);
        return new AxisExplainer(analysis, Groups.of(analysis.coupling(), each -> 0));
    }

    static Stream<String> networks() {
        return Networks.small().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    @DisplayName(
            "Every parameter of every group is reached along values from operator to operator, or keeps the widths of a named one equal")
    void everyMemberIsExplained(String name) {
        Graph graph = Networks.small().get(name).apply(SEED);
        List<Part> parts = explainer(graph).explainGroups();

        assertThat(parts).isNotEmpty();
        for (Part part : parts) {
            List<LabelledAxis> labelledAxes =
                    part.members().stream().map(Member::labelledAxis).toList();
            assertThat(labelledAxes)
                    .containsExactlyElementsOf(part.group().orElseThrow().labelledAxes());
            for (Member member : part.members()) {
                assertThat(member.equalWidthsOf()).as("%s", member).isNotEqualTo("the others");
                assertIsAWay(graph, member.path());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    @DisplayName("Each position of each weight either goes with a group or is told why it stays")
    void everyPositionIsExplained(String name) {
        Graph graph = Networks.small().get(name).apply(SEED);
        AxisExplainer explainer = explainer(graph);
        for (String output : graph.outputs()) {
            for (int axis = 0; axis < explainer.rank(output).orElse(0); axis++) {
                explainer.explain(output, axis).forEach(explanation -> assertIsExplained(graph, explanation));
            }
        }
        String weight = graph.constants().keySet().iterator().next();
        for (int axis = 0; axis < explainer.rank(weight).orElseThrow(); axis++) {
            explainer.explain(weight, axis).forEach(explanation -> assertIsExplained(graph, explanation));
        }
    }

    private static void assertIsExplained(Graph graph, AxisExplanation explanation) {
        assertThat(explanation.inert().isPresent())
                .isEqualTo(explanation.parts().isEmpty());
        for (Part part : explanation.parts()) {
            boolean stays = !part.barriers().isEmpty() || !part.reason().isEmpty();
            assertThat(stays).as("%s", part).isNotEqualTo(part.group().isPresent());
            part.barriers().forEach(blocker -> assertIsAWay(graph, blocker.path()));
        }
        if (explanation.extent().matches("\\d+") && !explanation.parts().isEmpty()) {
            assertThat(explanation.parts().stream().flatMapToInt(part -> IntStream.of(part.positions())))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, Integer.parseInt(explanation.extent()))
                            .boxed()
                            .toList());
        }
    }

    /** Neighbours on the way share a value. */
    private static void assertIsAWay(Graph graph, List<Step> path) {
        Map<String, Set<String>> touched = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            Set<String> values = new LinkedHashSet<>(node.reads());
            values.addAll(node.outputs());
            touched.put(node.id(), values);
        }
        for (int i = 1; i < path.size(); i++) {
            assertThat(touched.get(path.get(i).node()))
                    .as("%s", path)
                    .containsAnyElementsOf(touched.get(path.get(i - 1).node()));
        }
    }

    @Test
    @DisplayName("The input of a DenseNet layer has a part for each layer that was joined, reached through Concat")
    void joined() {
        Graph graph = ClassicNetworks.densenetSmall(SEED);
        Node concat = graph.nodes().stream()
                .filter(node -> node.operator().equals("Concat"))
                .findFirst()
                .orElseThrow();
        AxisExplanation explanation = explainer(graph).explain(concat.id(), 1).get(0);

        assertThat(explanation.parts()).hasSize(concat.inputs().size());
        assertThat(explanation.parts())
                .extracting(part -> part.group().map(Group::id))
                .doesNotHaveDuplicates()
                .doesNotContain(Optional.empty());
        for (Part part : explanation.parts()) {
            Member producer = part.members().get(0);
            assertThat(producer.path()).extracting(Step::operator).contains("Concat");
        }
    }

    @Test
    @DisplayName("Branches that meet later are not told to be coupled by the Concat that has both")
    void notThroughConcat() {
        GraphBuilder graph = new GraphBuilder("branches", SEED);
        String x = graph.input("image", 1, 3, 4, 4);
        String left = graph.conv("left", x, 4, Window.same(3));
        String right = graph.conv("right", x, 4, Window.same(3));
        String joined = graph.conv("joined", graph.concat(1, left, right), 2, Window.same(1));
        String sum = graph.conv("sum", graph.add(left, right), 2, Window.same(1));
        Graph built = graph.output(graph.add(joined, sum)).build();

        Part part = explainer(built).explain("left.weight", 0).get(0).parts().get(0);

        Member other = part.members().stream()
                .filter(member -> member.labelledAxis().use().constant().equals("right.weight"))
                .findFirst()
                .orElseThrow();
        assertThat(other.path()).extracting(Step::operator).containsExactly("Conv", "Add", "Conv");
    }

    @Test
    @DisplayName("Everything that keeps a channel is told, each with the way to it")
    void barriers() {
        GraphBuilder graph = new GraphBuilder("blocked", SEED);
        String hidden = graph.relu(graph.conv("first", graph.input("image", 1, 3, 4, 4), 4, Window.same(3)));
        String unknown = graph.node("com.example.Secret", List.of(hidden));
        Graph built = graph.output(hidden).output(unknown).build();

        Part part = explainer(built).explain("first.weight", 0).get(0).parts().get(0);

        assertThat(part.positions()).containsExactly(0, 1, 2, 3);
        assertThat(part.group()).isEmpty();
        assertThat(part.barriers())
                .extracting(each -> each.barrier().operator())
                .containsExactly("com.example.Secret", "output");
        assertThat(part.barriers())
                .extracting(Blocker::path)
                .allSatisfy(path -> assertThat(path).extracting(Step::operator).startsWith("Conv", "Relu"));
    }

    @Test
    @DisplayName("An axis without channels says which operator pairs or mixes it")
    void inert() {
        GraphBuilder graph = new GraphBuilder("inert", SEED);
        String x = graph.input("image", 1, 3, 4, 4);
        Graph built = graph.output(graph.conv("first", x, 4, Window.same(3))).build();
        AxisExplainer explainer = explainer(built);

        assertThat(explainer.explain("first.weight", 1).get(0).inert().orElseThrow())
                .contains("Conv", "axis 1 of 'image'");
        assertThat(explainer.explain("first.weight", 2).get(0).inert().orElseThrow())
                .contains("needs every position");
        assertThat(explainer.explain(x, 1).get(0).inert().orElseThrow()).contains("input of the model");
    }
}
