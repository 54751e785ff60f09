package io.espalier.engine.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.plugin.losses.SumLoss;
import io.espalier.spi.criterion.ChannelFlow;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.model.MobileNetworks;
import io.espalier.testkit.model.Scale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynapticFlowTest {

    private static final int WIDTH = 6;

    /** Of a chain of layers the flow through each weight is known: the product of what reaches it, itself, and what leaves it. */
    @ParameterizedTest
    @ValueSource(ints = {3, 12, 200})
    void flowIsTheProductAlongThePaths(int layers) {
        Graph graph = chain(layers, layers);
        List<double[]> matrices = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            matrices.add(Tensors.toDoubles(graph.constants().get("w" + layer)));
        }
        List<double[]> reaching = new ArrayList<>(List.of(ones()));
        for (int layer = 0; layer < layers; layer++) {
            reaching.add(unit(times(reaching.get(layer), matrices.get(layer), false)));
        }
        double[] leaving = ones();
        Map<String, Tensor> flow = flow(graph);
        double factor = 0;
        for (int layer = layers - 1; layer >= 0; layer--) {
            double[] found = Tensors.toDoubles(flow.get("w" + layer));
            double[] expected = new double[WIDTH * WIDTH];
            double sum = 0;
            double actual = 0;
            for (int i = 0; i < expected.length; i++) {
                expected[i] = reaching.get(layer)[i / WIDTH] * leaving[i % WIDTH];
                sum += expected[i] * Math.abs(matrices.get(layer)[i]);
                actual += found[i] * Math.abs(matrices.get(layer)[i]);
            }
            // What flows through a layer flows through every layer.
            factor = factor == 0 ? actual : factor;
            assertThat(actual / factor).as("layer %d", layer).isCloseTo(1, within(1e-4));
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i] / actual).isCloseTo(expected[i] / sum, within(1e-4 * expected[i] / sum));
            }
            leaving = unit(times(leaving, matrices.get(layer), true));
        }
        assertThat(flow).doesNotContainKeys("b0", "b1");
    }

    /** A layer in the only turn of a loop carries what it carries outside of it. */
    @Test
    void flowGoesThroughBodies() {
        Graph plain = chain(3, 5);
        Map<String, Tensor> flow = flow(looped(plain));
        flow(plain)
                .forEach((name, tensor) -> assertThat(Tensors.toDoubles(flow.get(name)))
                        .as(name)
                        .containsExactly(Tensors.toDoubles(tensor)));
    }

    private static Graph looped(Graph plain) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("turn", new ValueType(DataType.INT64, Optional.of(List.of())));
        inputs.put("on", new ValueType(DataType.BOOL, Optional.of(List.of())));
        inputs.put("state", plain.inputs().get("x"));
        List<Node> layer = new ArrayList<>(plain.nodes().subList(3, 6));
        layer.set(0, layer.get(0).withInput(0, "state"));
        Node last = layer.remove(2);
        layer.add(new Node(last.domain(), last.operator(), last.inputs(), List.of("next"), last.attributes()));
        Map<String, Tensor> outer = new LinkedHashMap<>(plain.constants());
        Map<String, Tensor> inner = Map.of("w1", outer.remove("w1"), "b1", outer.remove("b1"));
        outer.put("count", Tensors.longs(List.of(), 1));
        Graph body = new Graph("body", inputs, List.of("on", "next"), layer, inner, Map.of());
        List<Node> nodes = new ArrayList<>(plain.nodes().subList(0, 3));
        nodes.add(Node.of("Loop", List.of("count", "", "c0"), List.of("c1"), Map.of("body", new Attribute.Body(body))));
        nodes.addAll(plain.nodes().subList(6, plain.nodes().size()));
        return new Graph("looped", plain.inputs(), plain.outputs(), nodes, outer, plain.declared());
    }

    private static double[] ones() {
        double[] ones = new double[WIDTH];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] times(double[] vector, double[] matrix, boolean backwards) {
        double[] product = new double[WIDTH];
        for (int i = 0; i < matrix.length; i++) {
            int row = i / WIDTH;
            int column = i % WIDTH;
            product[backwards ? row : column] += Math.abs(matrix[i]) * vector[backwards ? column : row];
        }
        return product;
    }

    private static double[] unit(double[] vector) {
        double largest = Arrays.stream(vector).max().orElseThrow();
        return Arrays.stream(vector).map(each -> each / largest).toArray();
    }

    /** Layers of a matrix, a bias and an activation that saturates; deep ones would overflow. */
    private static Graph chain(int layers, long seed) {
        Random random = new Random(seed);
        List<Node> nodes = new ArrayList<>();
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("lowest", Tensors.floats(List.of(), 0));
        constants.put("highest", Tensors.floats(List.of(), 6));
        String value = "x";
        for (int layer = 0; layer < layers; layer++) {
            constants.put("w" + layer, Tensors.floats(Tensors.shape(WIDTH, WIDTH), normal(random, WIDTH * WIDTH)));
            constants.put("b" + layer, Tensors.floats(Tensors.shape(WIDTH), normal(random, WIDTH)));
            nodes.add(Node.of("MatMul", List.of(value, "w" + layer), List.of("m" + layer), Map.of()));
            nodes.add(Node.of("Add", List.of("m" + layer, "b" + layer), List.of("a" + layer), Map.of()));
            nodes.add(Node.of("Clip", List.of("a" + layer, "lowest", "highest"), List.of("c" + layer), Map.of()));
            value = "c" + layer;
        }
        nodes.add(Node.of("Softmax", List.of("a" + (layers - 1)), List.of("y"), Map.of("axis", new Attribute.Int(-1))));
        ValueType type = new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(WIDTH))));
        return new Graph("chain", Map.of("x", type), List.of("y"), nodes, constants, Map.of("y", type));
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (3 * random.nextGaussian());
        }
        return values;
    }

    /** Batch normalisations, bounded activations and depthwise convolutions let through what they get. */
    @Test
    void everyWeightOfANetworkCarriesFlow() {
        Graph graph = MobileNetworks.mobilenetV2(1, Scale.SMALL);
        Map<String, Tensor> flow = flow(graph);
        assertThat(flow).isNotEmpty();
        flow.forEach((name, tensor) -> {
            double[] values = Tensors.toDoubles(tensor);
            assertThat(Arrays.stream(values).min().orElseThrow()).as(name).isNotNegative();
            assertThat(Arrays.stream(values).max().orElseThrow()).as(name).isPositive();
        });
    }

    /** What leaves by way of a channel: the magnitudes of the weights behind it, multiplied from the outputs on. */
    @ParameterizedTest
    @ValueSource(ints = {3, 12, 60})
    @SuppressWarnings("unchecked")
    void importanceIsPropagatedFromTheOutputs(int layers) {
        Graph graph = chain(layers, layers);
        GroupEvidence<ChannelFlow> flow = (GroupEvidence<ChannelFlow>) evidence(graph, Evidence.CHANNEL_FLOW);
        Map<String, double[]> expected = new LinkedHashMap<>();
        double[] leaving = ones();
        for (int layer = layers - 1; layer > 0; layer--) {
            leaving = times(leaving, Tensors.toDoubles(graph.constants().get("w" + layer)), true);
            expected.put("c" + (layer - 1), leaving);
        }
        double factor = 0;
        int found = 0;
        TestingAnalysis network = TestingAnalysis.of(graph);
        for (Group group : network.groups()) {
            for (ChannelFlow each : flow.of(new Known(group))) {
                double[] wanted = expected.get(each.value());
                factor = factor == 0 ? each.gradients()[0] / wanted[0] : factor;
                for (int channel = 0; channel < WIDTH; channel++) {
                    assertThat(each.gradients()[channel] / wanted[channel] / factor)
                            .as(each.value())
                            .isCloseTo(1, within(1e-3));
                }
                found++;
            }
        }
        assertThat(found).isEqualTo(layers - 1);
    }

    /** A group of which only the classes are known. */
    private record Known(Group group) implements ClassedGroup {

        @Override
        public String name() {
            return group.name();
        }

        @Override
        public int size() {
            return group.channels().size();
        }

        @Override
        public List<ParameterAxis> axes() {
            return List.of();
        }

        @Override
        public int[] slices(int channel, int axis) {
            throw new IndexOutOfBoundsException(axis);
        }

        @Override
        public int[] classes() {
            return group.channels().stream()
                    .mapToInt(channel -> channel.classes()[0])
                    .toArray();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Tensor> flow(Graph graph) {
        return (Map<String, Tensor>) evidence(graph, Evidence.SYNAPTIC_FLOW);
    }

    private static Object evidence(Graph graph, Evidence<?> kind) {
        SumLoss loss = new SumLoss();
        return new EvidenceCollector(
                        graph,
                        TestingAnalysis.of(graph).coupling(),
                        Optional.empty(),
                        Map.of("batch", 1L, "N", 1L),
                        Optional.of(new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of()))),
                        new OnnxExecutor(),
                        new TestingRunContext(1),
                        1)
                .collect(Set.of(kind))
                .get(kind);
    }
}
