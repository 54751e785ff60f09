package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The gradient of a sum of products in index notation: the same sum with the result and an operand exchanged. */
final class EinsumGradients {

    private EinsumGradients() {}

    static void contract(Backward b) {
        String[] sides = equation(b.node().textAttribute("equation", ""));
        String[] terms = sides[0].split(",", -1);
        for (int slot = 0; slot < terms.length; slot++) {
            if (b.wants(slot)) {
                b.put(slot, by(b, slot, terms, sides[1]));
            }
        }
    }

    private static String by(Backward b, int slot, String[] terms, String result) {
        String own = terms[slot];
        if (own.chars().distinct().count() < own.length() || own.contains(".")) {
            throw new MisfitException("an index stands twice in operand " + slot + ", or several axes have one name");
        }
        List<String> operands = new ArrayList<>(List.of(b.gradient()));
        StringBuilder equation = new StringBuilder(result);
        Set<Integer> known = new LinkedHashSet<>(result.chars().boxed().toList());
        for (int other = 0; other < terms.length; other++) {
            if (other != slot) {
                operands.add(b.input(other));
                equation.append(',').append(terms[other]);
                terms[other].chars().forEach(known::add);
            }
        }
        // An index that only this operand has is summed over: what arrives is repeated along it.
        StringBuilder reached = new StringBuilder();
        List<Long> missing = new ArrayList<>();
        for (int axis = 0; axis < own.length(); axis++) {
            if (known.contains((int) own.charAt(axis))) {
                reached.append(own.charAt(axis));
            } else {
                missing.add((long) axis);
            }
        }
        String product = b.compute(
                b.node().operator(), operands, Map.of("equation", new Attribute.Text(equation + "->" + reached)));
        if (missing.isEmpty()) {
            return product;
        }
        String placed =
                b.unsqueeze(product, missing.stream().mapToLong(Long::longValue).toArray());
        return b.expandLike(placed, b.input(slot));
    }

    /** Operands and result; a result that is not written has the indices that stand once, in alphabetical order. */
    private static String[] equation(String text) {
        String plain = text.replace(" ", "");
        int arrow = plain.indexOf("->");
        if (arrow >= 0) {
            return new String[] {plain.substring(0, arrow), plain.substring(arrow + 2)};
        }
        StringBuilder result = new StringBuilder();
        plain.chars()
                .filter(letter -> letter != ',' && plain.indexOf(letter) == plain.lastIndexOf(letter))
                .sorted()
                .forEach(letter -> result.append((char) letter));
        return new String[] {plain, result.toString()};
    }
}
