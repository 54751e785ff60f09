package io.espalier.graph.operator;

import io.espalier.spi.graph.Node;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Multiply-accumulates of an Einsum as its definition reads: all indices at once, one product an operand pair. */
final class EinsumMacs {

    private EinsumMacs() {}

    static Optional<Long> count(Node node, Extents extents) {
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
