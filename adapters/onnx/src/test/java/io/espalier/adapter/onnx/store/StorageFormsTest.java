package io.espalier.adapter.onnx.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.StringStringEntryProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every element type in every storage form, small enough to stay in the message and large enough to stay in the file. */
class StorageFormsTest {

    private static final long SEED = 99;
    private static final int SMALL = 6;
    private static final int LARGE = 40_000;

    @TempDir
    Path folder;

    private enum Form {
        RAW,
        TYPED,
        EXTERNAL
    }

    @TestFactory
    Stream<DynamicTest> readsAndWritesBack() {
        List<DynamicTest> tests = new ArrayList<>();
        for (DataType type : DataType.values()) {
            for (Form form : Form.values()) {
                for (int size : new int[] {0, SMALL, LARGE}) {
                    tests.add(
                            DynamicTest.dynamicTest(type + " " + form + " of " + size, () -> check(type, form, size)));
                }
            }
        }
        return tests.stream();
    }

    private void check(DataType type, Form form, int size) throws IOException {
        Tensor expected = random(type, size);
        Path file = folder.resolve("model.onnx");
        Files.write(file, model(message(expected, form)).toByteArray());
        try (ModelSource source = ModelSource.open(file)) {
            Tensor read = source.tensor(source.image().proto().getGraph().getInitializer(0), "w");
            assertThat(read.type()).isEqualTo(type);
            assertThat(read.shape()).isEqualTo(expected.shape());
            assertThat(Tensors.toBytes(read)).isEqualTo(Tensors.toBytes(expected));
            if (size > 10) {
                ByteBuffer middle = ByteBuffer.allocate(7 * type.bytes());
                read.read(size / 3, middle);
                assertThat(middle.flip())
                        .isEqualTo(Tensors.toBytes(expected).slice(size / 3 * type.bytes(), 7 * type.bytes()));
            }
            Path copy = folder.resolve("copy.onnx");
            new ModelWriter().write(source.image(), Optional.of(source), copy);
            if (form != Form.EXTERNAL) {
                assertThat(copy).hasSameBinaryContentAs(file);
            }
            try (ModelSource again = ModelSource.open(copy)) {
                Tensor twice = again.tensor(again.image().proto().getGraph().getInitializer(0), "w");
                assertThat(Tensors.toBytes(twice)).isEqualTo(Tensors.toBytes(expected));
            }
        }
    }

    private static Tensor random(DataType type, int size) {
        byte[] bytes = new byte[size * type.bytes()];
        new Random(SEED).nextBytes(bytes);
        if (type == DataType.BOOL) {
            for (int i = 0; i < size; i++) {
                bytes[i] &= 1;
            }
        }
        return Tensors.of(type, List.of((long) size / 2, 2L), ByteBuffer.wrap(bytes));
    }

    private TensorProto message(Tensor tensor, Form form) throws IOException {
        TensorProto.Builder message = TensorProto.newBuilder()
                .setName("w")
                .setDataType(tensor.type().onnxNumber())
                .addAllDims(tensor.shape());
        ByteBuffer bytes = Tensors.toBytes(tensor);
        switch (form) {
            case RAW -> message.setRawData(ByteString.copyFrom(bytes));
            case TYPED -> {
                for (int i = 0; i < tensor.size(); i++) {
                    addTyped(message, tensor.type(), bytes, i);
                }
            }
            case EXTERNAL -> {
                byte[] padded = new byte[5 + bytes.remaining()];
                bytes.get(padded, 5, bytes.remaining());
                Files.write(folder.resolve("weights.bin"), padded);
                message.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", "weights.bin"))
                        .addExternalData(entry("offset", "5"));
            }
        }
        return message.build();
    }

