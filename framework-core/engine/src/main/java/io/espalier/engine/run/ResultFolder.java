package io.espalier.engine.run;

import io.espalier.spi.file.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The hidden folder beside an output in which a run prepares its results, so that they change together or not at all.
 *
 * <p>While a run has the folder no other can write to the same output. Results are collected in it; {@link #commit} gives
 * the collection its final name in one step and then moves each file into place. Whoever comes next after a run that was
 * killed finishes the moves when that step was done, and deletes what was prepared when it was not. The journal is written
 * in its place from the start, for those who follow it; the one before is kept until the results have changed. Not
 * thread-safe.
 */
public final class ResultFolder implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final String PREPARED = "prepared";
    private static final String COMMITTED = "committed";
    private static final String JOURNAL = "journal";

    private final Path folder;
    private final Outputs outputs;
    private final FileChannel channel;

    private ResultFolder(Outputs outputs, Path folder, FileChannel channel) {
        this.outputs = outputs;
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the folder of an output, and settles what an earlier run left in it.
     *
     * @throws OutputException when another run has it, or it cannot be made
     */
    static ResultFolder claim(Outputs outputs) {
        try {
            ResultFolder claimed = lock(outputs)
                    .orElseThrow(() -> new OutputException(
                            "Another run is writing to " + outputs.model()
                                    + "; wait until it has ended, or give another output.",
                            null));
            claimed.settle();
            Files.createDirectories(claimed.folder.resolve(PREPARED));
            claimed.keepJournal();
            return claimed;
        } catch (IOException e) {
            throw Outputs.unwritable(outputs.model(), e);
        }
    }

    /**
     * Finishes or undoes what a killed run left half done, unless a run has the folder. Whoever reads results does that first.
     *
     * @throws OutputException when that is not possible
     */
    public static void settle(Outputs outputs) {
        if (!Files.isDirectory(folder(outputs))) {
            return;
        }
        try {
            Optional<ResultFolder> found = lock(outputs);
            if (found.isPresent()) {
                found.get().settle();
                found.get().close();
            }
        } catch (IOException e) {
            throw Outputs.unwritable(outputs.model(), e);
        }
    }

    private static Path folder(Outputs outputs) {
        return outputs.model()
                .toAbsolutePath()
                .resolveSibling(".espalier-" + outputs.model().getFileName());
    }

    private static Optional<ResultFolder> lock(Outputs outputs) throws IOException {
        Path folder = folder(outputs);
        while (true) {
            Files.createDirectories(folder);
            FileChannel channel;
            try {
                channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            } catch (NoSuchFileException deletedMeanwhile) {
                continue;
            }
            FileLock lock = lock(channel);
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            // The run before may have deleted the file between opening and locking; then the lock holds nobody back.
            if (Files.exists(folder.resolve(LOCK))) {
                return Optional.of(new ResultFolder(outputs, folder, channel));
            }
            channel.close();
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private void settle() throws IOException {
        finish();
        restoreJournal();
        for (Path left : list(folder)) {
            if (!left.getFileName().toString().equals(LOCK)) {
                FileTree.delete(left);
            }
        }
    }

    /** A new folder for a model that may become a result. */
    public Path stage() {
        try {
            return Files.createTempDirectory(folder, "stage-");
        } catch (IOException e) {
            throw Outputs.unwritable(outputs.model(), e);
        }
    }

    /** Takes all files of a staged model into the results. */
    public void take(Path stage) {
        try {
            for (Path file : list(stage)) {
                Files.move(file, folder.resolve(PREPARED).resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw Outputs.unwritable(outputs.model(), e);
        }
    }

    /** Deletes what is left of a staged model. */
    void discard(Path stage) {
        try {
            FileTree.delete(stage);
        } catch (IOException e) {
            throw Outputs.unwritable(outputs.model(), e);
        }
    }

    /** Puts a file into place at once, whatever becomes of the run. */
    void replace(Path target, byte[] content) {
        Path stage = stage();
        try {
            Outputs.move(Files.write(stage.resolve(target.getFileName()), content), target);
        } catch (IOException e) {
            throw Outputs.unwritable(target, e);
        }
        discard(stage);
    }

    /** Adds a file to the results, under the name it will have. */
    public void add(Path target, byte[] content) {
        try {
            Files.write(folder.resolve(PREPARED).resolve(target.getFileName()), content);
        } catch (IOException e) {
            throw Outputs.unwritable(target, e);
        }
    }

    /** Puts all results into place. */
    public void commit() {
        try {
            Files.move(folder.resolve(PREPARED), folder.resolve(COMMITTED));
            finish();
        } catch (IOException e) {
            throw Outputs.unwritable(outputs.model(), e);
        }
    }

    private void finish() throws IOException {
        Path committed = folder.resolve(COMMITTED);
        if (!Files.isDirectory(committed)) {
            return;
        }
        Files.deleteIfExists(folder.resolve(JOURNAL));
        for (Path file : list(committed)) {
            Outputs.move(file, outputs.model().toAbsolutePath().resolveSibling(file.getFileName()));
        }
        Files.delete(committed);
    }

    private void keepJournal() throws IOException {
        if (Files.exists(outputs.journal()) && Files.exists(outputs.model())) {
            Files.move(outputs.journal(), folder.resolve(JOURNAL));
        }
    }

    /** The journal of the run whose results stay gets a name of its own beside the journal of the run that failed. */
    private void restoreJournal() throws IOException {
        if (Files.exists(folder.resolve(JOURNAL))) {
            Outputs.move(folder.resolve(JOURNAL), outputs.previousJournal());
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Deletes what was not committed, and gives the folder back. */
    @Override
    public void close() {
        try (channel) {
            settle();
            Files.deleteIfExists(folder.resolve(LOCK));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw Outputs.unwritable(outputs.model(), e);
        }
    }
}
