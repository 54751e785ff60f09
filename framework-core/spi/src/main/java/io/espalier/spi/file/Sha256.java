package io.espalier.spi.file;

import io.espalier.spi.Stability;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java runtime has, in lower-case hexadecimal. Thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Sha256 {

    private Sha256() {}

    /** The digest of a few bytes. */
    public static String of(byte[] content) {
        MessageDigest digest = digest();
        digest.update(content);
        return hexadecimal(digest);
    }

    /** A digest of what will be fed to it. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The digest of what was fed, after which it starts anew. */
    public static String hexadecimal(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
