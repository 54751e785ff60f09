package io.espalier.testkit.contract;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The letters of an index notation that stand for an axis each, wherever they occur: those without a sign, outside of parentheses and
 * without a size that an attribute counts. What a contract can check of a notation without the engine that reads it.
 *
 * @param inputs the axes of each input, none for one without indices
 * @param outputs the axes of each output
 */
record PlainLetters(List<List<String>> inputs, List<List<String>> outputs) {

    private static final Pattern OPERAND = Pattern.compile("\\w*\\[([^]]*)]|_");
    private static final Pattern AXIS = Pattern.compile("[^ (]*\\([^)]*\\)|[^ ]+");
    private static final Pattern SPAN = Pattern.compile(".?(\\*.*|\\.\\.\\.)");

    /** Where a letter stands. */
    record Place(int operand, int axis) {}

    static PlainLetters of(String notation) {
        String[] sides = notation.split("\\|", 2)[0].split("->", -1);
        if (sides.length != 2) {
            throw new IllegalArgumentException("one arrow is needed: " + notation);
        }
        return new PlainLetters(operands(sides[0]), operands(sides[1]));
    }

    private static List<List<String>> operands(String side) {
        List<List<String>> operands = new ArrayList<>();
        Matcher operand = OPERAND.matcher(side);
        while (operand.find()) {
            List<String> axes = new ArrayList<>();
            if (operand.group(1) != null) {
                AXIS.matcher(operand.group(1)).results().forEach(axis -> axes.add(axis.group()));
            }
            operands.add(axes);
        }
        return operands;
    }

    /** Whether axes fit a rank: as many as it says, or any number where they stand for several. */
    static boolean fit(List<String> axes, int rank) {
        return axes.isEmpty() || axes.size() == rank || axes.stream().anyMatch(PlainLetters::isSpan);
    }

    private static boolean isSpan(String axis) {
        return SPAN.matcher(axis).matches();
    }

    /** The letters, in the order in which inputs have them. */
    Set<String> letters(String notation) {
        String sizes = notation.contains("|") ? notation.substring(notation.indexOf('|')) : "";
        Set<String> plain = new LinkedHashSet<>();
        Set<String> other = new LinkedHashSet<>();
        for (List<List<String>> side : List.of(inputs, outputs)) {
            side.forEach(axes -> axes.forEach(axis -> (axis.matches("[a-zA-Z]+") ? plain : other).add(axis)));
        }
        plain.removeIf(letter ->
                Pattern.compile("\\b" + letter + "\\b").matcher(sizes).find()
                        || other.stream()
                                .anyMatch(axis -> Pattern.compile("\\b" + letter + "\\b")
                                        .matcher(axis)
                                        .find()));
        return plain;
    }

    /** Where a letter stands among operands of these ranks. */
    static List<Place> places(List<List<String>> operands, String letter, List<Integer> ranks) {
        List<Place> places = new ArrayList<>();
        for (int operand = 0; operand < Math.min(operands.size(), ranks.size()); operand++) {
            List<String> axes = operands.get(operand);
            for (int axis = 0; axis < axes.size(); axis++) {
                if (axes.get(axis).equals(letter)) {
                    boolean afterSpan = axes.subList(0, axis).stream().anyMatch(PlainLetters::isSpan);
                    places.add(new Place(operand, afterSpan ? ranks.get(operand) - axes.size() + axis : axis));
                }
            }
        }
        return places;
    }
}
