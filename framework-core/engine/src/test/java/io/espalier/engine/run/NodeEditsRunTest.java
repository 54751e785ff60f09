package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.guard.PluginException;
import io.espalier.engine.recover.FittedWeight;
import io.espalier.engine.verify.Verification;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.obs.ObsCompensator;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.GraphDifference;
import io.espalier.testkit.RealModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Edits that add and remove nodes, with everything that a run brings. */
class NodeEditsRunTest {

    private static final Path UNTRAINED = TestingRun.EXAMPLES.resolve("fashion-resnet20-untrained.onnx");

    @TempDir
    private Path folder;

    private static Model open(Path file) {
        OnnxAdapter adapter = new OnnxAdapter();
        return adapter.open(file, AdapterContext.of(adapter, Operators.standard()));
    }

    @Test
    void aNetworkWithFoldedNormalisationsIsPrunedAndProvedAsTheOriginal() {
        Path folded = folder.resolve("folded.onnx");
        try (Model model = open(UNTRAINED)) {
            List<Edit> edits = folds(model.graph());
            assertThat(edits).hasSizeGreaterThan(50);
            model.write(folded, edits, Map.of());
            try (Model written = open(folded)) {
                assertThat(written.graph().nodes()).extracting(Node::operator).doesNotContain("BatchNormalization");
                assertThat(written.graph().nodes())
                        .hasSameSizeAs(GraphEdits.apply(model.graph(), edits).nodes());
            }
        }

        PruningReport original =
                TestingRun.of(UNTRAINED, folder.resolve("original.onnx")).prune();
        PruningReport pruned =
                TestingRun.of(folded, folder.resolve("pruned.onnx")).prune();
        assertThat(pruned.verification().outcome()).isEqualTo(Verification.Outcome.PROVED);
        assertThat(pruned.original().cost().macs())
                .isEqualTo(original.original().cost().macs());
        assertThat(pruned.pruned().cost().macs() * 2)
                .isLessThanOrEqualTo(pruned.original().cost().macs());
    }

    /** Every normalisation becomes a part of the convolution before it. */
    private static List<Edit> folds(Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        List<Edit> edits = new ArrayList<>();
        for (Node norm : graph.nodes()) {
            if (norm.operator().equals("BatchNormalization")) {
                edits.addAll(fold(index, norm));
            }
        }
        return edits;
    }

    private static List<Edit> fold(GraphIndex index, Node norm) {
        Node conv = index.producer(norm.inputs().get(0)).orElseThrow();
        double[][] numbers = norm.inputs().stream()
                .skip(1)
                .map(name ->
                        Tensors.toDoubles(index.constant(index.origin(name)).orElseThrow()))
                .toArray(double[][]::new);
        Tensor before = index.constant(index.origin(conv.inputs().get(1))).orElseThrow();
        double[] weight = Tensors.toDoubles(before);
        double[] bias = conv.input(2)
                .map(name ->
                        Tensors.toDoubles(index.constant(index.origin(name)).orElseThrow()))
                .orElse(new double[numbers[0].length]);
        int row = weight.length / bias.length;
        for (int c = 0; c < bias.length; c++) {
            double factor = numbers[0][c] / Math.sqrt(numbers[3][c] + norm.realAttribute("epsilon", 1e-5));
            for (int i = 0; i < row; i++) {
                weight[c * row + i] *= factor;
            }
            bias[c] = (bias[c] - numbers[2][c]) * factor + numbers[1][c];
        }
        String w = norm.id() + "/weight";
        String b = norm.id() + "/bias";
        Node folded = Node.of("Conv", List.of(conv.inputs().get(0), w, b), norm.outputs(), conv.attributes());
        return List.of(
                new Edit.RemoveNode(norm.id()),
                new Edit.RemoveNode(conv.id()),
                new Edit.AddNode(
                        folded,
                        Map.of(
                                w, Tensors.fromDoubles(DataType.FLOAT32, before.shape(), weight),
                                b, Tensors.fromDoubles(DataType.FLOAT32, List.of((long) bias.length), bias))));
    }

    /** Also what an older opset says in another form for one number of axes than for another. */
    @TestFactory
    Stream<DynamicTest> everyNodeOfARealNetworkCanBeExchanged() {
        return Stream.concat(Stream.of(RealModels.MINILM), RealModels.PP_OCR.stream())
                .map(name -> DynamicTest.dynamicTest(name, () -> exchange(RealModels.copy(name, folder))));
    }

