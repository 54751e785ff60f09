package io.espalier.adapter.onnx.store;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.adapter.onnx.proto.ModelProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes a model file without its large tensor payloads: walks the wire format, copies everything else into a small
 * message, and notes where each payload lies.
 */
final class ImageReader {

    private static final int MAX_DEPTH = 90;

    private final FileChannel channel;
    private final WireReader wire;
    private final List<Payload> payloads = new ArrayList<>();

    private ImageReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.wire = new WireReader(channel);
    }

    /**
     * Decodes a file.
     *
     * @throws java.io.EOFException when the file ends inside a message
     * @throws MalformedWireException when the bytes are not protobuf
     * @throws InvalidProtocolBufferException when they are protobuf, but not of a model
     */
    static ModelImage read(FileChannel channel) throws IOException {
        ImageReader reader = new ImageReader(channel);
        ByteArrayOutputStream skeleton = new ByteArrayOutputStream();
        reader.message(MessageKind.MODEL, reader.wire.size(), skeleton, 0);
        return new ModelImage(ModelProto.parseFrom(skeleton.toByteArray()), reader.payloads);
    }

    private void message(MessageKind kind, long end, ByteArrayOutputStream out, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new MalformedWireException("messages nested more than " + MAX_DEPTH + " deep", wire.position());
        }
        Map<Integer, Integer> occurrences = kind == MessageKind.TENSOR ? countDataFields(end) : Map.of();
        while (wire.position() < end) {
            long start = wire.position();
            int tag = wire.readTag();
            int field = tag >>> 3;
            boolean delimited = (tag & 7) == WireReader.LENGTH_DELIMITED;
            MessageKind child = delimited ? kind.child(field) : null;
            if (child != null) {
                long length = wire.readLength(end);
                ByteArrayOutputStream nested = new ByteArrayOutputStream();
                message(child, wire.position() + length, nested, depth + 1);
                appendDelimited(out, tag, nested);
                continue;
            }
            wire.skip(tag & 7, end);
            if (delimited
                    && occurrences.getOrDefault(field, 0) == 1
                    && wire.position() - start >= ModelImage.INLINE_BYTES) {
                appendMarker(out, payload(field, start));
            } else {
                wire.copy(start, wire.position(), out);
            }
        }
    }

    /** A field may be spread over several pieces; then its data stays in the message. */
    private Map<Integer, Integer> countDataFields(long end) throws IOException {
        long start = wire.position();
        Map<Integer, Integer> occurrences = new HashMap<>();
        while (wire.position() < end) {
            int tag = wire.readTag();
            if (tag >>> 3 == TensorFields.MARKER) {
                throw new MalformedWireException("a tensor with field " + TensorFields.MARKER, wire.position());
            }
            if (TensorFields.isData(tag >>> 3)) {
                occurrences.merge(tag >>> 3, 1, Integer::sum);
            }
            wire.skip(tag & 7, end);
        }
        wire.seek(start);
        return occurrences;
    }

    private int payload(int field, long start) throws IOException {
        long end = wire.position();
        wire.seek(start);
        wire.readTag();
        long length = wire.readLength(end);
        payloads.add(new Payload.Range(field, channel, wire.position(), length));
        wire.seek(end);
        return payloads.size() - 1;
    }

    private static void appendMarker(ByteArrayOutputStream out, int payload) throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        coded.writeUInt32(TensorFields.MARKER, payload);
        coded.flush();
    }

    private static void appendDelimited(ByteArrayOutputStream out, int tag, ByteArrayOutputStream nested)
            throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out, 16);
        coded.writeUInt32NoTag(tag);
        coded.writeUInt32NoTag(nested.size());
        coded.flush();
        nested.writeTo(out);
    }
}
