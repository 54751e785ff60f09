package io.espalier.plugin.csv;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The classes of rows whose labels are words: counted from 0 in the order of the names, or in an order that is given. */
final class ClassCodes {

    private static final int MOST_CLASSES = 10_000;

    private final Map<String, Integer> known = new LinkedHashMap<>();
    private final boolean given;
    private final int[] codes;
    private int rows;

    ClassCodes(List<String> names, long size) {
        names.forEach(each -> known.put(each, known.size()));
        this.given = !names.isEmpty();
        this.codes = new int[Math.toIntExact(size)];
    }

    void add(String name, CsvFile file, long line) {
        if (name.isEmpty()) {
            throw file.refused(line, "has no label");
        }
        Integer code = known.get(name);
        if (code == null) {
            if (given || known.size() == MOST_CLASSES) {
                throw given
                        ? file.refused(
                                line, "has the label " + Quoted.name(name) + ", which is none of " + known.keySet())
                        : new InvalidInputException("'" + file.path() + "' has more than " + MOST_CLASSES
                                + " different labels; say which column holds the classes (--data-option label=NAME)");
            }
            code = known.size();
            known.put(name, code);
        }
        codes[rows++] = code;
    }

    /** Names of the classes in order. */
    List<String> names() {
        return given ? List.copyOf(known.keySet()) : List.copyOf(new TreeSet<>(known.keySet()));
    }

    /** The class of each row. */
    long[] classes() {
        List<String> ordered = names();
        Map<String, Integer> places = new LinkedHashMap<>();
        ordered.forEach(each -> places.put(each, places.size()));
        List<String> found = new ArrayList<>(known.keySet());
        long[] classes = new long[rows];
        Arrays.setAll(classes, i -> places.get(found.get(codes[i])));
        return classes;
    }
}
