package io.espalier.engine.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.MobileNetworks;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import io.espalier.testkit.model.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CostModelTest {

    @Test
    void resnet18CostsWhatTorchvisionPublishes() {
        Cost cost = cost(ResidualNetworks.resnet18(1, Scale.FULL));

        assertThat(cost.macs()).isEqualTo(1_814_073_344L);
        assertThat(cost.parameters()).isEqualTo(11_689_512L);
    }

    @Test
    void halfOfEveryGroupOfResnet18CostsWhatIsPublished() {
        TestingAnalysis resnet = TestingAnalysis.of(ResidualNetworks.resnet18(1, Scale.FULL));
        CostModel model = CostModel.of(resnet.graph(), resnet.shapes(), Operators.standard(), Map.of());
        List<CoupledChannel> half = new ArrayList<>();
        for (Group group : resnet.groups()) {
            half.addAll(group.channels().subList(0, group.channels().size() / 2));
        }

        Cost cost = RemovalCosts.of(model, resnet.coupling()).of(Removal.of(half));

        assertThat(cost.macs()).isEqualTo(483_149_824L);
        assertThat(cost.parameters()).isEqualTo(3_055_880L);
    }

    @Test
    void groupedConvolutionsCountTheChannelsOfTheirGroup() {
        assertThat(cost(ResidualNetworks.resnet50(1, Scale.FULL)).macs()).isEqualTo(4_089_184_256L);
        assertThat(cost(ResidualNetworks.resnext50(1, Scale.FULL)).macs() / 1e9).isCloseTo(4.23, within(0.005));
        assertThat(cost(MobileNetworks.mobilenetV2(1, Scale.FULL)).macs()).isEqualTo(300_774_272L);
    }

    @TestFactory
    Stream<DynamicTest> theCostOfARemovalIsTheCostOfTheCutGraph() {
        Stream<DynamicTest> networks = Networks.small().entrySet().stream()
                .flatMap(entry -> LongStream.rangeClosed(1, 3)
                        .mapToObj(seed -> DynamicTest.dynamicTest(
                                entry.getKey() + " seed " + seed,
                                () -> assertPredicted(entry.getValue().apply(seed), seed))));
        Stream<DynamicTest> random = LongStream.rangeClosed(1, 60)
                .mapToObj(seed -> DynamicTest.dynamicTest(
                        "random " + seed,
                        () -> assertPredicted(RandomGraphs.exotic(seed).graph(), seed)));
        return Stream.concat(networks, random);
    }

    /** One operand says 1 where the other says what is 1 for the only height that the network takes. */
    @Test
    void anExtentIsWhatTheShapeSaysWhereOperandsSayItDifferently() {
        for (long seed = 1; seed <= 3; seed++) {
            GraphBuilder graph = new GraphBuilder("heights", seed);
            String x = graph.conv("stem", graph.input("image", "batch", 2, "height", 6), 6, Window.same(1));
            String pooled = graph.node(
                    "AveragePool", List.of(x), "kernel_shape", new long[] {1, 1}, "strides", new long[] {48, 1});
            String narrow = graph.conv("narrow", graph.follow(pooled, "batch", 6, "rows", 6), 6, Window.same(1));
            String joined = graph.node("Concat", List.of(narrow, graph.mean(x, true, 2)), "axis", 1);
            String y = graph.conv("last", graph.follow(joined, "batch", 12, 1, 6), 3, Window.same(1));
            assertPredicted(graph.output(y).build(), seed);
        }
    }

    private static void assertPredicted(Graph graph, long seed) {
        TestingAnalysis analysis = TestingAnalysis.of(graph);
        CostModel model = CostModel.of(graph, analysis.shapes(), Operators.standard(), Map.of());
        Removal removal = analysis.randomRemoval(seed);

        Cost predicted = RemovalCosts.of(model, analysis.coupling()).of(removal);

        Graph cut = Surgery.prune(graph, analysis.shapes(), analysis.coupling(), removal)
                .graph();
        Cost found = CostModel.under(cut, Operators.standard().infer(cut), Operators.standard(), model.symbols())
                .total();
        assertThat(predicted.macs()).isEqualTo(found.macs());
        assertThat(predicted.parameters()).isEqualTo(found.parameters());
        if (!removal.isEmpty()) {
            assertThat(predicted.macs()).isLessThanOrEqualTo(model.total().macs());
            assertThat(predicted.parameters()).isLessThanOrEqualTo(model.total().parameters());
        }
    }

    @Test
    void matrixProductsCountEveryProduct() {
        assertThat(macs("MatMul", Map.of(), new long[] {2, 3, 5}, new long[] {5, 7}))
                .isEqualTo(2 * 3 * 5 * 7);
        assertThat(macs("Gemm", Map.of("transA", 1L, "transB", 1L), new long[] {5, 3}, new long[] {7, 5}))
                .isEqualTo(3 * 5 * 7);
    }

    @Test
    void transposedConvolutionsSpreadEveryInput() {
        assertThat(macs("ConvTranspose", Map.of(), new long[] {1, 4, 6, 6}, new long[] {4, 3, 2, 2}))
                .isEqualTo(4 * 6 * 6 * 3 * 2 * 2);
    }

    @Test
    void einsumCountsAllItsIndices() {
        assertThat(einsum("bhqd,bhkd->bhqk", new long[] {2, 3, 4, 5}, new long[] {2, 3, 6, 5}))
                .isEqualTo(2 * 3 * 4 * 5 * 6);
        assertThat(einsum("...ij,jk->...ik", new long[] {2, 3, 4, 5}, new long[] {5, 7}))
                .isEqualTo(2 * 3 * 4 * 5 * 7);
        assertThat(einsum("i,j,k->ijk", new long[] {2}, new long[] {3}, new long[] {4}))
                .isEqualTo(2 * 24);
        assertThat(einsum("ij->ji", new long[] {2, 3})).isZero();
    }

    @Test
    void recurrentCellsCountAllGatesOnceAStep() {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("w", zeros(2, 16, 3));
        constants.put("r", zeros(2, 16, 4));
        Node node = Node.of(
                "LSTM",
                List.of("x", "w", "r"),
                List.of("y"),
                Map.of("hidden_size", new Attribute.Int(4), "direction", new Attribute.Text("bidirectional")));
        Graph graph = graph(Map.of("x", type(7, 5, 3)), constants, node);

        assertThat(cost(graph)).isEqualTo(new Cost(2 * 16 * 7, 7 * 5 * 2 * 16 * 7, 4 * 2 * 16 * 7));
    }

    @Test
    void runningStatisticsAndSettingsAreNoParameters() {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        for (String name : List.of("scale", "shift", "mean", "variance")) {
            constants.put(name, zeros(3));
        }
        constants.put("low", Tensors.floats(List.of(), 0));
        Graph graph = new Graph(
                "g",
                Map.of("x", type(1, 3, 4)),
                List.of("z"),
                List.of(
                        Node.of(
                                "BatchNormalization",
                                List.of("x", "scale", "shift", "mean", "variance"),
                                List.of("y"),
                                Map.of()),
                        Node.of("Clip", List.of("y", "low"), List.of("z"), Map.of())),
                constants,
                Map.of());

        assertThat(cost(graph)).isEqualTo(new Cost(6, 0, 4 * 13));
    }

    @Test
    void aSharedConstantCountsOnce() {
        Graph graph = new Graph(
                "g",
                Map.of("x", type(2, 3)),
                List.of("z"),
                List.of(
                        Node.of("MatMul", List.of("x", "w"), List.of("y"), Map.of()),
                        Node.of("MatMul", List.of("y", "w"), List.of("z"), Map.of())),
                Map.of("w", zeros(3, 3)),
                Map.of());

        assertThat(cost(graph)).isEqualTo(new Cost(9, 2 * 2 * 9, 36));
    }

    @Test
    void symbolsHaveDefaultsAndCanBeChosen() {
        Graph graph = new Graph(
                "g",
                Map.of(
                        "x",
                        new ValueType(
                                DataType.FLOAT32,
                                Optional.of(List.of(
                                        new Dimension.Symbol("rows"),
                                        new Dimension.Symbol("length"),
                                        new Dimension.Fixed(3))))),
                List.of("y"),
                List.of(Node.of("MatMul", List.of("x", "w"), List.of("y"), Map.of())),
                Map.of("w", zeros(3, 5)),
                Map.of());

        assertThat(cost(graph).macs()).isEqualTo(128 * 15);
        assertThat(CostModel.of(
                                graph,
                                Operators.standard().infer(graph),
                                Operators.standard(),
                                Map.of("length", 10L, "rows", 2L))
                        .total()
                        .macs())
                .isEqualTo(20 * 15);
        assertThatThrownBy(() -> CostModel.of(
                        graph, Operators.standard().infer(graph), Operators.standard(), Map.of("lenght", 10L)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("lenght")
                .hasMessageContaining("length, rows");
        assertThatThrownBy(() -> CostModel.of(
                        graph, Operators.standard().infer(graph), Operators.standard(), Map.of("length", 0L)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("at least 1");
    }

    private static long macs(String operator, Map<String, Long> attributes, long[]... operands) {
        Map<String, Attribute> values = new LinkedHashMap<>();
        attributes.forEach((name, value) -> values.put(name, new Attribute.Int(value)));
        return macs(operator, operands, values);
    }

    private static long einsum(String equation, long[]... operands) {
        return macs("Einsum", operands, Map.of("equation", new Attribute.Text(equation)));
    }

    private static long macs(String operator, long[][] operands, Map<String, Attribute> attributes) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        for (int i = 0; i < operands.length; i++) {
            inputs.put("x" + i, type(operands[i]));
        }
        Node node = Node.of(operator, List.copyOf(inputs.keySet()), List.of("y"), attributes);
        CostModel model = CostModel.of(
                graph(inputs, Map.of(), node),
                Operators.standard().infer(graph(inputs, Map.of(), node)),
                Operators.standard(),
                Map.of());
        assertThat(model.uncounted()).isEmpty();
        return model.total().macs();
    }

    private static Graph graph(Map<String, ValueType> inputs, Map<String, Tensor> constants, Node node) {
        return new Graph("g", inputs, List.of("y"), List.of(node), constants, Map.of());
    }

    private static ValueType type(long... extents) {
        List<Dimension> shape =
                LongStream.of(extents).<Dimension>mapToObj(Dimension.Fixed::new).toList();
        return new ValueType(DataType.FLOAT32, Optional.of(shape));
    }

    private static Tensor zeros(long... extents) {
        int size = (int) LongStream.of(extents).reduce(1, (one, other) -> one * other);
        return Tensors.floats(Tensors.shape(extents), new float[size]);
    }

    private static Cost cost(Graph graph) {
        return CostModel.of(graph, Operators.standard().infer(graph), Operators.standard(), Map.of())
                .total();
    }
}
