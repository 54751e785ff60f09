package io.espalier.graph.operator;

import java.util.Optional;
import java.util.stream.LongStream;

/** Losses made one number, in operators of the neutral graph. */
public final class Losses {

    private Losses() {}

    /**
     * The mean of a value over its examples, which the first axis holds, and over what each has of it.
     *
     * @param rank number of axes, at least 1
     * @param weights how much each example counts, a vector; without it all count alike
     */
    public static String mean(Emitter e, String value, int rank, Optional<String> weights) {
        String examples =
                rank == 1 ? value : mean(e, value, LongStream.range(1, rank).toArray());
        return weights.map(each -> projection(e, examples, each)).orElseGet(() -> mean(e, examples, 0));
    }

    private static String mean(Emitter e, String value, long... axes) {
        return e.squeeze(e.single(Nodes.mean(value, e.vector(axes), "")), axes);
    }

    /** The sum of all elements of the product of two values. */
    public static String projection(Emitter e, String value, String direction) {
        return total(e, e.multiply(value, direction));
    }

    /** The sum of all elements of a value. */
    public static String total(Emitter e, String value) {
        return e.single(Nodes.total(value, ""));
    }
}
