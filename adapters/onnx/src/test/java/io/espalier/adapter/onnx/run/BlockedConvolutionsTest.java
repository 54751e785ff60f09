package io.espalier.adapter.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockedConvolutionsTest {

    private static final int SIDE = 14;

    @BeforeAll
    static void blocks() {
        assumeTrue(BlockSize.ofThisMachine().isPresent(), "the runtime has no convolutions in blocks here");
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void computesWhatAnOrdinaryConvolutionDoes(long seed) {
        Random random = new Random(seed);
        boolean byChannel = random.nextInt(3) == 0;
        long inputs = 9 + random.nextInt(40);
        Layer layer = new Layer(
                inputs,
                byChannel ? inputs : 9 + random.nextInt(40),
                byChannel,
                new long[] {1 + random.nextInt(3), 2 + random.nextInt(4)},
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                random.nextBoolean());
        Map<String, Tensor> fed = layer.values(random);
        float[] wanted = run(layer.graph(), Purpose.EVALUATION, fed);
        float[] got = run(layer.graph(), Purpose.TRAINING, fed);
        assertThat(got).as("seed %d", seed).hasSameSizeAs(wanted);
        for (int i = 0; i < got.length; i++) {
            assertThat(got[i]).as("seed %d, element %d", seed, i).isCloseTo(wanted[i], within(wanted[i]));
        }
    }

    @Test
    void blocksWindowsWhoseWeightsAreFed() {
        assertThat(operators(graph(16, 16, 3, SIDE))).contains(BlockedConvolutions.DOMAIN + ".Conv");
        assertThat(operators(graph(15, 15, 3, SIDE))).contains("Pad");
    }

    @Test
    void leavesWhereBlocksAreSlower() {
        assertThat(operators(graph(16, 16, 1, SIDE))).as("points").containsExactly("Conv");
        assertThat(operators(graph(3, 16, 3, SIDE))).as("few channels").containsExactly("Conv");
        assertThat(operators(graph(9, 9, 3, SIDE)))
                .as("half of a block is empty")
                .containsExactly("Conv");
        assertThat(operators(graph(16, 16, 3, 4))).as("few columns").containsExactly("Conv");
    }

    @Test
    void leavesWhatIsNotDeclared() {
        Graph graph = graph(16, 16, 3, SIDE).withDeclared(Map.of());
        assertThat(operators(graph)).containsExactly("Conv");
    }

    @Test
    void leavesConstantWeightsToTheRuntime() {
        Graph graph = graph(16, 16, 3, SIDE);
        Tensor weight = Tensors.floats(List.of(16L, 16L, 3L, 3L), new float[16 * 16 * 9]);
        assertThat(operators(graph.withConstants(Map.of("weight", weight)))).containsExactly("Conv");
    }

    /** In blocks of eight, whatever this processor has. */
    private static List<String> operators(Graph graph) {
        return BlockedConvolutions.in(graph, 8).nodes().stream()
                .map(Node::qualifiedOperator)
                .toList();
    }

    private static Graph graph(long inputs, long outputs, long kernel, long side) {
        return new Layer(inputs, outputs, false, new long[] {kernel, kernel}, 1, 1, false).graph(side);
    }

    private static Offset<Float> within(float value) {
        return Offset.offset(1e-3f + 1e-4f * Math.abs(value));
    }

    private static float[] run(Graph graph, Purpose purpose, Map<String, Tensor> fed) {
        try (Session session = new OnnxExecutor().prepare(graph, Settings.of(purpose))) {
            return Tensors.toFloats(session.run(fed).get("result"));
        }
    }

    private record Layer(
            long inputs, long outputs, boolean byChannel, long[] kernel, long stride, long dilation, boolean bias) {

        private static final long EXAMPLES = 2;

        Graph graph() {
            return graph(SIDE);
        }

        Graph graph(long side) {
            Map<String, ValueType> values = new LinkedHashMap<>();
            values.put("images", type(EXAMPLES, inputs, side, side));
            values.put("weight", type(weight()));
            List<String> read = new ArrayList<>(List.of("images", "weight"));
            if (bias) {
                values.put("bias", type(outputs));
                read.add("bias");
            }
            Map<String, Attribute> attributes = new LinkedHashMap<>();
            attributes.put("group", new Attribute.Int(byChannel ? inputs : 1));
            attributes.put("strides", new Attribute.Ints(List.of(stride, stride)));
            attributes.put("dilations", new Attribute.Ints(List.of(dilation, dilation)));
            attributes.put("pads", new Attribute.Ints(List.of(0L, 2L, 1L, 1L)));
            Node node = Node.of("Conv", read, List.of("result"), attributes);
            ValueType result = type(EXAMPLES, outputs, places(side, 0, 1), places(side, 1, 3));
            return new Graph("layer", values, List.of("result"), List.of(node), Map.of(), Map.of("result", result));
        }

        private long places(long side, int axis, long pads) {
            return (side + pads - dilation * (kernel[axis] - 1) - 1) / stride + 1;
        }

        private long[] weight() {
            return new long[] {outputs, byChannel ? 1 : inputs, kernel[0], kernel[1]};
        }

        Map<String, Tensor> values(Random random) {
            Map<String, Tensor> values = new LinkedHashMap<>();
            values.put("images", tensor(random, EXAMPLES, inputs, SIDE, SIDE));
            values.put("weight", tensor(random, weight()));
            if (bias) {
                values.put("bias", tensor(random, outputs));
            }
            return values;
        }

        private static Tensor tensor(Random random, long... shape) {
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return Tensors.floats(Arrays.stream(shape).boxed().toList(), values);
        }

        private static ValueType type(long... shape) {
            return new ValueType(
                    DataType.FLOAT32,
                    Optional.of(Arrays.stream(shape)
                            .<Dimension>mapToObj(Dimension.Fixed::new)
                            .toList()));
        }
    }
}
