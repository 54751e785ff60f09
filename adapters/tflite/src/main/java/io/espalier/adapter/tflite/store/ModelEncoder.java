package io.espalier.adapter.tflite.store;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.ToIntFunction;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.Metadata;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.SignatureDef;
import org.tensorflow.lite.schema.SubGraph;

/** Packs a model into the bytes of a file; equal models give equal bytes. */
public final class ModelEncoder {

    /** What the interpreter's kernels expect of a buffer's place in the file. */
    private static final int BUFFER_ALIGNMENT = 16;

    private static final String IDENTIFIER = "TFL3";
    private static final int FRAMING_BYTES = 1 << 16;

    private ModelEncoder() {}

    /** The bytes of the file. */
    public static ByteBuffer encode(NativeModel model) {
        long payload = model.buffers().stream().mapToLong(Payload::size).sum();
        FlatBufferBuilder builder = new FlatBufferBuilder(Math.toIntExact(payload + FRAMING_BYTES));
        int buffers = vector(builder, model.buffers(), each -> buffer(builder, each));
        int codes = vector(builder, model.codes(), each -> OperatorCode.pack(builder, each));
        int subgraphs = vector(builder, model.subgraphs(), each -> SubGraph.pack(builder, each));
        int description = model.description() == null ? 0 : builder.createString(model.description());
        int metadata = optional(builder, model.metadata(), each -> Metadata.pack(builder, each));
        int signatures = optional(builder, model.signatures(), each -> SignatureDef.pack(builder, each));
        int numbers = model.metadataBuffers().length == 0
                ? 0
                : Model.createMetadataBufferVector(builder, model.metadataBuffers());
        int root = Model.createModel(
                builder, model.version(), codes, subgraphs, description, buffers, numbers, metadata, signatures);
        builder.finish(root, IDENTIFIER);
        return builder.dataBuffer();
    }

    private static int buffer(FlatBufferBuilder builder, Payload payload) {
        int data = 0;
        if (payload.size() > 0) {
            ByteBuffer bytes = payload.bytes();
            builder.createUnintializedVector(1, bytes.remaining(), BUFFER_ALIGNMENT)
                    .put(bytes);
            data = builder.endVector();
        }
        return Buffer.createBuffer(builder, data);
    }

    private static <T> int optional(FlatBufferBuilder builder, List<T> elements, ToIntFunction<T> pack) {
        return elements.isEmpty() ? 0 : vector(builder, elements, pack);
    }

    private static <T> int vector(FlatBufferBuilder builder, List<T> elements, ToIntFunction<T> pack) {
        return builder.createVectorOfTables(elements.stream().mapToInt(pack).toArray());
    }
}
