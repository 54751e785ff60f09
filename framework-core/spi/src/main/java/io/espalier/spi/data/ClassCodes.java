package io.espalier.spi.data;

import io.espalier.spi.Quoted;
import io.espalier.spi.Stability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The classes of examples whose labels are words: numbered from 0 in the order of the words, or in an order that is given.
 * Labels that are whole numbers without exception are the classes themselves, unless an order is given. Not thread-safe while
 * labels are added.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class ClassCodes {

    private static final int MOST_CLASSES = 10_000;
    private static final int FIRST_SIZE = 64;
    private static final String NUMBER = "\\d{1,9}";

    private final Map<String, Integer> known = new LinkedHashMap<>();
    private final boolean given;
    private int[] codes = new int[FIRST_SIZE];
    private int size;

    /** No labels yet; the names of the classes in order, or none when the labels say them. */
    public ClassCodes(List<String> names) {
        names.forEach(each -> known.putIfAbsent(each, known.size()));
        this.given = !names.isEmpty();
    }

    /**
     * Adds the label of the next example.
     *
     * @return what is wrong with it, as the end of a sentence that names the example; empty when nothing is
     */
    public Optional<String> add(String label) {
        if (label.isEmpty()) {
            return Optional.of("has no label");
        }
        Integer code = known.get(label);
        if (code == null) {
            if (given) {
                return Optional.of("has the label " + Quoted.name(label) + ", which is none of " + known.keySet());
            }
            if (known.size() == MOST_CLASSES) {
                return Optional.of("has the label " + Quoted.name(label) + " after " + MOST_CLASSES
                        + " different ones, so these are no classes");
            }
            code = known.size();
            known.put(label, code);
        }
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, 2 * size);
        }
        codes[size++] = code;
        return Optional.empty();
    }

    /** Names of the classes in the order of their numbers; none when the labels are numbers. */
    public List<String> names() {
        if (given) {
            return List.copyOf(known.keySet());
        }
        return areNumbers() ? List.of() : List.copyOf(new TreeSet<>(known.keySet()));
    }

    /** The names and numbers of the first classes, for people; empty when the labels are numbers. */
    public Optional<String> note(String owner) {
        List<String> names = names();
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(10, names.size()); i++) {
            shown.add(names.get(i) + " = " + i);
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("The classes of " + owner + " are " + String.join(", ", shown)
                        + (names.size() > shown.size() ? " and " + (names.size() - shown.size()) + " more" : "") + ".");
    }

    private boolean areNumbers() {
        return !given && known.keySet().stream().allMatch(each -> each.matches(NUMBER));
    }

    /** The class of each example. */
    public long[] classes() {
        List<String> ordered = names();
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (String each : ordered) {
            numbers.put(each, (long) numbers.size());
        }
        List<String> found = new ArrayList<>(known.keySet());
        long[] byCode = found.stream()
                .mapToLong(each -> ordered.isEmpty() ? Long.parseLong(each) : numbers.get(each))
                .toArray();
        return Arrays.stream(codes, 0, size).mapToLong(code -> byCode[code]).toArray();
    }
}
