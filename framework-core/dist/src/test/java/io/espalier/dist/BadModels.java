package io.espalier.dist;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Damages the example network in the ways that files are damaged. */
final class BadModels {

    private static final int FLOAT_BYTES = 4;

    private final Path folder;

    BadModels(Path folder) {
        this.folder = folder;
    }

    Path truncated() {
        byte[] whole = example();
        return write("truncated.onnx", Arrays.copyOf(whole, whole.length / 2));
    }

    Path randomBytes() {
        byte[] bytes = new byte[4096];
        new Random(7).nextBytes(bytes);
        return write("random.onnx", bytes);
    }

    Path text() {
        return write("text.onnx", "This is no model.\n".getBytes(StandardCharsets.UTF_8));
    }

    Path empty() {
        return write("empty.onnx", new byte[0]);
    }

    Path cyclic() {
        return edited("cyclic.onnx", graph -> {
            String last = graph.getNode(graph.getNodeCount() - 1).getOutput(0);
            graph.getNodeBuilder(1).setInput(0, last);
        });
    }

    Path externalDataMissing() {
        return edited("missing-data.onnx", graph -> external(firstWeight(graph), "no-such-file.bin", 0));
    }

    Path externalDataShort() {
        write("short.bin", new byte[16]);
        return edited("short-data.onnx", graph -> external(firstWeight(graph), "short.bin", 0));
    }

    Path externalDataOutside() {
        write("secret.bin", new byte[1 << 20]);
        Path inner = folder.resolve("inner");
        try {
            Files.createDirectories(inner);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return edited("inner/outside.onnx", graph -> external(firstWeight(graph), "../secret.bin", 0));
    }

    Path unknownType() {
        return edited("type.onnx", graph -> firstWeight(graph).setDataType(99));
    }

    Path duplicateNames() {
        return edited("duplicate.onnx", graph -> graph.addNode(graph.getNode(0)));
    }

    Path notANumber() {
        return edited("nan.onnx", graph -> fill(firstWeight(graph), Float.NaN));
    }

    Path infinite() {
        return edited("infinite.onnx", graph -> fill(firstWeight(graph), Float.POSITIVE_INFINITY));
    }

    /** A weight without elements, where the others say there should be some. */
    Path zeroSized() {
        return edited("zero.onnx", graph -> {
            TensorProto.Builder weight = firstWeight(graph);
            weight.setDims(0, 0).setRawData(ByteString.EMPTY).clearFloatData();
        });
    }

    /** A Dropout in training before the last operator; its mask is read, too, or not. */
    Path dropsAtRandom(boolean maskIsRead) {
        return edited("random-" + maskIsRead + ".onnx", graph -> {
            NodeProto.Builder last = graph.getNodeBuilder(graph.getNodeCount() - 1);
            String x = last.getInput(0);
            graph.addInitializer(TensorProto.newBuilder()
                    .setName("drop.training")
                    .setDataType(TensorProto.DataType.BOOL_VALUE)
                    .addInt32Data(1));
            NodeProto.Builder drop = node("Dropout", "dropped", x, "", "drop.training");
            last.setInput(0, maskIsRead ? "masked" : "dropped");
            NodeProto head = last.build();
            graph.removeNode(graph.getNodeCount() - 1);
            if (maskIsRead) {
                graph.addNode(drop.addOutput("mask"));
                graph.addNode(node("Where", "masked", "mask", "dropped", x));
            } else {
                graph.addNode(drop);
            }
            graph.addNode(head);
        });
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static TensorProto.Builder firstWeight(GraphProto.Builder graph) {
        return graph.getInitializerBuilderList().stream()
                .filter(tensor -> tensor.getDimsCount() == 4)
                .findFirst()
                .orElseThrow();
    }

    private static void external(TensorProto.Builder tensor, String location, long offset) {
        tensor.clearRawData().clearFloatData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
        tensor.addExternalDataBuilder().setKey("location").setValue(location);
        tensor.addExternalDataBuilder().setKey("offset").setValue(Long.toString(offset));
    }

    private static void fill(TensorProto.Builder tensor, float value) {
        long elements = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
        ByteBuffer bytes = ByteBuffer.allocate((int) elements * FLOAT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        tensor.clearFloatData().setRawData(ByteString.copyFrom(bytes.flip()));
    }

    private Path edited(String name, Consumer<GraphProto.Builder> damage) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(example()).toBuilder();
            damage.accept(model.getGraphBuilder());
            return write(name, model.build().toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] example() {
        try {
            return Files.readAllBytes(Launcher.example("fashion-resnet20.onnx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