    /** Old forms of Resize need a constant of their own. */
    private void exchange(Path file) {
        Path target = folder.resolve("exchanged.onnx");
        try (Model model = open(file)) {
            List<Edit> edits = new ArrayList<>();
            model.graph().nodes().forEach(node -> edits.add(new Edit.RemoveNode(node.id())));
            model.graph().nodes().forEach(node -> edits.add(new Edit.AddNode(node, Map.of())));
            model.write(target, edits, Map.of());
            try (Model written = open(target)) {
                Map<String, Tensor> constants =
                        new LinkedHashMap<>(written.graph().constants());
                constants.keySet().retainAll(model.graph().constants().keySet());
                Graph graph = written.graph();
                Graph known = new Graph(
                        graph.name(), graph.inputs(), graph.outputs(), graph.nodes(), constants, graph.declared());
                assertThat(GraphDifference.first(model.graph(), known)).isEmpty();
            }
        }
    }

    @Test
    void aCompensatorMayAddNodes() {
        TestingDataset data = TestingDataset.images(3, 2);
        PruningReport report = TestingRun.of(TestingRun.RESNET, folder.resolve("scaled.onnx"))
                .repair(new Repair(new Scaling(true), Options.none(), data))
                .prune();

        try (Model written = open(folder.resolve("scaled.onnx"))) {
            Graph graph = written.graph();
            Node last = GraphIndex.of(graph).producer(graph.outputs().get(0)).orElseThrow();
            assertThat(last.operator()).isEqualTo("Mul");
        }
        assertThat(report.plan().recovery().orElseThrow().graph()).isPresent();
    }

    @Test
    void aCompensatorThatLeavesAValueOutIsNamedAndNothingIsWritten() throws IOException {
        TestingDataset data = TestingDataset.images(3, 2);
        assertThatThrownBy(() -> TestingRun.of(TestingRun.RESNET, folder.resolve("pruned.onnx"))
                        .repair(new Repair(new Scaling(false), Options.none(), data))
                        .prune())
                .isInstanceOf(PluginException.class)
                .hasMessageMatching(
                        "The compensator 'testing-scaling' .* breaks its contract: its edits do not fit the "
                                + "graph: .*, but its edits give constants of the pruned graph new values of unchanged type "
                                + "and shape.*");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName)).containsExactly(Path.of("pruned.onnx.events"));
        }
    }

    /** Two convolutions of this network have no bias, and an addition behind them that others feed too. */
    @Test
    void biasesAreAddedUnlessTheTargetCountsThem() {
        for (String metric : List.of("macs", "params")) {
            Path target = folder.resolve(metric + ".onnx");
            ObsCompensator obs = new ObsCompensator();
            PruningReport report = TestingRun.of(TestingRun.RESNET, target)
                    .target(metric + "=50%")
                    .repair(new Repair(
                            obs,
                            Options.resolve("obs", obs.options(), Map.of("rows", "8", "biases", "add")),
                            TestingDataset.images(32, 2)))
                    .prune();

            boolean adds = metric.equals("macs");
            List<FittedWeight> noted = report.repair().orElseThrow().fitted().stream()
                    .filter(fitted -> !fitted.note().isEmpty())
                    .toList();
            assertThat(noted).as(metric).isNotEmpty();
            assertThat(noted)
                    .as(metric)
                    .allMatch(fitted ->
                            fitted.note().endsWith(adds ? "a bias was added" : ", but the target counts params"));
            assertThat(report.pruned().cost().parameters())
                    .as(metric)
                    .isLessThanOrEqualTo(
                            adds ? Long.MAX_VALUE : report.original().cost().parameters() / 2);
        }
    }

    /**
     * Multiplies what the network returns by a number.
     *
     * @param whole whether it says what computes that
     */
    private record Scaling(boolean whole) implements WeightCompensator {

        @Override
        public String name() {
            return "testing-scaling";
        }

        @Override
        public String description() {
            return "Multiplies what the network returns by a number.";
        }

        @Override
        public List<Edit> compensate(CompensationContext context) {
            Graph pruned = context.pruned();
            String output = pruned.outputs().get(0);
            Node last = GraphIndex.of(pruned).producer(output).orElseThrow();
            Node before = new Node(last.domain(), last.operator(), last.inputs(), List.of("before"), last.attributes());
            Node scaled = Node.of("Mul", List.of("before", "factor"), List.of(output), Map.of());
            List<Edit> edits = List.of(
                    new Edit.RemoveNode(last.id()),
                    new Edit.AddNode(before, Map.of()),
                    new Edit.AddNode(scaled, Map.of("factor", Tensors.floats(List.of(), 2))));
            return whole ? edits : edits.subList(0, 2);
        }
    }
}