    private static void addTyped(TensorProto.Builder message, DataType type, ByteBuffer bytes, int i) {
        switch (type) {
            case FLOAT32 -> message.addFloatData(bytes.getFloat(i * 4));
            case FLOAT64 -> message.addDoubleData(bytes.getDouble(i * 8));
            case INT64 -> message.addInt64Data(bytes.getLong(i * 8));
            case UINT32, UINT64 -> message.addUint64Data(Elements.getLong(type, bytes, i));
            case FLOAT16, BFLOAT16 -> message.addInt32Data(bytes.getShort(i * 2) & 0xFFFF);
            default -> message.addInt32Data((int) Elements.getLong(type, bytes, i));
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static ModelProto model(TensorProto tensor) {
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
        model.addOpsetImportBuilder().setDomain("").setVersion(17);
        model.getGraphBuilder().setName("g").addInitializer(tensor);
        return model.build();
    }

    @Test
    void piecesOfOneFieldArePutTogether() throws IOException {
        Tensor tensor = random(DataType.FLOAT32, LARGE);
        TensorProto whole = message(tensor, Form.TYPED);
        TensorProto head = TensorProto.newBuilder(whole)
                .clearFloatData()
                .addAllFloatData(whole.getFloatDataList().subList(0, 9000))
                .build();
        TensorProto tail = TensorProto.newBuilder()
                .addAllFloatData(whole.getFloatDataList().subList(9000, LARGE))
                .build();
        TensorProto pieces = TensorProto.newBuilder(head).build();
        byte[] bytes = pieces.toByteString().concat(tail.toByteString()).toByteArray();
        ModelProto model = model(TensorProto.getDefaultInstance());
        // Written by hand: protobuf-java would join the pieces.
        ByteString graph =
                ByteString.copyFromUtf8("*").concat(varint(bytes.length)).concat(ByteString.copyFrom(bytes));
        ByteString file = model.toBuilder()
                .clearGraph()
                .build()
                .toByteString()
                .concat(ByteString.copyFromUtf8(":"))
                .concat(varint(graph.size()))
                .concat(graph);
        Path path = folder.resolve("pieces.onnx");
        Files.write(path, file.toByteArray());
        try (ModelSource source = ModelSource.open(path)) {
            Tensor read = source.tensor(source.image().proto().getGraph().getInitializer(0), "w");
            assertThat(Tensors.toBytes(read)).isEqualTo(Tensors.toBytes(tensor));
        }
    }

    private static ByteString varint(int value) throws IOException {
        ByteString.Output out = ByteString.newOutput();
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        coded.writeUInt32NoTag(value);
        coded.flush();
        return out.toByteString();
    }

    @TestFactory
    Stream<DynamicTest> dataThatDoesNotFitTheShapeIsRefused() {
        return Stream.of(DataType.values())
                .flatMap(type -> Stream.of(Form.RAW, Form.TYPED)
                        .flatMap(form -> Stream.of(SMALL, LARGE)
                                .map(size -> DynamicTest.dynamicTest(type + " " + form + " of " + size, () -> {
                                    TensorProto message = message(random(type, size), form);
                                    for (long extent : new long[] {size / 2 - 1, size / 2 + 1, -3, Long.MAX_VALUE}) {
                                        Path file = folder.resolve("model.onnx");
                                        Files.write(
                                                file,
                                                model(message.toBuilder()
                                                                .setDims(0, extent)
                                                                .build())
                                                        .toByteArray());
                                        assertRefused(file);
                                    }
                                }))));
    }

    private static void assertRefused(Path file) {
        try (ModelSource source = ModelSource.open(file)) {
            assertThatThrownBy(() ->
                            source.tensor(source.image().proto().getGraph().getInitializer(0), "w"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'w'");
        }
    }

    @Test
    void unknownFieldsSurvive() throws IOException {
        ModelProto model = model(message(random(DataType.FLOAT32, LARGE), Form.RAW));
        UnknownFieldSet extra = UnknownFieldSet.newBuilder()
                .addField(777, UnknownFieldSet.Field.newBuilder().addVarint(42).build())
                .build();
        ModelProto.Builder changed = model.toBuilder().setUnknownFields(extra);
        changed.getGraphBuilder()
                .setUnknownFields(extra)
                .getInitializerBuilder(0)
                .setUnknownFields(extra);
        Path file = folder.resolve("model.onnx");
        Files.write(file, changed.build().toByteArray());
        Path copy = folder.resolve("copy.onnx");
        try (ModelSource source = ModelSource.open(file)) {
            new ModelWriter().write(source.image(), Optional.of(source), copy);
        }
        assertThat(copy).hasSameBinaryContentAs(file);
    }
}
