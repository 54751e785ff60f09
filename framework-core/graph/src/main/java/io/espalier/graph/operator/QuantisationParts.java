package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators on integers as the operators on real numbers that they stand for, which have gradients. */
final class QuantisationParts {

    private static final double LARGEST = 255;

    private QuantisationParts() {}

    /** The range of the operand, with zero in it, on the integers of one byte. */
    static void dynamic(Expansion e) {
        String value = e.input(0);
        String zero = e.scalar(0);
        String highest = e.compute("Max", List.of(e.single(Nodes.largestOfAll(value, "")), zero), Map.of());
        String negated = e.single(Nodes.largestOfAll(e.negate(value), ""));
        String lowest = e.negate(e.compute("Max", List.of(negated, zero), Map.of()));
        String scale = e.divide(e.subtract(highest, lowest), e.scalar(LARGEST));
        String place = Activations.unary(e, "Round", e.negate(e.divide(lowest, scale)));
        String limited = e.single(Nodes.clip(place, zero, e.scalar(LARGEST), ""));
        String point = e.compute("Cast", List.of(limited), Map.of("to", new Attribute.Int(2)));
        e.put(0, e.compute("QuantizeLinear", List.of(value, scale, point), Map.of()));
        e.put(1, scale);
        e.put(2, point);
    }

    /** A vector of zero points has one for each row of the left factor, or each column of the right one. */
    static void multiply(Expansion e) {
        e.put(0, e.multiplyMatrices(centred(e, 0, 2, 1), centred(e, 1, 3, 0)));
    }

    static void convolve(Expansion e) {
        List<String> operands = List.of(centred(e, 0, 2, 0), centred(e, 1, 3, e.rank(1) - 1));
        e.put(0, e.compute(Nodes.CONVOLUTION, operands, e.node().attributes()));
    }

    /**
     * Integers as real numbers, with zero where it was.
     *
     * @param behind how many axes lie behind the one that a vector of zero points belongs to
     */
    private static String centred(Expansion e, int slot, int point, int behind) {
        String real = e.real(e.input(slot));
        if (!e.has(point)) {
            return real;
        }
        String zero = e.real(e.input(point));
        boolean vector = e.rank(point) == 1 && !e.shape(point).get(0).is(1);
        long[] axes = LongStream.rangeClosed(1, behind).toArray();
        return e.subtract(real, vector ? e.unsqueeze(zero, axes) : zero);
    }

    /** Attention whose operand and weight are quantised. */
    static void attention(Expansion e) {
        Node node = e.node();
        String value = dequantised(e, 0, 3, 6, Map.of());
        String weight = dequantised(e, 1, 4, 7, Map.of("axis", new Attribute.Int(1)));
        List<String> operands =
                new ArrayList<>(List.of(value, weight, node.input(2).orElse("")));
        operands.add(node.input(5).orElse(""));
        operands.add(node.input(8).orElse(""));
        List<String> outputs = new ArrayList<>();
        for (int slot = 0; slot < node.outputs().size(); slot++) {
            String output = node.output(slot).map(e::fresh).orElse("");
            outputs.add(output);
            e.put(slot, output);
        }
        e.add(new Node(node.domain(), "Attention", operands, outputs, new LinkedHashMap<>(node.attributes())));
    }

    private static String dequantised(Expansion e, int slot, int scale, int point, Map<String, Attribute> attributes) {
        List<String> operands = new ArrayList<>(List.of(e.input(slot), e.input(scale)));
        e.node().input(point).ifPresent(operands::add);
        return e.compute("DequantizeLinear", operands, attributes);
    }
}
