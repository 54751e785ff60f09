package io.espalier.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Standard output that remembers why it could not be written. A reader that has seen enough, such as {@code head}, is no
 * failure: it is answered as other programs do, quietly and with the code of the signal for it. Not thread-safe.
 */
final class StandardOutput extends OutputStream {

    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

    private final OutputStream stream;
    private Optional<IOException> failure = Optional.empty();

    StandardOutput(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            stream.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure.or(() -> Optional.of(e));
            throw e;
        }
    }

    /** Why something could not be written; empty when all was, or when whoever reads it has closed it. */
    Optional<String> trouble() {
        return failure.filter(e -> !isClosed(e)).map(e -> String.valueOf(e.getMessage()));
    }

    /** Whether whoever reads it has closed it before the end. */
    boolean isClosed() {
        return failure.filter(this::isClosed).isPresent();
    }

    /** The system says it in words only, in the user's language; where it shows what the output is, that counts. */
    private boolean isClosed(IOException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe") || isPipe();
    }

    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(DESCRIPTOR).toString().startsWith("pipe:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
