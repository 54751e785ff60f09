package io.espalier.report;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models that other tools made, in a text file: a line of names, then one for each model. Its columns, which tabs separate, are the tool,
 * and the shares of the MACs, of the parameters and of the examples that are kept, left and right, each from 0 to 1.
 */
final class PointsFile {

    private static final List<String> COLUMNS = List.of("tool", "macs", "parameters", "accuracy");
    private static final long MOST_BYTES = 1 << 20;
    private static final String FORM = "; a line is the tool, macs, parameters and accuracy, separated by tabs,"
            + " the last three as shares from 0 to 1";

    private final Path file;
    private final Map<String, List<TradeOff>> tools = new LinkedHashMap<>();

    private PointsFile(Path file) {
        this.file = file;
    }

    /**
     * A curve for each tool, in the order of the file.
     *
     * @throws IOException when the file cannot be read or a line is none; with a sentence for people
     */
    static List<TradeOffCurve> read(Path file) throws IOException {
        PointsFile read = new PointsFile(file);
        List<String> lines = lines(file);
        if (lines.isEmpty() || !columns(lines.get(0)).equals(COLUMNS)) {
            throw new IOException("line 1 of '" + file + "' does not name the columns of a file of points: "
                    + String.join(", ", COLUMNS) + ", separated by tabs");
        }
        for (int number = 2; number <= lines.size(); number++) {
            read.take(number, lines.get(number - 1));
        }
        if (read.tools.isEmpty()) {
            throw new IOException("'" + file + "' holds no point" + FORM);
        }
        List<TradeOffCurve> curves = new ArrayList<>();
        read.tools.forEach((tool, points) -> curves.add(new TradeOffCurve(tool, TradeOffCurve.ACCURACY, true, points)));
        return curves;
    }

    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file of points '" + file + "'");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("'" + file + "' is larger than 1 MiB, so it is no file of points");
        }
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new IOException("'" + file + "' is no text in UTF-8, so it is no file of points", e);
        }
    }

    private static List<String> columns(String line) {
        return List.of(line.split("\t", -1));
    }

    private void take(int number, String line) throws IOException {
        if (line.isBlank()) {
            return;
        }
        List<String> fields = columns(line);
        if (fields.size() != COLUMNS.size()) {
            throw wrong(number, "has " + fields.size() + (fields.size() == 1 ? " column" : " columns"));
        }
        if (fields.get(0).isBlank()) {
            throw wrong(number, "names no tool");
        }
        tools.computeIfAbsent(fields.get(0).strip(), each -> new ArrayList<>())
                .add(new TradeOff("", share(number, fields, 1), share(number, fields, 2), share(number, fields, 3)));
    }

    private double share(int number, List<String> fields, int column) throws IOException {
        double share;
        try {
            share = Double.parseDouble(fields.get(column));
        } catch (NumberFormatException e) {
            share = Double.NaN;
        }
        if (!(share >= 0 && share <= 1)) {
            throw wrong(number, "has '" + fields.get(column) + "' as " + COLUMNS.get(column));
        }
        return share;
    }

    private IOException wrong(int number, String what) {
        return new IOException("line " + number + " of '" + file + "' " + what + FORM);
    }
}
