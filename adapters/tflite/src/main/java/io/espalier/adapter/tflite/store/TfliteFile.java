package io.espalier.adapter.tflite.store;

import io.espalier.adapter.support.FileBytes;
import io.espalier.adapter.support.PendingFile;
import io.espalier.spi.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/** An open {@code .tflite} file. Payloads are read from it while it is open. Not thread-safe, except for payloads. */
public final class TfliteFile implements AutoCloseable {

    /** A FlatBuffer cannot be larger. */
    private static final long LARGEST = (1L << 31) - 64;
    /** Numbers at the end of a broken table are read a little too far. */
    private static final int SLACK = 16;

    private final PositionalFile file;

    private TfliteFile(PositionalFile file) {
        this.file = file;
    }

    /**
     * Opens a file and checks its size and identifier.
     *
     * @throws InvalidInputException when it is not a TFLite model
     */
    public static TfliteFile open(Path path) {
        PositionalFile file = PositionalFile.open(path);
        try {
            checkHead(file);
            return new TfliteFile(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void checkHead(PositionalFile file) {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(8, file.size()));
        file.read(0, head);
        if (!isTflite(head.flip())) {
            throw new InvalidInputException(file.path()
                    + " is not a TFLite model: it does not carry the identifier TFL3 at byte 4. Name a .tflite file.");
        }
        if (file.size() > LARGEST) {
            throw new InvalidInputException("The TFLite model " + file.path() + " has " + file.size()
                    + " bytes; files of 2 GB and more keep weights outside of the model, which is not supported.");
        }
    }

    /** Whether a file that starts like this is a TFLite model. */
    public static boolean isTflite(ByteBuffer head) {
        return StructureCheck.hasIdentifier(head);
    }

    /**
     * Decodes the model; every call makes objects of its own.
     *
     * @throws InvalidInputException when the file is damaged, or of a kind that is not supported
     */
    public NativeModel decode() {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size() + SLACK).order(ByteOrder.LITTLE_ENDIAN);
        file.read(0, bytes.limit((int) file.size()));
        bytes.clear();
        Optional<String> newer = StructureCheck.check(file.path(), bytes, (int) file.size());
        NativeModel model = ModelDecoder.decode(bytes, file);
        MeaningCheck.check(file.path(), model);
        SupportCheck.check(file.path(), model);
        newer.ifPresent(field -> {
            throw new InvalidInputException("The TFLite model " + file.path() + " uses " + field
                    + " that is newer than Espalier's schema; writing the file would lose it."
                    + " Convert the model with an older converter.");
        });
        return model;
    }

    /** All bytes, read while the file is open. */
    public Payload content() {
        return Payload.in(file, 0, (int) file.size());
    }

    public long byteSize() {
        return file.size();
    }

    /** SHA-256 of the file in lower-case hexadecimal. */
    public String digest() {
        return file.digest();
    }

    /**
     * Writes a model: beside the target first, then moved into place.
     *
     * @throws InvalidInputException when that cannot be done; then nothing that existed has changed
     */
    public static void write(NativeModel model, Path target) {
        ByteBuffer bytes = ModelEncoder.encode(model);
        PendingFile.replace(target, channel -> FileBytes.write(channel, bytes));
    }

    @Override
    public void close() {
        file.close();
    }
}
