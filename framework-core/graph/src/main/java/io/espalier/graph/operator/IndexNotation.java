package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One application of an operator in index notation, with stars and dots expanded to the ranks at hand.
 *
 * <p>The notation is described at {@link io.espalier.spi.operator.OperatorSemantics}. Immutable.
 *
 * @param inputs axes of each input, empty for an input that takes no part
 * @param outputs axes of each output
 * @param sizes letters whose size the operator fixes
 * @param attributes letters, separated by blanks, whose size is an attribute of the node
 */
public record IndexNotation(
        List<Optional<List<AxisTerm>>> inputs,
        List<List<AxisTerm>> outputs,
        Map<String, Long> sizes,
        Map<String, String> attributes) {

    private static final Pattern OPERAND = Pattern.compile("(\\w+)\\[([^\\]]*)\\]|(_)");
    private static final Pattern AXIS = Pattern.compile("\\(([^)]*)\\)|(\\S+)");
    private static final Pattern SIZE = Pattern.compile("(\\w+|\\([\\w ]+\\))=(@?\\w+)");

    /**
     * The letters of one axis, outermost first; none for an axis of extent 1.
     *
     * @param letters the letters
     */
    public record AxisTerm(List<Letter> letters) {

        static final AxisTerm ONE = new AxisTerm(List.of());
    }

    /**
     * Parses a line for operands of known rank.
     *
     * @param inputRanks rank of each input, -1 when absent
     * @param attributeValues integer attributes that sizes may refer to
     * @throws IllegalArgumentException when line and ranks do not fit; the message shows the line
     */
    public static IndexNotation parse(String line, List<Integer> inputRanks, Map<String, Long> attributeValues) {
        String[] bar = line.split("\\|", 2);
        String[] sides = bar[0].split("->", 2);
        if (sides.length != 2) {
            throw new IllegalArgumentException("an index line needs '->': " + line);
        }
        Stars stars = new Stars(line);
        List<List<String>> inputTexts = operands(sides[0]);
        for (int slot = 0; slot < inputTexts.size(); slot++) {
            int rank = slot < inputRanks.size() ? inputRanks.get(slot) : -1;
            if (inputTexts.get(slot) != null && rank >= 0) {
                stars.learn(inputTexts.get(slot), rank);
            }
        }
        List<Optional<List<AxisTerm>>> inputs = new ArrayList<>();
        for (int slot = 0; slot < inputRanks.size(); slot++) {
            boolean takesPart = slot < inputTexts.size() && inputTexts.get(slot) != null && inputRanks.get(slot) >= 0;
            inputs.add(
                    takesPart
                            ? Optional.of(stars.expand(inputTexts.get(slot), inputRanks.get(slot)))
                            : Optional.empty());
        }
        List<List<AxisTerm>> outputs = operands(sides[1]).stream()
                .map(axes -> stars.expand(Objects.requireNonNull(axes, line), -1))
                .toList();
        Map<String, Long> sizes = new LinkedHashMap<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher matcher = SIZE.matcher(bar.length > 1 ? bar[1] : "");
        while (matcher.find()) {
            String value = matcher.group(2);
            if (value.startsWith("@")) {
                attributes.put(matcher.group(1).replaceAll("[()]", ""), value.substring(1));
                if (matcher.group(1).startsWith("(")) {
                    continue;
                }
                Long size = attributeValues.get(value.substring(1));
                if (size == null) {
                    throw new IllegalArgumentException("no attribute '" + value.substring(1) + "' for line " + line);
                }
                sizes.put(matcher.group(1), size);
            } else {
                sizes.put(matcher.group(1), Long.parseLong(value));
            }
        }
        return new IndexNotation(List.copyOf(inputs), outputs, sizes, attributes);
    }

    /** Parses the text for one node. */
    static IndexNotation parse(String text, NodeView view) {
        return parse(text, view.ranks(), integers(view.node()))
                .withOutputs(view.node().outputs().size());
    }

    static Map<String, Long> integers(Node node) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("group", 1L);
        node.attributes().forEach((name, value) -> {
            if (value instanceof Attribute.Int number) {
                values.put(name, number.value());
            }
        });
        return values;
    }

    /** Letters that are summed over products of operands; empty when nothing is contracted. */
    Set<String> summedLetters() {
        Set<String> kept = outputLetters();
        List<Set<Letter>> operands = inputs.stream()
                .map(axes -> axes.orElse(List.of()).stream()
                        .flatMap(axis -> axis.letters().stream())
                        .filter(letter -> !kept.contains(letter.name()))
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                .map(letters -> (Set<Letter>) letters)
                .toList();
        Set<String> summed = new LinkedHashSet<>();
        for (Set<Letter> operand : operands) {
            boolean multiplied = operand.stream()
                    .filter(letter -> letter.marker() == Letter.Marker.NONE)
                    .anyMatch(letter -> operands.stream()
                                    .filter(other -> other.contains(letter))
                                    .count()
                            > 1);
            if (multiplied) {
                operand.forEach(letter -> summed.add(letter.name()));
            }
        }
        return summed;
    }

    /** Letters of the outputs. */
    public Set<String> outputLetters() {
        Set<String> letters = new LinkedHashSet<>();
        outputs.forEach(output -> output.forEach(axis -> axis.letters().forEach(letter -> letters.add(letter.name()))));
        return letters;
    }

    /** This line with only the outputs that a node has: an index that only an absent output would keep is summed. */
    IndexNotation withOutputs(int count) {
        return count >= outputs.size() ? this : new IndexNotation(inputs, outputs.subList(0, count), sizes, attributes);
    }

    private static List<List<String>> operands(String side) {
        List<List<String>> operands = new ArrayList<>();
        Matcher matcher = OPERAND.matcher(side);
        while (matcher.find()) {
            operands.add(matcher.group(3) != null ? null : axes(matcher.group(2)));
        }
        return operands;
    }

    private static List<String> axes(String text) {
        List<String> axes = new ArrayList<>();
        Matcher matcher = AXIS.matcher(text);
        while (matcher.find()) {
            axes.add(matcher.group(1) != null ? matcher.group(1).trim() : matcher.group(2));
        }
        return axes;
    }

    /** Knows how many axes each star and the dots stand for. */
    private static final class Stars {

        private final String line;
        private final Map<String, Integer> counts = new LinkedHashMap<>();

        Stars(String line) {
            this.line = line;
        }

        void learn(List<String> axes, int rank) {
            for (String axis : axes) {
                if (isStar(axis)) {
                    int count = rank - (axes.size() - 1);
                    if (count < 0) {
                        throw new IllegalArgumentException("rank " + rank + " is too small for line " + line);
                    }
                    counts.merge(starName(axis), count, Math::max);
                    return;
                }
            }
            if (axes.size() != rank) {
                throw new IllegalArgumentException("rank " + rank + " does not fit line " + line);
            }
        }

        List<AxisTerm> expand(List<String> axes, int rank) {
            List<AxisTerm> terms = new ArrayList<>();
            for (String axis : axes) {
                if (isStar(axis)) {
                    int all = counts.getOrDefault(starName(axis), 0);
                    int count = rank < 0 ? all : rank - (axes.size() - 1);
                    boolean dots = axis.endsWith("...");
                    for (int i = 0; i < count; i++) {
                        // Dots align at the right, as broadcasting does; stars align at the left.
                        int number = dots ? count - 1 - i : i;
                        terms.add(new AxisTerm(
                                List.of(new Letter(starName(axis) + number, Letter.Marker.of(axis.charAt(0))))));
                    }
                } else if (axis.equals("1")) {
                    terms.add(AxisTerm.ONE);
                } else {
                    List<Letter> letters = new ArrayList<>();
                    for (String letter : axis.split("\\s+")) {
                        Letter.Marker marker = Letter.Marker.of(letter.charAt(0));
                        letters.add(new Letter(marker == Letter.Marker.NONE ? letter : letter.substring(1), marker));
                    }
                    terms.add(new AxisTerm(List.copyOf(letters)));
                }
            }
            return List.copyOf(terms);
        }

        private static boolean isStar(String axis) {
            return axis.contains("*") || axis.endsWith("...");
        }

        private static String starName(String axis) {
            return Letter.Marker.of(axis.charAt(0)) == Letter.Marker.NONE ? axis : axis.substring(1);
        }
    }
}
