package io.espalier.plugin.allocators;

import io.espalier.plugin.allocators.LossCurve.Point;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The table that {@code espalier sensitivity --curves} writes: a line for each cut, with the group, its channels, those kept, and what is lost. */
final class SensitivityCurves {

    private static final String HEAD = "group\tchannels\tkept\tlost";
    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,20})?([eE][+-]?\\d{1,3})?");

    private SensitivityCurves() {}

    /** The cuts of each group by its name, with fewer and fewer channels kept; the cut of all channels loses {@code 1}. */
    static Map<String, List<Point>> read(Path file) {
        List<String> lines = lines(file);
        if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
            throw wrong(file, "it does not begin with the names of its columns");
        }
        Map<String, List<Point>> cuts = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] parts = line.split("\t", -1);
            if (parts.length != 4
                    || !COUNT.matcher(parts[1]).matches()
                    || !COUNT.matcher(parts[2]).matches()
                    || !NUMBER.matcher(parts[3]).matches()) {
                throw wrong(file, "one of its lines is " + Quoted.name(line));
            }
            double removed = Integer.parseInt(parts[1]) - Integer.parseInt(parts[2]);
            cuts.computeIfAbsent(parts[0], name -> new ArrayList<>())
                    .add(new Point(removed, Double.parseDouble(parts[3])));
        }
        cuts.values().forEach(points -> points.sort(Comparator.comparingDouble(Point::removed)));
        return cuts;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw wrong(file, "it cannot be read as text");
        }
    }

    private static InvalidInputException wrong(Path file, String why) {
        return new InvalidInputException("option 'curves' of allocator 'sensitivity' names "
                + Quoted.name(file.toString()) + ", which 'espalier sensitivity --curves' has not written: " + why);
    }
}
