package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxWriter;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnConstantsTest {

    @TempDir
    Path folder;

    /** Two normalisations whose scale is also the variance and whose shift is also the mean, one of them by other names. */
    private static Graph shared(boolean filled) {
        GraphBuilder graph = new GraphBuilder("shared", 1);
        String x = graph.input("x", "batch", 3, 4, 4);
        x = graph.bn("two", graph.relu(graph.bn("one", x)));
        x = graph.gemm("head", graph.flatten(graph.globalAveragePool(x), 1), 2);
        Graph whole = graph.output(x).build();
        Map<String, Tensor> constants = new LinkedHashMap<>(whole.constants());
        constants.keySet().removeIf(name -> name.startsWith("one.") || name.startsWith("two."));
        float[] scale = {1, 1, filled ? 1 : 2};
        constants.put("scale", Tensors.floats(List.of(3L), scale));
        constants.put("shift", Tensors.floats(List.of(3L), 0, 0, 0));
        List<Node> nodes = new ArrayList<>();
        for (String name : List.of("two.weight", "two.running_var")) {
            nodes.add(Node.of("Identity", List.of("scale"), List.of(name), Map.of()));
        }
        for (Node node : whole.nodes()) {
            Node changed = node;
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                String read = node.inputs().get(slot);
                boolean scales = read.endsWith(".weight") || read.endsWith("_var");
                if (read.startsWith("one.") || read.startsWith("two.") && !scales) {
                    changed = changed.withInput(slot, scales ? "scale" : "shift");
                }
            }
            nodes.add(changed);
        }
        return new Graph("shared", whole.inputs(), whole.outputs(), nodes, constants, whole.declared());
    }

    @Test
    @DisplayName("Layers that share a filled constant get their own")
    void filled() {
        Path file = folder.resolve("shared.onnx");
        new OnnxWriter().write(shared(true), file);
        OnnxAdapter adapter = new OnnxAdapter();
        Path written = folder.resolve("own.onnx");
        try (Model model = adapter.open(file, AdapterContext.of(adapter, Operators.standard()))) {
            List<Edit> edits = OwnConstants.edits(model.graph(), Operators.standard());
            assertOwn(GraphEdits.apply(model.graph(), edits));
            model.write(written, edits, Map.of());
        }
        try (Model model = adapter.open(written, AdapterContext.of(adapter, Operators.standard()))) {
            assertOwn(model.graph());
            assertThat(model.graph().constants()).containsKeys("two.weight/own", "two.running_var/own");
            model.runner().close();
        }
    }

    private static void assertOwn(Graph graph) {
        List<String> read = graph.nodes().stream()
                .filter(node -> node.operator().startsWith("Batch"))
                .flatMap(node -> node.inputs().stream().skip(1))
                .toList();
        assertThat(read).hasSize(8).doesNotHaveDuplicates();
        assertThat(graph.nodes()).noneMatch(node -> node.operator().equals("Identity"));
        read.forEach(name -> assertThat(
                        Arrays.stream(Tensors.toDoubles(graph.constants().get(name)))
                                .distinct())
                .as(name)
                .hasSize(1));
    }

    @Test
    @DisplayName("A constant of unlike elements is one weight of all layers that read it")
    void tied() {
        List<Edit> edits = OwnConstants.edits(shared(false), Operators.standard());
        assertThat(edits)
                .allMatch(edit -> edit instanceof Edit.SetInput set
                        && Arrays.stream(Tensors.toDoubles(set.value())).allMatch(value -> value == 0));
    }
}
