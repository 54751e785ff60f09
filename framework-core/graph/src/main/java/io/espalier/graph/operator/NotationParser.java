package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one text of index notation for operands of known rank. */
final class NotationParser {

    private static final Pattern SIZE = Pattern.compile("\\s*(\\w+|\\([\\w ]+\\))=(@?\\w+)\\s*");

    private final String text;
    private final Map<String, Long> attributeValues;
    /** How many axes each star and the dots stand for. */
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    private final Map<String, Long> sizes = new LinkedHashMap<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();

    private NotationParser(String text, Map<String, Long> attributeValues) {
        this.text = text;
        this.attributeValues = attributeValues;
    }

    /**
     * Parses a text for operands of known rank.
     *
     * @param inputRanks rank of each input, -1 when absent
     * @param attributeValues integer attributes that sizes may refer to
     * @throws IllegalArgumentException when text and ranks do not fit; the message shows the text
     */
    static IndexNotation parse(String text, List<Integer> inputRanks, Map<String, Long> attributeValues) {
        return new NotationParser(text, attributeValues).parse(inputRanks);
    }

    /** Parses the text for one node. */
    static IndexNotation parse(String text, NodeView view) {
        return parse(text, view.ranks(), integers(view.node()))
                .withOutputs(view.node().outputs().size());
    }

    private static Map<String, Long> integers(Node node) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("group", 1L);
        node.attributes().forEach((name, value) -> {
            if (value instanceof Attribute.Int number) {
                values.put(name, number.value());
            }
        });
        return values;
    }

    private IndexNotation parse(List<Integer> inputRanks) {
        int arrow = text.indexOf("->");
        if (arrow < 0) {
            throw mistake("'->' is missing");
        }
        int bar = text.indexOf('|', arrow);
        List<Optional<List<String>>> read = operands(text.substring(0, arrow));
        List<Optional<List<String>>> made = operands(text.substring(arrow + 2, bar < 0 ? text.length() : bar));
        for (int slot = 0; slot < read.size() && slot < inputRanks.size(); slot++) {
            int rank = inputRanks.get(slot);
            read.get(slot).filter(axes -> rank >= 0).ifPresent(axes -> count(axes, rank));
        }
        List<Optional<List<AxisTerm>>> inputs = new ArrayList<>();
        for (int slot = 0; slot < inputRanks.size(); slot++) {
            int rank = inputRanks.get(slot);
            Optional<List<String>> axes = slot < read.size() && rank >= 0 ? read.get(slot) : Optional.empty();
            inputs.add(axes.map(named -> expanded(named, rank)));
        }
        List<List<AxisTerm>> outputs = made.stream()
                .map(axes -> expanded(axes.orElseThrow(() -> mistake("an output cannot be '_'")), -1))
                .toList();
        if (bar >= 0) {
            for (String size : text.substring(bar + 1).split(",")) {
                size(size);
            }
        }
        return new IndexNotation(List.copyOf(inputs), outputs, sizes, attributes);
    }

    private IllegalArgumentException mistake(String what) {
        return new IllegalArgumentException(what + " in the index notation '" + text + "'");
    }

    private MisfitException misfit(String what) {
        return new MisfitException(what + " in the index notation '" + text + "'");
    }

    /** The axes of each operand; empty for one without indices. */
    private List<Optional<List<String>>> operands(String side) {
        List<Optional<List<String>>> operands = new ArrayList<>();
        int at = 0;
        while (at < side.length()) {
            if (side.charAt(at) == ' ') {
                at++;
                continue;
            }
            boolean bare = side.charAt(at) == '_' && (at + 1 == side.length() || side.charAt(at + 1) == ' ');
            int open = side.indexOf('[', at);
            int close = side.indexOf(']', at);
            if (!bare && (open < 0 || close < open)) {
                throw mistake("the axes of '" + side.substring(at).trim() + "' are not in brackets");
            }
            operands.add(bare ? Optional.empty() : Optional.of(axes(side.substring(open + 1, close))));
            at = bare ? at + 1 : close + 1;
        }
        return operands;
    }

    private List<String> axes(String operand) {
        List<String> axes = new ArrayList<>();
        int at = 0;
        while (at < operand.length()) {
            char sign = operand.charAt(at);
            int end = sign == '(' ? operand.indexOf(')', at) : operand.indexOf(' ', at);
            if (sign == '(' && end < 0) {
                throw mistake("')' is missing");
            }
            end = end < 0 ? operand.length() : end;
            if (sign != ' ') {
                axes.add(sign == '(' ? operand.substring(at + 1, end) : operand.substring(at, end));
            }
            at = sign == ' ' ? at + 1 : end + 1;
        }
        return axes;
    }

    private void size(String size) {
        Matcher matcher = SIZE.matcher(size);
        if (!matcher.matches()) {
            throw mistake("'" + size.trim() + "' is no size");
        }
        String letters = matcher.group(1);
        String value = matcher.group(2);
        if (!value.startsWith("@")) {
            sizes.put(letters, Long.parseLong(value));
            return;
        }
        attributes.put(letters.replaceAll("[()]", ""), value.substring(1));
        if (!letters.startsWith("(")) {
            Long known = attributeValues.get(value.substring(1));
            if (known == null) {
                throw misfit("the node has no attribute '" + value.substring(1) + "', which gives a size");
            }
            sizes.put(letters, known);
        }
    }

    private void count(List<String> axes, int rank) {
        for (String axis : axes) {
            if (isStar(axis)) {
                int count = rank - (axes.size() - 1);
                if (count < 0) {
                    throw misfit("an operand of rank " + rank + " has fewer axes than");
                }
                counts.merge(name(axis), count, Math::max);
                return;
            }
        }
        if (axes.size() != rank) {
            throw misfit("an operand of rank " + rank + " does not have the axes");
        }
    }

    private List<AxisTerm> expanded(List<String> axes, int rank) {
        List<AxisTerm> terms = new ArrayList<>();
        for (String axis : axes) {
            if (isStar(axis)) {
                int count = rank < 0 ? counts.getOrDefault(name(axis), 0) : rank - (axes.size() - 1);
                boolean dots = axis.endsWith("...");
                for (int i = 0; i < count; i++) {
                    // Dots align at the right, as broadcasting does; stars align at the left.
                    int number = dots ? count - 1 - i : i;
                    terms.add(new AxisTerm(List.of(new Letter(name(axis) + number, Letter.Marker.of(axis.charAt(0))))));
                }
            } else if (axis.equals("1")) {
                terms.add(AxisTerm.ONE);
            } else {
                terms.add(new AxisTerm(letters(axis)));
            }
        }
        return List.copyOf(terms);
    }

    private static List<Letter> letters(String axis) {
        List<Letter> letters = new ArrayList<>();
        StringTokenizer names = new StringTokenizer(axis);
        while (names.hasMoreTokens()) {
            String letter = names.nextToken();
            letters.add(new Letter(name(letter), Letter.Marker.of(letter.charAt(0))));
        }
        return List.copyOf(letters);
    }

    private static boolean isStar(String axis) {
        return axis.indexOf('*') >= 0 || axis.endsWith("...");
    }

    /** A letter, a star or dots without the sign before it. */
    private static String name(String marked) {
        return Letter.Marker.of(marked.charAt(0)) == Letter.Marker.NONE ? marked : marked.substring(1);
    }
}
