package io.espalier.adapter.onnx.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Numbers that stand for texts: equal for equal texts, and different for different ones but for chance. */
final class TextDigest {

    private TextDigest() {}

    /** The first 52 bits of the SHA-256 of a text: a number that single steps of double precision tell apart. */
    static long of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() >>> 12;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
