package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.DensifyOptionsT;
import org.tensorflow.lite.schema.DimensionMetadataT;
import org.tensorflow.lite.schema.DimensionType;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.SparseIndexVector;
import org.tensorflow.lite.schema.SparseIndexVectorUnion;
import org.tensorflow.lite.schema.SparsityParametersT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;
import org.tensorflow.lite.schema.Uint8VectorT;

/** Weights whose zeros are left out, as converters store those of sparsely trained networks. */
class SparseWeightsTest {

    private static final long SEED = 11;
    private static final int OUT = 8;
    private static final int IN = 6;
    /** Every third weight of a filter is there. */
    private static final int PRESENT = IN / 3;

    @TempDir
    Path folder;

    @Test
    @DisplayName("What a cut touches is stored as a whole, what it does not stays as it is")
    void prune() {
        TestingTflite model = new TestingTflite(SEED);
        TestingLayers layers = new TestingLayers(model);
        int x = layers.conv(model.input(1, 5, 5, 3), IN);
        int narrow = convolve(model, layers, x, sparse(model));
        int kept = convolve(model, layers, x, sparse(model));
        Path file = model.write(folder, layers.conv(narrow, 4), kept);
        Path target = folder.resolve("pruned.tflite");

        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.graph().nodes()).noneMatch(node -> node.domain().equals("tflite"));
            assertThat(pruner.parity(SEED)).isLessThan(1e-5);
            var group = pruner.groups().stream()
                    .filter(each -> each.channels().size() == OUT)
                    .findFirst()
                    .orElseThrow();
            Verification proof = pruner.prune(Removal.of(group.channels().subList(0, 3)), target);
            assertThat(proof.outcome()).as("%s", proof).isEqualTo(Verification.Outcome.PROVED);
        }

        assertThat(sparseTensors(file)).isEqualTo(2);
        assertThat(sparseTensors(target)).isEqualTo(1);
        try (TestingPruner pruned = TestingPruner.open(target)) {
            assertThat(pruned.parity(SEED)).isLessThan(1e-5);
        }
    }

    private static int convolve(TestingTflite model, TestingLayers layers, int x, int stored) {
        int weights = model.operator(BuiltinOperator.DENSIFY, new DensifyOptionsT(), new int[] {stored}, OUT, 1, 1, IN);
        return layers.convolve(x, weights, model.weights(OUT), 1, Padding.SAME, ActivationFunctionType.NONE);
    }

    private static int sparse(TestingTflite model) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * OUT * PRESENT).order(ByteOrder.LITTLE_ENDIAN);
        int[] segments = new int[OUT + 1];
        int[] indices = new int[OUT * PRESENT];
        for (int i = 0; i < indices.length; i++) {
            bytes.putFloat(i / 4f - 1.5f);
            segments[i / PRESENT + 1] = i + 1;
            indices[i] = i % PRESENT * 3 + i / PRESENT % 3;
        }
        SparsityParametersT sparsity = new SparsityParametersT();
        sparsity.setTraversalOrder(new int[] {0, 1, 2, 3});
        sparsity.setDimMetadata(
                new DimensionMetadataT[] {level(OUT), level(1), level(1), level(vector(segments), vector(indices))});
        int tensor = model.add("sparse", TensorType.FLOAT32, model.buffer(bytes.array()), OUT, 1, 1, IN);
        model.tensor(tensor).setSparsity(sparsity);
        return tensor;
    }

    private static DimensionMetadataT level(int size) {
        DimensionMetadataT level = new DimensionMetadataT();
        level.setFormat(DimensionType.DENSE);
        level.setDenseSize(size);
        return level;
    }

    private static DimensionMetadataT level(SparseIndexVectorUnion segments, SparseIndexVectorUnion indices) {
        DimensionMetadataT level = new DimensionMetadataT();
        level.setFormat(DimensionType.SPARSE_CSR);
        level.setArraySegments(segments);
        level.setArrayIndices(indices);
        return level;
    }

    private static SparseIndexVectorUnion vector(int... numbers) {
        Uint8VectorT values = new Uint8VectorT();
        values.setValues(numbers);
        SparseIndexVectorUnion vector = new SparseIndexVectorUnion();
        vector.setType(SparseIndexVector.Uint8Vector);
        vector.setValue(values);
        return vector;
    }

    private static long sparseTensors(Path file) {
        return Arrays.stream(TestingFiles.decode(file).subgraphs().get(0).getTensors())
                .map(TensorT::getSparsity)
                .filter(Objects::nonNull)
                .count();
    }
}
