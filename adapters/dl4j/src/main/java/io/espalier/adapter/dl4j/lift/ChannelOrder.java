package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.config.Network;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a network keeps channels: behind the batch, or last, as networks imported from Keras do. Signals have them behind
 * the batch in either case; values are transposed where they enter and leave the graph, and where images are flattened.
 */
enum ChannelOrder {
    FIRST,
    LAST;

    private static final List<String> FIELDS =
            List.of("cnn2dDataFormat", "cnn2DFormat", "dataFormat", "format", "rnnDataFormat");
    private static final List<String> FIRST_FORMATS = List.of("NCHW", "NCDHW", "NCW");
    private static final List<String> LAST_FORMATS = List.of("NHWC", "NWC");

    static ChannelOrder of(Network network) {
        boolean last = network.steps().stream()
                .flatMap(step -> Stream.concat(Stream.of(step.node()), step.preProcessor().stream()))
                .flatMap(node -> FIELDS.stream().flatMap(field -> node.json().findValuesAsText(field).stream()))
                .anyMatch(LAST_FORMATS::contains);
        return last ? LAST : FIRST;
    }

    /** What a layer says of its order of axes; empty when it says nothing. */
    static List<String> formats(ConfigNode node) {
        return FIELDS.stream()
                .map(field -> node.text(field, ""))
                .filter(format -> !format.isEmpty())
                .toList();
    }

    /** Whether a format is one of this order. */
    boolean isFormat(String format) {
        return (this == LAST ? LAST_FORMATS : FIRST_FORMATS).contains(format);
    }

    /** Why a layer of another format is refused. */
    String reason() {
        return this == LAST
                ? "other layers keep channels last; both in one network are not supported"
                : "only NCHW, NHWC, NCW and NWC are supported";
    }

    /** The axis of the library at which positions begin. */
    long firstPosition() {
        return this == LAST ? 1 : 2;
    }

    /** For each axis of a value with the channels behind the batch, the axis of the library. */
    long[] entering(int positions) {
        long[] axes = new long[2 + positions];
        axes[1] = 1L + positions;
        for (int axis = 0; axis < positions; axis++) {
            axes[2 + axis] = 1L + axis;
        }
        return axes;
    }

    /** For each axis of the library, the axis of a value with the channels behind the batch. */
    long[] leaving(int positions) {
        long[] axes = new long[2 + positions];
        axes[1 + positions] = 1;
        for (int axis = 0; axis < positions; axis++) {
            axes[1 + axis] = 2L + axis;
        }
        return axes;
    }
}
