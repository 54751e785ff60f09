package io.espalier.adapter.dl4j;

import io.espalier.spi.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a file of Keras is recognised by. Apart from {@link KerasFile}, because every file that is opened is looked at, and
 * the JVM opens the libraries of DL4J to check that class.
 */
final class KerasSignature {

    /** The attribute that holds the configuration of a model. */
    static final String CONFIGURATION = "model_config";

    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};

    private KerasSignature() {}

    static boolean isHdf5(byte[] head) {
        return head.length >= SIGNATURE.length
                && Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    static boolean isHdf5(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return isHdf5(in.readNBytes(SIGNATURE.length));
        } catch (IOException e) {
            throw new InvalidInputException("The file " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Whether the name of the attribute that holds the configuration stands anywhere in a file. */
    static boolean namesConfiguration(Path file) {
        byte[] name = CONFIGURATION.getBytes(StandardCharsets.US_ASCII);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            int matched = 0;
            for (int next = in.read(); next >= 0 && matched < name.length; next = in.read()) {
                matched = next == name[matched] ? matched + 1 : next == name[0] ? 1 : 0;
            }
            return matched == name.length;
        } catch (IOException e) {
            // Odd content is another adapter's or nobody's.
            return false;
        }
    }
}
