package io.espalier.adapter.tflite.store;

import io.espalier.spi.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.DimensionMetadataT;
import org.tensorflow.lite.schema.DimensionType;
import org.tensorflow.lite.schema.Int32VectorT;
import org.tensorflow.lite.schema.SparseIndexVectorUnion;
import org.tensorflow.lite.schema.SparsityParametersT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.Uint16VectorT;
import org.tensorflow.lite.schema.Uint8VectorT;

/**
 * Fills in the zeros that a sparse tensor leaves out.
 *
 * <p>Its axes, with blocks of them as further axes, form levels in a given order; a level lists all positions or, for each
 * entry of the level above, the positions that are stored.
 */
public final class SparseTensors {

    private final SparsityParametersT sparsity;
    private final int[] shape;
    private final int width;
    private final ByteBuffer values;
    private final ByteBuffer dense;
    private final int[] positions;
    private final int[] blocks;

    private SparseTensors(TensorT tensor, int width, ByteBuffer values) {
        this.sparsity = tensor.getSparsity();
        this.shape = tensor.getShape();
        this.width = width;
        this.values = values;
        int size = Arrays.stream(shape).reduce(width, Math::multiplyExact);
        this.dense = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        this.positions = new int[sparsity.getDimMetadata().length];
        this.blocks = new int[shape.length];
        Arrays.fill(blocks, 1);
        for (int i = 0; i < sparsity.getBlockMap().length; i++) {
            blocks[sparsity.getBlockMap()[i]] = sparsity.getDimMetadata()[shape.length + i].getDenseSize();
        }
    }

    /** The dense elements; empty when the description does not fit the tensor. */
    public static Optional<Payload> densify(TensorT tensor, DataType type, Payload stored) {
        if (!isConsistent(tensor)) {
            return Optional.empty();
        }
        SparseTensors work = new SparseTensors(tensor, type.bytes(), stored.bytes());
        return work.fill(0, 0) && !work.values.hasRemaining()
                ? Optional.of(Payload.of(work.dense.rewind()))
                : Optional.empty();
    }

    private static boolean isConsistent(TensorT tensor) {
        SparsityParametersT sparsity = tensor.getSparsity();
        int levels = sparsity.getDimMetadata().length;
        int rank = tensor.getShape().length;
        int[] sorted = sparsity.getTraversalOrder().clone();
        Arrays.sort(sorted);
        boolean ordered = sorted.length == levels && levels == rank + sparsity.getBlockMap().length;
        for (int i = 0; ordered && i < levels; i++) {
            ordered = sorted[i] == i;
        }
        return ordered
                && Arrays.stream(sparsity.getBlockMap()).allMatch(axis -> axis >= 0 && axis < rank)
                && IntStream.range(0, levels).allMatch(level -> fits(tensor, level));
    }

    /** Whether a level that lists all positions has as many as its axis, or its block. */
    private static boolean fits(TensorT tensor, int level) {
        SparsityParametersT sparsity = tensor.getSparsity();
        int rank = tensor.getShape().length;
        int axis = sparsity.getTraversalOrder()[level];
        int size = sparsity.getDimMetadata()[level].getDenseSize();
        if (axis >= rank) {
            return sparsity.getDimMetadata()[axis].getDenseSize() > 0 && level >= rank;
        }
        int blocks = 1;
        for (int i = 0; i < sparsity.getBlockMap().length; i++) {
            if (sparsity.getBlockMap()[i] == axis) {
                blocks *= Math.max(1, sparsity.getDimMetadata()[rank + i].getDenseSize());
            }
        }
        return sparsity.getDimMetadata()[level].getFormat() != DimensionType.DENSE
                || (long) size * blocks == tensor.getShape()[axis];
    }

    private boolean fill(int level, int parent) {
        if (level == positions.length) {
            return put();
        }
        DimensionMetadataT metadata = sparsity.getDimMetadata()[level];
        if (metadata.getFormat() == DimensionType.DENSE) {
            boolean fits = true;
            for (int i = 0; fits && i < metadata.getDenseSize(); i++) {
                positions[level] = i;
                fits = fill(level + 1, parent * metadata.getDenseSize() + i);
            }
            return fits;
        }
        int[] segments = numbers(metadata.getArraySegments());
        int[] indices = numbers(metadata.getArrayIndices());
        if (parent + 1 >= segments.length || segments[parent] < 0 || segments[parent + 1] > indices.length) {
            return false;
        }
        boolean fits = true;
        for (int i = segments[parent]; fits && i < segments[parent + 1]; i++) {
            positions[level] = indices[i];
            fits = fill(level + 1, i);
        }
        return fits;
    }

    /** Takes the next stored value to its place. */
    private boolean put() {
        int[] place = new int[shape.length];
        for (int level = 0; level < positions.length; level++) {
            int axis = sparsity.getTraversalOrder()[level];
            if (axis < shape.length) {
                place[axis] += positions[level] * blocks[axis];
            } else {
                place[sparsity.getBlockMap()[axis - shape.length]] += positions[level];
            }
        }
        int index = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (place[axis] < 0 || place[axis] >= shape[axis]) {
                return false;
            }
            index = index * shape[axis] + place[axis];
        }
        if (values.remaining() < width) {
            return false;
        }
        for (int i = 0; i < width; i++) {
            dense.put(index * width + i, values.get());
        }
        return true;
    }

    private static int[] numbers(SparseIndexVectorUnion union) {
        Object value = union == null ? null : union.getValue();
        if (value instanceof Int32VectorT vector) {
            return vector.getValues();
        }
        if (value instanceof Uint16VectorT vector) {
            return vector.getValues();
        }
        return value instanceof Uint8VectorT vector ? vector.getValues() : new int[0];
    }
}
