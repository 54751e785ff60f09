package io.espalier.adapter.onnx.store;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.StringStringEntryProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntToLongFunction;

/** Turns tensor messages of every storage form into tensors that are read in blocks. */
final class TensorDecoder {

    private final Path file;
    private final ModelImage image;
    private final ExternalFiles external;

    TensorDecoder(Path file, ModelImage image, ExternalFiles external) {
        this.file = file;
        this.image = image;
        this.external = external;
    }

    /**
     * The tensor in a message.
     *
     * @param name what to call the tensor when it is broken
     * @throws InvalidInputException when its type is not supported, its shape impossible, or its data missing, short or
     *     unsafe to read
     */
    Tensor decode(TensorProto message, String name) {
        DataType type = DataType.ofOnnxNumber(message.getDataType())
                .orElseThrow(() -> broken(
                        name,
                        "has element type " + OnnxTypes.describe(message.getDataType())
                                + ", which Espalier cannot read"));
        if (message.hasSegment()) {
            throw broken(name, "is stored in segments, which Espalier cannot read; save the model anew");
        }
        List<Long> shape = List.copyOf(message.getDimsList());
        long size = size(shape, type, name);
        if (message.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            OptionalInt replaced = TensorFields.marker(message);
            return replaced.isPresent()
                    ? stored(image.payload(replaced.getAsInt()), type, shape, size, name)
                    : external(message, type, shape, size, name);
        }
        OptionalInt marker = TensorFields.marker(message);
        if (marker.isPresent()) {
            return stored(image.payload(marker.getAsInt()), type, shape, size, name);
        }
        return inline(message, type, shape, size, name);
    }

    private Tensor stored(Payload payload, DataType type, List<Long> shape, long size, String name) {
        if (payload instanceof Payload.Raw raw) {
            return raw.tensor();
        }
        Payload.Range range = (Payload.Range) payload;
        if (range.field() != TensorFields.RAW_DATA && range.field() != typedField(type)) {
            throw broken(name, "has element type " + type + " but no data of that type");
        }
        boolean fixedWidth = range.field() == TensorFields.RAW_DATA || type.isFloating() && type.bytes() >= Float.BYTES;
        if (!fixedWidth) {
            Tensor tensor = VarintTensor.open(type, shape, size, range);
            if (tensor == null) {
                throw broken(name, "of shape " + shape + " does not hold " + size + " numbers");
            }
            return tensor;
        }
        checkBytes(range.length(), size * type.bytes(), shape, type, name);
        return new FileTensor(type, shape, range.channel(), range.offset());
    }

    private Tensor inline(TensorProto message, DataType type, List<Long> shape, long size, String name) {
        if (message.hasRawData()) {
            ByteString raw = message.getRawData();
            checkBytes(raw.size(), size * type.bytes(), shape, type, name);
            return Tensors.of(type, shape, raw.asReadOnlyByteBuffer());
        }
        return switch (typedField(type)) {
            case TensorFields.FLOAT_DATA -> {
                checkCount(message.getFloatDataCount(), size, shape, name);
                float[] values = new float[message.getFloatDataCount()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = message.getFloatData(i);
                }
                yield Tensors.floats(shape, values);
            }
            case TensorFields.DOUBLE_DATA -> {
                checkCount(message.getDoubleDataCount(), size, shape, name);
                double[] values = new double[message.getDoubleDataCount()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = message.getDoubleData(i);
                }
                yield Tensors.fromDoubles(type, shape, values);
            }
            case TensorFields.INT64_DATA -> {
                checkCount(message.getInt64DataCount(), size, shape, name);
                yield integers(type, shape, message.getInt64DataCount(), message::getInt64Data);
            }
            case TensorFields.UINT64_DATA -> {
                checkCount(message.getUint64DataCount(), size, shape, name);
                yield integers(type, shape, message.getUint64DataCount(), message::getUint64Data);
            }
            default -> {
                checkCount(message.getInt32DataCount(), size, shape, name);
                yield integers(type, shape, message.getInt32DataCount(), message::getInt32Data);
            }
        };
    }

    private static Tensor integers(DataType type, List<Long> shape, int count, IntToLongFunction element) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(count, type.bytes()));
        ByteBuffer one = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            VarintTensor.putBits(type, one, element.applyAsLong(i));
            bytes.put(one.array(), 0, type.bytes());
        }
        return Tensors.of(type, shape, bytes.flip());
    }

    /** The field that holds elements of a type when they are not raw. */
    private static int typedField(DataType type) {
        return switch (type) {
            case FLOAT32 -> TensorFields.FLOAT_DATA;
            case FLOAT64 -> TensorFields.DOUBLE_DATA;
            case INT64 -> TensorFields.INT64_DATA;
            case UINT32, UINT64 -> TensorFields.UINT64_DATA;
            default -> TensorFields.INT32_DATA;
        };
    }

    private Tensor external(TensorProto message, DataType type, List<Long> shape, long size, String name) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : message.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        String location = entries.getOrDefault("location", "");
        FileChannel channel = external.open(location, Quoted.name(name));
        long offset = number(entries, "offset", 0, name);
        long needed = size * type.bytes();
        long length = number(entries, "length", needed, name);
        checkBytes(length, needed, shape, type, name);
        try {
            if (offset > channel.size() - length) {
                throw broken(
                        name,
                        "needs bytes " + offset + " to " + (offset + length) + " of external data file "
                                + Quoted.name(location) + ", which has " + channel.size() + "; copy the file again");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FileTensor(type, shape, channel, offset);
    }

    private long number(Map<String, String> entries, String key, long otherwise, String name) {
        String text = entries.get(key);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, together with negative numbers.
        }
        throw broken(name, "has external data " + key + " " + Quoted.name(text) + ", which is not a number of bytes");
    }

    private long size(List<Long> shape, DataType type, String name) {
        long size = 1;
        try {
            for (long extent : shape) {
                if (extent < 0) {
                    throw broken(name, "has the impossible shape " + shape);
                }
                size = Math.multiplyExact(size, extent);
            }
            Math.multiplyExact(size, (long) type.bytes());
            return size;
        } catch (ArithmeticException e) {
            throw broken(name, "has the impossible shape " + shape);
        }
    }

    private void checkBytes(long found, long expected, List<Long> shape, DataType type, String name) {
        if (found != expected) {
            throw broken(
                    name, "of shape " + shape + " and type " + type + " needs " + expected + " bytes but has " + found);
        }
    }

    private void checkCount(long found, long expected, List<Long> shape, String name) {
        if (found != expected) {
            throw broken(name, "of shape " + shape + " needs " + expected + " elements but has " + found);
        }
    }

    private InvalidInputException broken(String name, String what) {
        return new InvalidInputException(file + ": tensor " + Quoted.name(name) + " " + what);
    }
}
