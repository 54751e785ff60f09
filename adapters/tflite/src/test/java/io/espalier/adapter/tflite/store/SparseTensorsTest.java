package io.espalier.adapter.tflite.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.tensor.DataType;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.DimensionMetadataT;
import org.tensorflow.lite.schema.DimensionType;
import org.tensorflow.lite.schema.SparseIndexVector;
import org.tensorflow.lite.schema.SparseIndexVectorUnion;
import org.tensorflow.lite.schema.SparsityParametersT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.Uint8VectorT;

class SparseTensorsTest {

    private static TensorT matrix(int[] order, int[] blockMap, DimensionMetadataT... levels) {
        SparsityParametersT sparsity = new SparsityParametersT();
        sparsity.setTraversalOrder(order);
        sparsity.setBlockMap(blockMap);
        sparsity.setDimMetadata(levels);
        TensorT tensor = new TensorT();
        tensor.setShape(new int[] {4, 4});
        tensor.setSparsity(sparsity);
        return tensor;
    }

    private static DimensionMetadataT dense(int size) {
        DimensionMetadataT level = new DimensionMetadataT();
        level.setFormat(DimensionType.DENSE);
        level.setDenseSize(size);
        return level;
    }

    private static DimensionMetadataT compressed(int[] segments, int... indices) {
        DimensionMetadataT level = new DimensionMetadataT();
        level.setFormat(DimensionType.SPARSE_CSR);
        level.setArraySegments(vector(segments));
        level.setArrayIndices(vector(indices));
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

    private static Optional<Payload> dense(TensorT tensor, int... elements) {
        ByteBuffer stored = ByteBuffer.allocate(elements.length);
        for (int element : elements) {
            stored.put((byte) element);
        }
        return SparseTensors.densify(tensor, DataType.INT8, Payload.of(stored.flip()));
    }

    private static void assertIs(Optional<Payload> payload, int... expected) {
        byte[] bytes = new byte[expected.length];
        payload.orElseThrow().bytes().get(bytes);
        for (int i = 0; i < expected.length; i++) {
            assertThat(bytes[i]).as("element %d of %s", i, bytes).isEqualTo((byte) expected[i]);
        }
    }

    private static final int[] ROWS_FIRST = {0, 1};

    @Test
    @DisplayName("Rows that say which columns they have")
    void rows() {
        TensorT tensor = matrix(ROWS_FIRST, new int[0], dense(4), compressed(new int[] {0, 1, 3, 3, 4}, 2, 0, 3, 1));

        assertIs(dense(tensor, 1, 2, 3, 4), 0, 0, 1, 0, 2, 0, 0, 3, 0, 0, 0, 0, 0, 4, 0, 0);
    }

    @Test
    @DisplayName("Columns first")
    void columns() {
        TensorT tensor = matrix(new int[] {1, 0}, new int[0], dense(4), compressed(new int[] {0, 1, 1, 2, 2}, 2, 0));

        assertIs(dense(tensor, 7, 8), 0, 0, 8, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    @DisplayName("Blocks of two by two, each as a whole")
    void blocks() {
        TensorT tensor = matrix(
                new int[] {0, 1, 2, 3},
                new int[] {0, 1},
                dense(2),
                compressed(new int[] {0, 1, 2}, 1, 0),
                dense(2),
                dense(2));

        assertIs(dense(tensor, 1, 2, 3, 4, 5, 6, 7, 8), 0, 0, 1, 2, 0, 0, 3, 4, 5, 6, 0, 0, 7, 8, 0, 0);
    }

    @Test
    @DisplayName("What contradicts itself is not followed")
    void contradictions() {
        int[] segments = {0, 1, 3, 3, 4};
        assertThat(dense(matrix(ROWS_FIRST, new int[0], dense(4), compressed(segments, 2, 0, 4, 1)), 1, 2, 3, 4))
                .as("a column that is not there")
                .isEmpty();
        assertThat(dense(matrix(ROWS_FIRST, new int[0], dense(4), compressed(segments, 2, 0)), 1, 2, 3, 4))
                .as("too few columns")
                .isEmpty();
        assertThat(dense(
                        matrix(ROWS_FIRST, new int[0], dense(4), compressed(new int[] {0, 4}, 0, 1, 2, 3)), 1, 2, 3, 4))
                .as("too few rows")
                .isEmpty();
        assertThat(dense(matrix(ROWS_FIRST, new int[0], dense(4), compressed(segments, 2, 0, 3, 1)), 1, 2, 3))
                .as("too few elements")
                .isEmpty();
        assertThat(dense(matrix(ROWS_FIRST, new int[0], dense(4), compressed(segments, 2, 0, 3, 1)), 1, 2, 3, 4, 5))
                .as("too many elements")
                .isEmpty();
        assertThat(dense(matrix(ROWS_FIRST, new int[0], dense(3), compressed(segments, 2, 0, 3, 1)), 1, 2, 3, 4))
                .as("another number of rows")
                .isEmpty();
        assertThat(dense(matrix(new int[] {0, 0}, new int[0], dense(4), compressed(segments, 2, 0, 3, 1)), 1, 2, 3, 4))
                .as("an axis twice")
                .isEmpty();
    }
}
