package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.spi.Stability;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of examples, or some of them.
 *
 * @param file the file
 * @param part the part of a split that depends on the seed of the run and on the number of examples only
 * @param most examples taken of the part, at least 1, chosen by the seed; empty takes all
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record DataFile(Path file, Part part, OptionalInt most) {

    private static final Path SYNTHETIC = Path.of("synthetic");
    private static final Pattern SUFFIX = Pattern.compile("(.+):(train|valid|[1-9][0-9]{0,8})", Pattern.DOTALL);

    /** A part of a file. The parts {@link #TRAIN} and {@link #VALID} share no example. */
    public enum Part {
        ALL,
        /** Four fifths of the examples. */
        TRAIN,
        /** A fifth of the examples, rounded down, at least one. */
        VALID
    }

    public DataFile {
        if (most.isPresent() && most.getAsInt() < 1) {
            throw new IllegalArgumentException("at most " + most.getAsInt() + " examples are none");
        }
    }

    /** A whole file. */
    public static DataFile of(Path file) {
        return new DataFile(file, Part.ALL, OptionalInt.empty());
    }

    /**
     * Reads {@code FILE}, {@code FILE:train}, {@code FILE:valid}, {@code FILE:N} and {@code FILE:train:N}. A file whose whole
     * name is the text is meant by it, so names that end like that can be used.
     *
     * @throws InputRefusedException when the text is no name of a file
     */
    public static DataFile parse(String text) {
        String name = text;
        OptionalInt most = OptionalInt.empty();
        Part part = Part.ALL;
        Matcher suffix = SUFFIX.matcher(name);
        if (suffix.matches()
                && !exists(name)
                && Character.isDigit(suffix.group(2).charAt(0))) {
            most = OptionalInt.of(Integer.parseInt(suffix.group(2)));
            name = suffix.group(1);
            suffix = SUFFIX.matcher(name);
        }
        if (suffix.matches()
                && !exists(name)
                && !Character.isDigit(suffix.group(2).charAt(0))) {
            part = suffix.group(2).equals("train") ? Part.TRAIN : Part.VALID;
            name = suffix.group(1);
        }
        try {
            return new DataFile(Path.of(name), part, most);
        } catch (InvalidPathException e) {
            throw new InputRefusedException(Reason.REQUEST, "'" + name + "' is no name of a file: " + e.getReason(), e);
        }
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            // Where a colon is not allowed in names, what follows it is no part of one.
            return false;
        }
    }

    /** Whether the word {@code synthetic} stands in place of a file; a file of that name is {@code ./synthetic}. */
    boolean isSynthetic() {
        return file.equals(SYNTHETIC);
    }

    /** Whether both can hold the same example, when they are of one file. */
    boolean overlaps(DataFile other) {
        return part == Part.ALL || other.part == Part.ALL || part == other.part;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String split = part == Part.ALL ? "" : ":" + part.name().toLowerCase(Locale.ROOT);
        return file + split + (most.isPresent() ? ":" + most.getAsInt() : "");
    }
}
