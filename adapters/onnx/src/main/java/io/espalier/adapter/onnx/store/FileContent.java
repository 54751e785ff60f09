package io.espalier.adapter.onnx.store;

import io.espalier.adapter.support.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the first bytes of a file look like. */
public enum FileContent {
    /** The beginning of a protobuf message with the fields of a model. */
    MODEL,
    /** Printable characters. */
    TEXT,
    /** Neither. */
    OTHER;

    private static final int HEAD_BYTES = 4096;
    private static final int MAX_IR_VERSION = 100;

    /** Wire type of every field of a model message, by number. */
    private static final Map<Integer, Integer> MODEL_FIELDS = Map.of(
            1, WireReader.VARINT,
            2, WireReader.LENGTH_DELIMITED,
            3, WireReader.LENGTH_DELIMITED,
            4, WireReader.LENGTH_DELIMITED,
            5, WireReader.VARINT,
            6, WireReader.LENGTH_DELIMITED,
            7, WireReader.LENGTH_DELIMITED,
            8, WireReader.LENGTH_DELIMITED);

    static FileContent of(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, channel.size()));
        FileBytes.read(channel, 0, head);
        return of(head.array());
    }

    /** Judges the first bytes of a file. */
    public static FileContent of(byte[] head) {
        if (startsLikeModel(head)) {
            return MODEL;
        }
        return isText(head) ? TEXT : OTHER;
    }

    private static boolean startsLikeModel(byte[] head) {
        // Serialisers write fields in the order of their numbers: the version of the format comes first.
        if (head.length < 4 || head[0] != 0x08 || head[1] < 1 || head[1] > MAX_IR_VERSION) {
            return false;
        }
        Integer wire = MODEL_FIELDS.get((head[2] & 0xFF) >>> 3);
        return wire != null && wire == (head[2] & 7);
    }

    private static boolean isText(byte[] head) {
        for (byte octet : head) {
            if (octet >= 0 && octet < ' ' && octet != '\n' && octet != '\r' && octet != '\t' && octet != '\f') {
                return false;
            }
        }
        try {
            // The last character of the head may be cut in two.
            int end = head.length == HEAD_BYTES ? HEAD_BYTES - 3 : head.length;
            while (end > 0 && end < head.length && (head[end] & 0xC0) == 0x80) {
                end--;
            }
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head, 0, end));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
