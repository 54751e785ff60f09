package io.espalier.adapter.onnx.store;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.StringStringEntryProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.file.Sha256;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Moves tensors of a model under construction into one file of external data. Used once. */
final class ExternalWriter {

    /** Runtimes map large tensors into memory, which needs page boundaries. */
    private static final int PAGE_BYTES = 4096;
    /** Tensors below this stay in the model when only its size makes external data necessary. */
    private static final int WORTHWHILE_BYTES = 1024;

    private final Function<TensorProto, Tensor> tensors;
    private final boolean everything;
    private final BufferedOutput out;
    private final MessageDigest digest;
    private final List<TensorProto.Builder> moved = new ArrayList<>();
    private final Map<List<StringStringEntryProto>, Long> offsets = new HashMap<>();

    /**
     * A writer.
     *
     * @param tensors decodes tensor messages
     * @param everything whether large initializers move too that are not external so far
     * @param target takes the data
     */
    ExternalWriter(Function<TensorProto, Tensor> tensors, boolean everything, WritableByteChannel target) {
        this.tensors = tensors;
        this.everything = everything;
        this.out = new BufferedOutput(new Digesting(target));
        this.digest = Sha256.digest();
    }

    /** Whether a model has external tensors. */
    static boolean isNeeded(ModelProto.Builder model) {
        boolean[] found = {false};
        new TensorVisitor(tensor -> found[0] |= isExternal(tensor), tensor -> found[0] |= isExternal(tensor))
                .visit(model);
        return found[0];
    }

    /** Writes the data of all tensors that belong outside. */
    void write(ModelProto.Builder model) throws IOException {
        try {
            new TensorVisitor(
                            tensor -> {
                                if (isExternal(tensor) || everything && isWorthwhile(tensor)) {
                                    move(tensor);
                                }
                            },
                            tensor -> {
                                if (isExternal(tensor)) {
                                    move(tensor);
                                }
                            })
                    .visit(model);
            out.flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A name for the data: the same for the same content, so that no two models overwrite each other's data. */
    String name(String modelName) {
        return modelName + "." + HexFormat.of().formatHex(digest.digest()).substring(0, 12) + ".data";
    }

    /** Makes the moved tensors refer to the file's final name. */
    void setLocation(String location) {
        for (TensorProto.Builder tensor : moved) {
            tensor.getExternalDataBuilder(0).setValue(location);
        }
    }

    private static boolean isExternal(TensorProto.Builder tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    }

    private boolean isWorthwhile(TensorProto.Builder tensor) {
        return DataType.ofOnnxNumber(tensor.getDataType())
                .map(type -> tensor.getDimsList().stream().reduce((long) type.bytes(), (a, b) -> a * b))
                .filter(bytes -> bytes >= WORTHWHILE_BYTES)
                .isPresent();
    }

    private void move(TensorProto.Builder message) {
        TensorProto before = message.build();
        Tensor tensor = tensors.apply(before);
        // Tensors that share a place in the source go on sharing one.
        boolean shared =
                before.getExternalDataCount() > 0 && TensorFields.marker(before).isEmpty();
        Long known = shared ? offsets.get(before.getExternalDataList()) : null;
        long offset = known == null ? append(tensor) : known;
        if (shared) {
            offsets.put(before.getExternalDataList(), offset);
        }
        TensorFields.clearData(message);
        message.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .clearExternalData()
                .addExternalData(entry("location", ""))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(tensor.byteSize())));
        moved.add(message);
    }

    private long append(Tensor tensor) {
        try {
            long alignment = tensor.byteSize() >= PAGE_BYTES ? PAGE_BYTES : Long.BYTES;
            out.write(new byte[(int) (-out.position() & (alignment - 1))]);
            long offset = out.position();
            out.write(tensor);
            return offset;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** Digests what passes. */
    private final class Digesting implements WritableByteChannel {

        private final WritableByteChannel target;

        Digesting(WritableByteChannel target) {
            this.target = target;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            ByteBuffer written = bytes.duplicate();
            int count = target.write(bytes);
            digest.update(written.limit(written.position() + count));
            return count;
        }

        @Override
        public boolean isOpen() {
            return target.isOpen();
        }

        @Override
        public void close() {
            // The channel belongs to whoever opened it.
        }
    }
}
