package io.espalier.engine.reprove;

import io.espalier.spi.file.Sha256;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** SHA-256 of the type, the shape and the elements of a tensor, read block by block. */
public final class TensorDigest {

    private static final int BLOCK_BYTES = 1 << 16;

    private TensorDigest() {}

    /** The digest in lower-case hexadecimal. */
    public static String of(Tensor tensor) {
        MessageDigest digest = Sha256.digest();
        digest.update((tensor.type() + " " + tensor.shape()).getBytes(StandardCharsets.UTF_8));
        int width = tensor.type().bytes();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (long start = 0; start < tensor.size(); start += BLOCK_BYTES / width) {
            int bytes = (int) Math.min(BLOCK_BYTES / width, tensor.size() - start) * width;
            tensor.read(start, block.clear().limit(bytes));
            digest.update(block.flip());
        }
        return Sha256.hexadecimal(digest);
    }
}
