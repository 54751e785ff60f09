package io.espalier.engine.run;

import io.espalier.engine.file.FileTrouble;
import io.espalier.events.JournalReader;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

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

    /** Where it is said how the model is to be trained, where it is pruned before training. */
    public Path training() {
        return model.resolveSibling(model.getFileName() + ".training.json");
    }

    /** Where the plan of a cut goes, from 1, where there are several. */
    public Path plan(int cut) {
        return model.resolveSibling(model.getFileName() + ".plan." + cut + ".json");
    }

    /** The record of the search for the target, where there was one. */
    public Path search() {
        return model.resolveSibling(model.getFileName() + ".search.json");
    }

    /** What the model takes at several widths, where a latency is the target. */
    public Path latency() {
        return model.resolveSibling(model.getFileName() + ".latency.json");
    }

    /** From which a training that was interrupted goes on. */
    public Path checkpoint() {
        return model.resolveSibling(model.getFileName() + ".checkpoint");
    }

    /** From which a training after the last cut goes on. */
    Path fineTuneCheckpoint() {
        return model.resolveSibling(model.getFileName() + ".fine-tune.checkpoint");
    }

    /** Deletes the checkpoints: all training has ended. */
    void deleteCheckpoints() {
        delete(checkpoint());
        delete(fineTuneCheckpoint());
    }

    /** The plans of cuts that lie there, from one on. */
    List<Path> plansFrom(int cut) {
        List<Path> found = new ArrayList<>();
        for (int number = cut; Files.exists(plan(number)); number++) {
            found.add(plan(number));
        }
        return found;
    }

    /** Deletes the plans of cuts that an earlier run made and this one did not. */
    void deletePlansFrom(int cut) {
        plansFrom(cut).forEach(Outputs::delete);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Where the journal of the results goes when a later run to the same place failed. */
    Path previousJournal() {
        return model.resolveSibling(model.getFileName() + ".previous.events");
    }

    /** Makes sure that files can lie there, before any work is done. */
    void check() {
        for (Path file : List.of(model, plan, journal, report)) {
            check(file);
        }
        checkLink(journal);
    }

    /** A journal is emptied when a run begins; what a link points to may be anything. */
    private static void checkLink(Path journal) {
        try {
            boolean other = Files.isSymbolicLink(journal)
                    && Files.exists(journal)
                    && Files.size(journal) > 0
                    && JournalReader.read(journal).events().isEmpty();
            if (other) {
                throw new OutputException(
                        "The journal " + journal + " is a link to " + journal.toRealPath()
                                + ", which is no journal and would be overwritten; remove the link.",
                        null);
            }
        } catch (IOException e) {
            throw unwritable(journal, e);
        }
    }

    /**
     * Makes sure that a file can lie there.
     *
     * @throws OutputException when it cannot
     */
    public static void check(Path file) {
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
        return FileTrouble.reason(e);
    }
}
