package io.espalier.adapter.onnx.store;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Encodes a model image, copying payloads from where they lie; the opposite of {@link ImageReader}. */
final class ImageWriter {

    private final ModelImage image;
    private final byte[] skeleton;
    /** Expanded sizes of nested messages in the order in which they begin. */
    private final Queue<Long> sizes = new ArrayDeque<>();

    ImageWriter(ModelImage image) {
        this.image = image;
        this.skeleton = image.proto().toByteArray();
    }

    /** Number of bytes that {@link #write} will write. */
    long size() throws IOException {
        List<Long> collected = new ArrayList<>();
        long total = measure(MessageKind.MODEL, CodedInputStream.newInstance(skeleton), collected);
        sizes.clear();
        sizes.addAll(collected);
        return total;
    }

    /** Writes the model. */
    void write(WritableByteChannel target) throws IOException {
        size();
        BufferedOutput out = new BufferedOutput(target);
        emit(MessageKind.MODEL, 0, skeleton.length, out);
        out.flush();
    }

    private long measure(MessageKind kind, CodedInputStream in, List<Long> collected) throws IOException {
        long total = 0;
        while (!in.isAtEnd()) {
            int before = in.getTotalBytesRead();
            int tag = in.readTag();
            MessageKind child = childOf(kind, tag);
            if (child != null) {
                int length = in.readRawVarint32();
                int limit = in.pushLimit(length);
                int slot = collected.size();
                collected.add(0L);
                long nested = measure(child, in, collected);
                collected.set(slot, nested);
                in.popLimit(limit);
                total += CodedOutputStream.computeUInt32SizeNoTag(tag) + lengthSize(nested) + nested;
            } else if (isMarker(kind, tag)) {
                Payload payload = image.payload(in.readUInt32());
                total += CodedOutputStream.computeTagSize(payload.field())
                        + lengthSize(payload.length())
                        + payload.length();
            } else {
                in.skipField(tag);
                total += in.getTotalBytesRead() - before;
            }
        }
        return total;
    }

    private void emit(MessageKind kind, int start, int end, BufferedOutput out) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(skeleton, start, end - start);
        Payload waiting = kind == MessageKind.TENSOR ? findPayload(start, end) : null;
        while (!in.isAtEnd()) {
            int from = start + in.getTotalBytesRead();
            int tag = in.readTag();
            // Data goes where its field number belongs, as every serialiser of ONNX files writes it.
            if (waiting != null && WireFormat.getTagFieldNumber(tag) > waiting.field()) {
                emit(waiting, out);
                waiting = null;
            }
            MessageKind child = childOf(kind, tag);
            if (child != null) {
                int length = in.readRawVarint32();
                int at = start + in.getTotalBytesRead();
                writeHeader(tag, sizes.remove(), out);
                emit(child, at, at + length, out);
                in.skipRawBytes(length);
            } else if (isMarker(kind, tag)) {
                in.skipField(tag);
            } else {
                in.skipField(tag);
                out.write(skeleton, from, start + in.getTotalBytesRead() - from);
            }
        }
    }

    private Payload findPayload(int start, int end) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(skeleton, start, end - start);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (isMarker(MessageKind.TENSOR, tag)) {
                return image.payload(in.readUInt32());
            }
            in.skipField(tag);
        }
        return null;
    }

    private static void emit(Payload payload, BufferedOutput out) throws IOException {
        writeHeader(payload.field() << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED, payload.length(), out);
        payload.copyTo(out);
    }

    private static void writeHeader(int tag, long length, BufferedOutput out) throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out, 32);
        coded.writeUInt32NoTag(tag);
        coded.writeUInt64NoTag(length);
        coded.flush();
    }

    private static MessageKind childOf(MessageKind kind, int tag) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
                ? kind.child(WireFormat.getTagFieldNumber(tag))
                : null;
    }

    private static boolean isMarker(MessageKind kind, int tag) {
        return kind == MessageKind.TENSOR && WireFormat.getTagFieldNumber(tag) == TensorFields.MARKER;
    }

    private static int lengthSize(long length) {
        return CodedOutputStream.computeUInt64SizeNoTag(length);
    }
}
