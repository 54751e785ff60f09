package io.espalier.adapter.onnx.run;

import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How many channels the runtime's convolutions take together on this machine. The runtime does not say it, so it is found out: with
 * the right number a convolution in blocks computes what an ordinary one does.
 */
public final class BlockSize {

    private static final int CHANNELS = 32;
    private static final int SIDE = 8;
    private static final double MOST_DIFFERENCE = 1e-3;

    private BlockSize() {}

    private static final class OfThisMachine {
        static final OptionalInt SIZE =
                IntStream.of(8, 16).filter(BlockSize::isRight).findFirst();
    }

    /** A graph that computes the same, with convolutions in blocks ({@link BlockedConvolutions}) where the runtime has such. */
    public static Graph inBlocks(Graph graph) {
        OptionalInt size = ofThisMachine();
        return size.isPresent() ? BlockedConvolutions.in(graph, size.getAsInt()) : graph;
    }

    /** The number; empty where the runtime has no such convolutions. */
    static OptionalInt ofThisMachine() {
        return OfThisMachine.SIZE;
    }

    private static boolean isRight(int block) {
        Graph plain = convolution();
        float[] wanted = result(plain);
        try {
            float[] got = result(BlockedConvolutions.in(plain, block));
            return IntStream.range(0, wanted.length).allMatch(i -> Math.abs(wanted[i] - got[i]) < MOST_DIFFERENCE);
        } catch (ExecutionException e) {
            return false;
        }
    }

    private static Graph convolution() {
        Node node = Node.of(
                "Conv",
                List.of("images", "weight"),
                List.of("result"),
                Map.of("pads", new Attribute.Ints(List.of(1L, 1L, 1L, 1L))));
        return new Graph(
                "blocks",
                Map.of("images", type(1, CHANNELS, SIDE, SIDE), "weight", type(CHANNELS, CHANNELS, 3, 3)),
                List.of("result"),
                List.of(node),
                Map.of(),
                Map.of("result", type(1, CHANNELS, SIDE, SIDE)));
    }

    private static ValueType type(long... shape) {
        return new ValueType(
                DataType.FLOAT32,
                Optional.of(Arrays.stream(shape)
                        .<Dimension>mapToObj(Dimension.Fixed::new)
                        .toList()));
    }

    private static float[] result(Graph graph) {
        byte[] model;
        try {
            model = ModelWriter.bytes(GraphEncoder.encode(graph));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (OrtRunner runner = OrtSessions.openGraph(model, Settings.DEFAULT, Map.of())) {
            Map<String, Tensor> results = runner.run(
                    Map.of("images", random(1, CHANNELS, SIDE, SIDE), "weight", random(CHANNELS, CHANNELS, 3, 3)));
            return Tensors.toFloats(results.get("result"));
        }
    }

    private static Tensor random(long... shape) {
        Random random = new Random(shape.length + shape[0]);
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.floats(Arrays.stream(shape).boxed().toList(), values);
    }
}
