package io.espalier.graph.operator;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** Heads turned by their position, in simpler operators. */
final class RotaryParts {

    private static final double BASE = 10_000;

    private RotaryParts() {}

    /** Cosines and sines are given for each position of each example, or picked by positions. */
    static void standard(Expansion e) {
        boolean picked = e.has(3);
        String cosines = picked ? e.gather(e.input(1), e.input(3), 0) : e.input(1);
        String sines = picked ? e.gather(e.input(2), e.input(3), 0) : e.input(2);
        long columns = 2L * e.extent(1, picked ? 1 : 2);
        e.put(0, turned(e, heads(e, columns), e.unsqueeze(cosines, 1), e.unsqueeze(sines, 1), columns));
    }

    static void contrib(Expansion e) {
        if (e.rank(1) != 2) {
            throw new MisfitException("its positions are not those of each example");
        }
        String cosines = e.gather(e.input(2), e.input(1), 0);
        String sines = e.gather(e.input(3), e.input(1), 0);
        long columns = 2L * e.extent(2, 1);
        e.put(0, turned(e, heads(e, columns), e.unsqueeze(cosines, 1), e.unsqueeze(sines, 1), columns));
    }

    private static String heads(Expansion e, long columns) {
        if (e.rank(0) == 4) {
            return e.input(0);
        }
        long heads = e.node().intAttribute("num_heads", 0);
        String split = heads > 0 ? e.reshape(e.input(0), 0, 0, heads, -1) : e.reshape(e.input(0), 0, 0, -1, columns);
        return e.transpose(split, 0, 2, 1, 3);
    }

    private static String turned(Expansion e, String heads, String cosines, String sines, long columns) {
        boolean flat = e.rank(0) == 3;
        long count = e.node().intAttribute("num_heads", 0);
        long width = flat ? count > 0 ? e.extent(0, 2) / count : columns : e.extent(0, 3);
        boolean pairs = e.node().intAttribute("interleaved", 0) != 0;
        String turned = turned(e, heads, cosines, sines, width, columns, pairs);
        return flat ? e.reshape(e.transpose(turned, 0, 2, 1, 3), 0, 0, -1) : turned;
    }

    /**
     * The first columns of each head turned, in pairs of neighbours or of halves.
     *
     * @param heads [batch, heads, time, width]
     * @param columns how many columns turn
     */
    static String turned(
            Emitter e, String heads, String cosines, String sines, long width, long columns, boolean pairs) {
        String turning = heads;
        String rest = "";
        if (columns < width) {
            turning = e.fresh("turning");
            rest = e.fresh("rest");
            e.add(Nodes.split(heads, e.vector(columns, width - columns), -1, List.of(turning, rest)));
        }
        String turned =
                pairs ? neighbours(e, turning, cosines, sines, columns) : halves(e, turning, cosines, sines, columns);
        return rest.isEmpty() ? turned : e.concatenate(-1, turned, rest);
    }

    /** The angle of each pair of columns at each position, [positions, pairs]: usual powers of 10,000. */
    static String angles(Emitter e, String positions, long columns) {
        double[] frequencies = new double[(int) columns / 2];
        Arrays.setAll(frequencies, pair -> Math.pow(BASE, -2.0 * pair / columns));
        String row =
                e.constant(Tensors.fromDoubles(DataType.FLOAT32, List.of(1L, (long) frequencies.length), frequencies));
        return e.multiply(e.unsqueeze(e.real(positions), 1), row);
    }

    private static String halves(Emitter e, String value, String cosines, String sines, long columns) {
        String first = e.fresh("first");
        String second = e.fresh("second");
        e.add(Nodes.split(value, e.vector(columns / 2, columns / 2), -1, List.of(first, second)));
        return e.concatenate(-1, real(e, first, second, cosines, sines), imaginary(e, first, second, cosines, sines));
    }

    private static String neighbours(Emitter e, String value, String cosines, String sines, long columns) {
        String even = strided(e, value, 0);
        String odd = strided(e, value, 1);
        String first = e.unsqueeze(real(e, even, odd, cosines, sines), -1);
        String second = e.unsqueeze(imaginary(e, even, odd, cosines, sines), -1);
        return e.reshape(e.concatenate(-1, first, second), 0, 0, 0, columns);
    }

    private static String strided(Emitter e, String value, long start) {
        return e.slice(value, e.vector(start), e.vector(Long.MAX_VALUE), e.vector(-1), e.vector(2));
    }

    private static String real(Emitter e, String first, String second, String cosines, String sines) {
        return e.subtract(e.multiply(first, cosines), e.multiply(second, sines));
    }

    private static String imaginary(Emitter e, String first, String second, String cosines, String sines) {
        return e.add(e.multiply(second, cosines), e.multiply(first, sines));
    }
}
