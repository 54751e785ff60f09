package io.espalier.graph.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An equation of a sum of products with a letter for each axis, those under dots included.
 *
 * @param operands letters of the axes of each operand
 * @param result letters of the axes of the result
 */
record EinsumTerms(List<String> operands, String result) {

    private static final String DOTS = "...";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    static EinsumTerms of(String text, List<Integer> ranks) {
        String plain = text.replace(" ", "");
        String[] sides = plain.split("->", 2);
        String[] terms = sides[0].split(",", -1);
        int most = 0;
        for (int i = 0; i < terms.length; i++) {
            most = Math.max(most, hidden(terms[i], ranks.get(i)));
        }
        String under = unused(plain, most);
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            int count = hidden(terms[i], ranks.get(i));
            operands.add(terms[i].replace(DOTS, under.substring(most - count)));
        }
        String result = sides.length == 2 ? sides[1] : implicit(sides[0]);
        return new EinsumTerms(operands, result.replace(DOTS, under));
    }

    /** A letter that the equation and a text do not have. */
    char fresh(String text) {
        return unused(String.join("", operands) + result + text, 1).charAt(0);
    }

    private static int hidden(String term, int rank) {
        return term.contains(DOTS) ? rank - term.replace(DOTS, "").length() : 0;
    }

    private static String unused(String text, int count) {
        String free = LETTERS.chars()
                .filter(letter -> text.indexOf(letter) < 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        if (free.length() < count) {
            throw new MisfitException("its equation has no free letter");
        }
        return free.substring(0, count);
    }

    /** A result that is not written has the axes under dots, and the indices that stand once, in alphabetical order. */
    private static String implicit(String terms) {
        String once = terms.chars()
                .filter(Character::isLetter)
                .filter(letter -> terms.indexOf(letter) == terms.lastIndexOf(letter))
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        return (terms.contains(DOTS) ? DOTS : "") + once;
    }
}
