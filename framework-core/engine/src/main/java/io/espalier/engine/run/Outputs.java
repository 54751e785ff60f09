package io.espalier.engine.run;

import io.espalier.events.Events;
import io.espalier.events.v1.SavedKind;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the results of a run go.
 *
 * @param model the pruned model
 * @param plan the plan beside it
 * @param journal the events beside it
 * @param report the report beside it
 */
public record Outputs(Path model, Path plan, Path journal, Path report) {

    /** The places for an output model. */
    public static Outputs of(Path model) {
        String name = model.getFileName() == null ? "" : model.getFileName().toString();
        return new Outputs(
                model,
                model.resolveSibling(name + ".plan.json"),
                model.resolveSibling(name + ".events"),
                model.resolveSibling(name + ".report.json"));
    }

    /** Makes sure that files can lie there, before any work is done. */
    void check() {
        for (Path file : List.of(model, plan, journal, report)) {
            check(file);
        }
    }

    static void check(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || Files.isDirectory(file)) {
            throw new OutputException("The output " + file + " is a folder; give the name of a file in it.", null);
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new OutputException(
                    "The output " + file + " is a device or a pipe, and would be replaced by a file; name a file.",
                    null);
        }
        if (!Files.isDirectory(parent)) {
            throw new OutputException(
                    "The output " + file + " cannot be written: " + parent
                            + (Files.exists(parent) ? " is not a folder." : " does not exist; make the folder first."),
                    null);
        }
    }

    /** Writes a result and reports it as an event. */
    static void save(SavedKind kind, Path target, byte[] content, Events events) {
        write(target, content);
        events.emit(OutcomeMessages.saved(kind, target, Digests.sha256(content), content.length));
    }

    /**
     * Writes a file beside its place and moves it there, so that it is whole or not there.
     *
     * @throws OutputException when that is not possible
     */
    public static void write(Path target, byte[] content) {
        check(target);
        Path folder = folderBeside(target);
        try {
            Path file = folder.resolve(target.getFileName());
            Files.write(file, content);
            move(file, target);
        } catch (IOException e) {
            throw unwritable(target, e);
        } finally {
            deleteFolder(folder);
        }
    }

    /** A new folder for temporary files, on the same file system as the target. */
    static Path folderBeside(Path target) {
        try {
            return Files.createTempDirectory(target.toAbsolutePath().getParent(), ".espalier-");
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    static OutputException unwritable(Path target, IOException e) {
        return new OutputException("The output " + target + " cannot be written: " + reason(e) + ".", e);
    }

    /** Moves a file into place, atomically where the file system can; a link stays, what it points to is replaced. */
    static void move(Path from, Path to) throws IOException {
        Path place = Files.exists(to) ? to.toRealPath() : to;
        try {
            Files.move(from, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A left-over temporary file is hidden and named as such; the result itself is not affected.
            file.toFile().deleteOnExit();
        }
    }

    /** Deletes a folder of temporary files. */
    static void deleteFolder(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(Outputs::delete);
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
            return;
        }
        delete(folder);
    }
}
