package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The gradient of a sum of products in index notation: the same sum with the result and an operand exchanged. */
final class EinsumGradients {

    private final Backward b;
    private final EinsumTerms terms;
    /** What the sum of one operand reads, and its terms. */
    private final List<String> operands = new ArrayList<>();

    private final StringBuilder equation = new StringBuilder();

    private EinsumGradients(Backward b, EinsumTerms terms) {
        this.b = b;
        this.terms = terms;
    }

    static void contract(Backward b) {
        List<Integer> ranks = b.view().ranks();
        if (ranks.contains(-1)) {
            throw new MisfitException("the shape of an operand is not known");
        }
        EinsumTerms terms = EinsumTerms.of(b.node().textAttribute("equation", ""), ranks);
        for (int slot = 0; slot < terms.operands().size(); slot++) {
            if (b.wants(slot)) {
                b.put(slot, new EinsumGradients(b, terms).by(slot));
            }
        }
    }

    private String by(int slot) {
        add(terms.result(), b.gradient());
        for (int other = 0; other < terms.operands().size(); other++) {
            if (other != slot) {
                add(terms.operands().get(other), b.input(other));
            }
        }
        String own = distinct(slot);
        Set<Character> known = new LinkedHashSet<>();
        equation.chars().filter(Character::isLetter).forEach(letter -> known.add((char) letter));
        // An index that only this operand has is summed over: what arrives is repeated along it.
        StringBuilder reached = new StringBuilder();
        List<Long> missing = new ArrayList<>();
        for (int axis = 0; axis < own.length(); axis++) {
            if (known.contains(own.charAt(axis))) {
                reached.append(own.charAt(axis));
            } else {
                missing.add((long) axis);
            }
        }
        String product = b.compute(
                b.node().operator(), operands, Map.of("equation", new Attribute.Text(equation + "->" + reached)));
        if (!missing.isEmpty()) {
            product = b.unsqueeze(
                    product, missing.stream().mapToLong(Long::longValue).toArray());
        }
        String whole = b.summed(product, extents(slot, missing), b.input(slot));
        return missing.isEmpty() ? whole : b.expandLike(whole, b.input(slot));
    }

    private void add(String term, String value) {
        equation.append(operands.isEmpty() ? "" : ",").append(term);
        operands.add(value);
    }

    /** The term of an operand with each index once: where one stands again, an identity matrix ties another index to it. */
    private String distinct(int slot) {
        StringBuilder own = new StringBuilder();
        String term = terms.operands().get(slot);
        for (int axis = 0; axis < term.length(); axis++) {
            char letter = term.charAt(axis);
            if (own.indexOf(String.valueOf(letter)) >= 0) {
                char other = terms.fresh(own + equation.toString());
                add("" + letter + other, AxisMatrix.identity(b, b.input(slot), axis));
                letter = other;
            }
            own.append(letter);
        }
        return own.toString();
    }

    /** What the sum has along each axis of an operand: more than the operand where that is repeated. */
    private List<Dim> extents(int slot, List<Long> missing) {
        Map<Character, Dim> widest = new HashMap<>();
        for (int other = 0; other < terms.operands().size(); other++) {
            String term = terms.operands().get(other);
            for (int axis = 0; axis < term.length(); axis++) {
                Dim extent = b.shape(other).get(axis);
                widest.merge(term.charAt(axis), extent, (known, found) -> known.is(1) ? found : known);
            }
        }
        List<Dim> extents = new ArrayList<>();
        for (int axis = 0; axis < b.rank(slot); axis++) {
            Dim own = b.shape(slot).get(axis);
            extents.add(
                    missing.contains((long) axis)
                            ? own
                            : widest.get(terms.operands().get(slot).charAt(axis)));
        }
        return extents;
    }
}
