package io.espalier.graph.operator;

import java.util.stream.IntStream;

/** Sums over everything but the channels, which lie on axis 1. */
final class ChannelSums {

    private ChannelSums() {}

    /** Positions first, which lie together, then the batch: faster than one sum over all. */
    static String of(Emitter e, String value, int rank) {
        String byExample = rank == 2
                ? value
                : e.sum(value, false, IntStream.range(2, rank).asLongStream().toArray());
        return e.sumOfRows(byExample);
    }
}
