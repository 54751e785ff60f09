package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.WEIGHT;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.shape.ShapeRule;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sums of products by equation. */
final class Einsum {

    private Einsum() {}

    static List<Builder> definitions() {
        return List.of(define("Einsum")
                .notation(Einsum::notation)
                .shape(ShapeRule.ALL, Einsum::infer)
                .macs(Einsum::macs)
                .roles(DATA, WEIGHT)
                .gradient(EinsumGradients::contract));
    }

    private static Optional<String> notation(NodeView view) {
        String equation = view.node().textAttribute("equation", "").replace(" ", "");
        String[] sides = equation.split("->", 2);
        List<String> operands = new ArrayList<>();
        for (String operand : sides[0].split(",")) {
            if (readsDiagonal(operand)) {
                return Optional.empty();
            }
            operands.add("x[" + spaced(operand) + "]");
        }
        String output = sides.length == 2 ? sides[1] : implicitOutput(sides[0]);
        return Optional.of(String.join(" ", operands) + " -> y[" + spaced(output) + "]");
    }

    /** A letter that an operand has twice ties an axis to another one of the same operand. */
    private static boolean readsDiagonal(String operand) {
        long letters = operand.chars().filter(Character::isLetter).count();
        return operand.chars().filter(Character::isLetter).distinct().count() < letters;
    }

    private static String implicitOutput(String inputs) {
        StringBuilder output = new StringBuilder(inputs.contains("...") ? "..." : "");
        inputs.chars()
                .filter(Character::isLetter)
                .filter(letter -> inputs.chars().filter(each -> each == letter).count() == 1)
                .sorted()
                .forEach(letter -> output.append((char) letter));
        return output.toString();
    }

    private static String spaced(String operand) {
        return operand.replace("...", "\u2026")
                .replaceAll("(.)", "$1 ")
                .replace("\u2026", "...")
                .trim();
    }

    private static final String ELLIPSIS = "...";

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

    /** All indices at once, one product an operand pair: as the definition reads. */
    private static Optional<Long> macs(Node node, Extents extents) {
        String equation = node.textAttribute("equation", "").replaceAll("\\s", "");
        String[] operands = equation.split("->", 2)[0].split(",", -1);
        Map<String, Long> sizes = new TreeMap<>();
        for (int slot = 0; slot < operands.length; slot++) {
            Optional<long[]> shape = node.input(slot).flatMap(extents::of);
            if (shape.isEmpty() || !learn(sizes, operands[slot], shape.get())) {
                return Optional.empty();
            }
        }
        long points = 1;
        for (long size : sizes.values()) {
            points = Math.multiplyExact(points, size);
        }
        return Optional.of(Math.multiplyExact(points, operands.length - 1L));
    }

    /** Learns the extents of the letters of one operand; axes under the dots are numbered from the right. */
    private static boolean learn(Map<String, Long> sizes, String operand, long[] shape) {
        int dots = operand.indexOf("...");
        String letters = operand.replace("...", "");
        int hidden = shape.length - letters.length();
        if (hidden < 0 || dots < 0 && hidden > 0) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            boolean under = dots >= 0 && axis >= dots && axis < dots + hidden;
            int place = dots >= 0 && axis >= dots + hidden ? axis - hidden : axis;
            String name = under ? "..." + (dots + hidden - axis) : letters.substring(place, place + 1);
            sizes.merge(name, shape[axis], Math::max);
        }
        return true;
    }
}
