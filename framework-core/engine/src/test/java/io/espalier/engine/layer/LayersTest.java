package io.espalier.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.score.NamePatterns;
import io.espalier.engine.score.UnusablePatternException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.Node;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LayersTest {

    private static final LayerName UNKNOWN = LayerName.ofModule("");

    @Test
    @DisplayName("The best name is the module, then a path of the operator, then a path of a weight, then what is left")
    void bestName() {
        LayerName module = new LayerName("layer4.0.conv1", List.of("/layer4/0/conv1/Conv"));
        LayerName path = new LayerName("", List.of("Conv_3", "/layer4/0/conv1/Conv"));
        LayerName number = new LayerName("", List.of("Conv_3"));

        assertThat(best(module, "w.weight")).isEqualTo("layer4.0.conv1");
        assertThat(best(path, "w.weight")).isEqualTo("/layer4/0/conv1/Conv");
        assertThat(best(number, "onnx::Conv_9", "layer4.0.conv1.weight")).isEqualTo("layer4.0.conv1.weight");
        assertThat(best(number, "onnx::Conv_9")).isEqualTo("Conv_3");
        assertThat(best(UNKNOWN, "arith.constant5", "weight")).isEqualTo("weight");
        assertThat(best(UNKNOWN, "onnx::Conv_9", "val_12", "17")).isEqualTo("Conv 2");
    }

    private static String best(LayerName known, String... constants) {
        return BestName.of(known, List.of(constants), "Conv 2").text();
    }

    /** Two blocks that read one bias, as exporters make one tensor of equal ones. */
    private static Graph twoBlocks(long seed) {
        GraphBuilder graph = new GraphBuilder("blocks", seed);
        String x = graph.input("x", 2, 6);
        String bias = graph.normal("layer.0.grow.bias", 0.1, 8);
        for (int block = 0; block < 2; block++) {
            String grown = graph.matMul(x, graph.normal("onnx::MatMul_" + block, 0.3, 6, 8));
            String wide = graph.relu(graph.add(grown, bias));
            x = graph.matMul(wide, graph.normal("onnx::MatMul_1" + block, 0.3, 8, 6));
        }
        return graph.output(x).build();
    }

    /** Names of the nodes in the order of their operators, those that have no weights included. */
    private static Map<String, LayerName> named(Graph graph, String form) {
        Map<String, LayerName> names = new LinkedHashMap<>();
        int perBlock = graph.nodes().size() / 2;
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            names.put(
                    node.id(), new LayerName("", List.of(form.formatted(i / perBlock, i % perBlock, node.operator()))));
        }
        return names;
    }

    @Test
    @DisplayName("A pattern does not mean a layer that only shares a tensor with one it means")
    void sharedTensors() {
        Graph graph = twoBlocks(3);
        List<Group> groups = TestingAnalysis.of(graph).groups();
        Layers layers = Layers.of(graph, named(graph, "/layer.%d/%d/%s"));

        for (int block = 0; block < 2; block++) {
            String name = "/layer." + block + "/0/MatMul";
            for (String pattern : List.of("*layer." + block + "*", name)) {
                NamePatterns only = new NamePatterns(List.of(), List.of(pattern));
                NamePatterns ignore = new NamePatterns(List.of(pattern), List.of());

                assertThat(only.choose(groups, layers).groups())
                        .extracting(layers::name)
                        .contains(name)
                        .noneMatch(each -> each.contains("/0/") && !each.equals(name));
                assertThat(ignore.choose(groups, layers).groups())
                        .extracting(layers::name)
                        .doesNotContain(name)
                        .contains("/layer." + (1 - block) + "/0/MatMul");
            }
        }
    }

    @Test
    @DisplayName("Without names of operators a layer is called after its weights, or by its number")
    void nameless() {
        Graph graph = twoBlocks(3);
        Layers layers = Layers.of(graph, Map.of());

        assertThat(TestingAnalysis.of(graph).groups())
                .extracting(layers::name)
                .contains("MatMul 1", "MatMul 3")
                .noneMatch(name -> name.startsWith("onnx::"));
    }

    @Test
    @DisplayName("A name that several operators of one kind have tells none of them")
    void repeatedNames() {
        GraphBuilder builder = new GraphBuilder("twice", 5);
        String x = builder.input("x", 1, 3, 8, 8);
        String y = builder.conv("a", x, 4, Window.same(3));
        Graph graph = builder.output(builder.conv("b", builder.relu(y), 4, Window.same(3)))
                .build();
        Map<String, LayerName> same = new LinkedHashMap<>();
        graph.nodes().forEach(node -> same.put(node.id(), new LayerName("", List.of("/block/" + node.operator()))));

        assertThat(TestingAnalysis.of(graph).groups())
                .extracting(Layers.of(graph, same)::name)
                .containsExactly("a.weight");
    }

    @Test
    @DisplayName("A weight that nodes prepare belongs to the layer that combines it with data")
    void preparedWeights() {
        GraphBuilder builder = new GraphBuilder("prepared", 7);
        String x = builder.input("x", 2, 6);
        String weight = builder.transpose(builder.normal("stored", 0.3, 8, 6), 1, 0);
        String hidden = builder.relu(builder.matMul(x, weight));
        Graph graph = builder.output(builder.matMul(hidden, builder.normal("second", 0.3, 8, 4)))
                .build();
        Map<String, LayerName> names = new LinkedHashMap<>();
        graph.nodes().forEach(node -> names.put(node.id(), LayerName.ofModule("net." + node.operator())));

        List<Group> groups = TestingAnalysis.of(graph).groups();
        Layers layers = Layers.of(graph, names);

        assertThat(groups).extracting(layers::name).containsExactly("net.MatMul");
        for (String pattern : List.of("net.MatMul", "stored", "MatMul 1")) {
            assertThat(new NamePatterns(List.of(), List.of(pattern))
                            .choose(groups, layers)
                            .groups())
                    .as(pattern)
                    .hasSize(1);
        }
        assertThatThrownBy(() -> new NamePatterns(List.of(), List.of("second")).choose(groups, layers))
                .isInstanceOf(UnusablePatternException.class)
                .hasMessageContaining("matches no layer")
                .hasMessageContaining("net.MatMul");
    }

    @Test
    @DisplayName("Near names share the longest piece with what was typed")
    void nearNames() {
        List<String> names = List.of("onnx::layer1.0.conv", "stem.conv", "layer1.0.conv1", "layer2.0.conv1", "head");

        assertThat(NearNames.of("*layer1.0*conv", names, 1)).containsExactly("layer1.0.conv1");
        assertThat(NearNames.of("HEAD.weight", names, 2)).first().isEqualTo("head");
        assertThat(NearNames.of("x", List.of(), 3)).isEmpty();
    }
}
