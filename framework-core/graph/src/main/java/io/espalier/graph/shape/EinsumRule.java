package io.espalier.graph.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code Einsum}: letters name axes, an ellipsis stands for axes that broadcast. */
final class EinsumRule {

    private static final String ELLIPSIS = "...";

    private EinsumRule() {}

    static void infer(NodeScope scope) {
        String equation = scope.node().textAttribute("equation", "").replace(" ", "");
        String[] sides = equation.split("->", -1);
        String[] operands = sides[0].split(",", -1);
        if (operands.length != scope.node().inputs().size() || sides.length > 2) {
            throw scope.conflict("the equation '" + equation + "' does not fit "
                    + scope.node().inputs().size() + " inputs");
        }
        TreeMap<Character, Dim> extents = new TreeMap<>();
        TreeMap<Character, Integer> uses = new TreeMap<>();
        List<List<Dim>> broadcast = new ArrayList<>();
        for (int slot = 0; slot < operands.length; slot++) {
            read(scope, operands[slot], scope.shape(slot), extents, uses, broadcast);
        }
        String result = sides.length == 2 ? sides[1] : implicit(uses, !broadcast.isEmpty());
        scope.put(0, output(scope, result, extents, Broadcast.of(scope, broadcast)));
    }

    private static void read(
            NodeScope scope,
            String term,
            List<Dim> shape,
            Map<Character, Dim> extents,
            Map<Character, Integer> uses,
            List<List<Dim>> broadcast) {
        int dots = term.indexOf(ELLIPSIS);
        String letters = term.replace(ELLIPSIS, "");
        int hidden = shape.size() - letters.length();
        if (hidden < 0 || dots < 0 && hidden > 0) {
            throw scope.conflict("the term '" + term + "' does not fit the shape " + shape);
        }
        for (int i = 0; i < letters.length(); i++) {
            int axis = dots >= 0 && i >= dots ? i + hidden : i;
            char letter = letters.charAt(i);
            Dim extent = Broadcast.extent(extents.getOrDefault(letter, Dim.ONE), shape.get(axis))
                    .orElseThrow(() -> scope.conflict("the extents of '" + letter + "' differ"));
            extents.put(letter, extent);
            uses.merge(letter, 1, Integer::sum);
        }
        if (dots >= 0) {
            broadcast.add(shape.subList(dots, dots + hidden));
        }
    }

    /** Without an arrow the output has the letters that occur once, in alphabetical order. */
    private static String implicit(TreeMap<Character, Integer> uses, boolean ellipsis) {
        StringBuilder letters = new StringBuilder(ellipsis ? ELLIPSIS : "");
        uses.forEach((letter, count) -> {
            if (count == 1) {
                letters.append(letter);
            }
        });
        return letters.toString();
    }

    private static List<Dim> output(NodeScope scope, String term, Map<Character, Dim> extents, List<Dim> hidden) {
        int dots = term.indexOf(ELLIPSIS);
        String letters = term.replace(ELLIPSIS, "");
        List<Dim> output = new ArrayList<>();
        for (char letter : letters.toCharArray()) {
            if (!extents.containsKey(letter)) {
                throw scope.conflict("the letter '" + letter + "' of the output occurs in no input");
            }
            output.add(extents.get(letter));
        }
        if (dots >= 0) {
            output.addAll(dots, hidden);
        }
        return output;
    }
}
