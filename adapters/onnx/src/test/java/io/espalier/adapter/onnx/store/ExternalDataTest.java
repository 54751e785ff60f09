package io.espalier.adapter.onnx.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.StringStringEntryProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.TypeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.adapter.support.OutputChannels;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalDataTest {

    private static final Tensor WEIGHT = Tensors.floats(Tensors.shape(4, 2), 1, 2, 3, 4, 5, 6, 7, 8);

    @TempDir
    Path root;

    private Path folder;
    private Path file;

    @BeforeEach
    void data() throws IOException {
        folder = Files.createDirectory(root.resolve("model"));
        file = folder.resolve("model.onnx");
        byte[] bytes = new byte[32];
        Tensors.toBytes(WEIGHT).get(bytes);
        Files.write(folder.resolve("weights.bin"), bytes);
        Files.write(root.resolve("outside.bin"), bytes);
    }

    private Path save(String... entries) throws IOException {
        TensorProto.Builder weight =
                TensorProto.newBuilder().setName("w").setDataType(1).addDims(4).addDims(2);
        weight.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        for (int i = 0; i < entries.length; i += 2) {
            weight.addExternalData(
                    StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
        }
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
        model.addOpsetImportBuilder().setDomain("").setVersion(17);
        model.getGraphBuilder()
                .setName("g")
                .addInitializer(weight)
                .addInitializer(weight.clone().setName("shared"))
                .addInput(value("x", 2, 4))
                .addOutput(ValueInfoProto.newBuilder().setName("y"));
        model.getGraphBuilder()
                .addNodeBuilder()
                .setOpType("MatMul")
                .addInput("x")
                .addInput("w")
                .addOutput("h");
        model.getGraphBuilder()
                .addNodeBuilder()
                .setOpType("Transpose")
                .addInput("shared")
                .addOutput("t");
        model.getGraphBuilder()
                .addNodeBuilder()
                .setOpType("MatMul")
                .addInput("h")
                .addInput("t")
                .addOutput("y");
        return Files.write(file, model.build().toByteArray());
    }

    private static ValueInfoProto value(String name, long... dims) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(1);
        Arrays.stream(dims)
                .forEach(dim -> tensor.getShapeBuilder().addDimBuilder().setDimValue(dim));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static double[] run(Path file) {
        try (Model model = new OnnxAdapter().open(file);
                Runner runner = model.runner()) {
            Tensor x = Tensors.floats(Tensors.shape(2, 4), 1, 0, 0, 0, 0, 1, 0, 0);
            return Tensors.toDoubles(runner.run(Map.of("x", x)).get("y"));
        }
    }

    @Test
    void digestAndSizeCoverTheData() throws IOException {
        save("location", "weights.bin");
        String before;
        try (Model model = new OnnxAdapter().open(file)) {
            before = model.digest();
            assertThat(model.byteSize()).isEqualTo(Files.size(file) + 32);
            assertThat(before).matches("[0-9a-f]{64}");
        }
        byte[] bytes = Files.readAllBytes(folder.resolve("weights.bin"));
        bytes[31] ^= 1;
        Files.write(folder.resolve("weights.bin"), bytes);
        try (Model model = new OnnxAdapter().open(file)) {
            assertThat(model.digest()).isNotEqualTo(before);
        }
    }

    @Test
    void writesANewDataFileBesideTheTarget() throws IOException {
        save("location", "weights.bin");
        Path target = Files.createDirectory(root.resolve("out")).resolve("copy.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(target, List.of(), Map.of());
        }
        List<Path> written = files(target.getParent());
        assertThat(written).hasSize(2);
        assertThat(written.get(1).getFileName().toString()).matches("copy\\.onnx\\.[0-9a-f]{12}\\.data");
        assertThat(Files.size(written.get(1))).as("shared data is written once").isEqualTo(32);
        assertThat(run(target)).isEqualTo(run(file));
    }

    @Test
    void replacesTheOpenFileWithoutTouchingItsData() throws IOException {
        save("location", "weights.bin", "offset", "0", "length", "32");
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(
                    file,
                    List.of(new Edit.Keep("w", 1, new int[] {1}), new Edit.Keep("shared", 1, new int[] {1})),
                    Map.of());
        }
        assertThat(files(folder)).hasSize(3);
        assertThat(run(file)).containsExactly(4, 8, 12, 16, 8, 16, 24, 32);
        assertThat(Files.size(folder.resolve("weights.bin"))).isEqualTo(32);
        byte[] once = Files.readAllBytes(file);
        save("location", "weights.bin", "offset", "0", "length", "32");
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(
                    file,
                    List.of(new Edit.Keep("w", 1, new int[] {1}), new Edit.Keep("shared", 1, new int[] {1})),
                    Map.of());
        }
        assertThat(Files.readAllBytes(file)).as("same edits, same bytes").isEqualTo(once);
        assertThat(files(folder)).hasSize(3);
    }

    @Test
    void modelsTooLargeForOneFileGetADataFile() throws IOException {
        Path inline = folder.resolve("inline.onnx");
        Tensor large = Tensors.of(DataType.FLOAT32, List.of(500L, 4L), ByteBuffer.allocate(8000));
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
        model.addOpsetImportBuilder().setDomain("").setVersion(17);
        TensorProto.Builder weight = TensorProto.newBuilder().setName("w");
        ModelImage.Additions payloads = ModelImage.empty();
        payloads.store(weight, large);
        TensorProto.Builder small = TensorProto.newBuilder().setName("s");
        payloads.store(small, Tensors.vector(1));
        model.getGraphBuilder().addInitializer(weight).addInitializer(small);
        new ModelWriter(OutputChannels.FILES, 4000).write(payloads.image(model.build()), Optional.empty(), inline);
        try (ModelSource source = ModelSource.open(inline)) {
            List<TensorProto> tensors = source.image().proto().getGraph().getInitializerList();
            assertThat(tensors)
                    .extracting(TensorProto::getDataLocation)
                    .containsExactly(TensorProto.DataLocation.EXTERNAL, TensorProto.DataLocation.DEFAULT);
            assertThat(Tensors.toBytes(source.tensor(tensors.get(0), "w"))).isEqualTo(Tensors.toBytes(large));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.bin",
                "sub/../../outside.bin",
                "/etc/passwd",
                "C:\\weights.bin",
                "\\\\host\\share",
                "",
                "link.bin",
                "linked/outside.bin",
                "..\\outside.bin"
            })
    void locationsOutsideTheFolderAreRefused(String location) throws IOException {
        Files.createSymbolicLink(folder.resolve("link.bin"), root.resolve("outside.bin"));
        Files.createSymbolicLink(folder.resolve("linked"), root);
        save("location", location);
        assertThatThrownBy(() -> new OnnxAdapter().open(file).close())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("only files in")
                .hasMessageContaining("'w'");
    }

    @ParameterizedTest
    @CsvSource({
        "offset, 8, 'has 32'",
        "offset, -1, 'not a number of bytes'",
        "offset, 99999999999999999999, 'not a number of bytes'",
        "offset, 9223372036854775807, 'has 32'",
        "length, 31, 'needs 32 bytes'",
        "length, many, 'not a number of bytes'",
        "location, gone.bin, 'missing'",
        "location, ., 'missing'"
    })
    void dataThatIsNotThereIsRefused(String key, String value, String says) throws IOException {
        if (key.equals("location")) {
            save("location", value);
        } else {
            save("location", "weights.bin", key, value);
        }
        assertThatThrownBy(() -> new OnnxAdapter().open(file).close())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(says)
                .hasMessageContaining("'w'");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.sorted().toList();
        }
    }
}
