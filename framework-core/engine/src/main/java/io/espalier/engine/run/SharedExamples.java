package io.espalier.engine.run;

import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Examples that are in two sets, found by digests of what the model is fed.
 *
 * @param shared different examples that are in both
 * @param known different examples of the set that is not measured on
 */
record SharedExamples(long shared, long known) {

    private static final int ROWS = 32;

    /**
     * Looks for examples that are in both.
     *
     * @param read what channels are chosen with, weights are repaired or trained with, or epochs are chosen with
     * @param data what is measured on
     */
    static SharedExamples between(Batches read, Batches data, RunContext context) {
        Set<ByteBuffer> known = new HashSet<>();
        forEach(read, context, known::add);
        Set<ByteBuffer> shared = new HashSet<>();
        forEach(data, context, digest -> {
            if (known.contains(digest)) {
                shared.add(digest);
            }
        });
        return new SharedExamples(shared.size(), known.size());
    }

    /** A sentence about calibration data that is measured on. */
    String note() {
        return counted("calibration examples")
                + ": measuring on what the weights were repaired with flatters the result.";
    }

    /**
     * The beginning of a sentence.
     *
     * @param which those of the set that is not measured on: {@code "calibration examples"}
     */
    String counted(String which) {
        return shared + " of " + known + " different " + which + " are also in the data";
    }

    private static void forEach(Batches batches, RunContext context, Consumer<ByteBuffer> consumer) {
        for (Batch batch : batches.with(BatchOptions.of(ROWS))) {
            context.checkCancelled();
            MessageDigest[] digests = new MessageDigest[batch.size()];
            for (int row = 0; row < digests.length; row++) {
                digests[row] = sha256();
            }
            batch.inputs().values().forEach(array -> update(digests, array));
            for (MessageDigest digest : digests) {
                consumer.accept(ByteBuffer.wrap(digest.digest()));
            }
        }
    }

    private static void update(MessageDigest[] digests, Tensor array) {
        ByteBuffer bytes = Tensors.toBytes(array);
        int width = bytes.limit() / Math.toIntExact(array.shape().get(0));
        for (int row = 0; row < digests.length; row++) {
            digests[row].update(bytes.duplicate().position(row * width).limit((row + 1) * width));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
