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

    /** Checks that a layer that works along positions keeps channels where the network does. */
    void check(Scope scope, ConfigNode node) {
        boolean told = false;
        for (String field : FIELDS) {
            String format = node.text(field, "");
            told |= !format.isEmpty();
            if (!format.isEmpty() && !(this == LAST ? LAST_FORMATS : FIRST_FORMATS).contains(format)) {
                throw scope.refused("has " + field + " " + format + ", where " + reason());
            }
        }
        if (!told) {
            refuseLast(scope);
        }
    }

    /** Refuses what the library does not do, or does otherwise, with channels last. */
    void refuseLast(Scope scope) {
        if (this == LAST) {
            throw scope.refused("is not supported in a network that keeps channels last (NHWC, NWC)");
        }
    }

    private String reason() {
        return this == LAST
                ? "other layers keep channels last; both in one network are not supported"
                : "only NCHW, NHWC, NCW and NWC are supported";
    }

    /** The axis of the library at which positions begin. */
    long firstPosition() {
        return this == LAST ? 1 : 2;
    }

    /** A value of the library seen with the channels behind the batch. */
    String enter(Scope scope, String value, int positions) {
        if (this == FIRST || positions == 0) {
            return value;
        }
        long[] axes = new long[2 + positions];
        axes[1] = 1L + positions;
        for (int axis = 0; axis < positions; axis++) {
            axes[2 + axis] = 1L + axis;
        }
        return scope.transpose(value, axes);
    }

    /** The value of a signal as the library has it. */
    String leave(Scope scope, Signal signal) {
        int positions = signal.space().size();
        if (this == FIRST || positions == 0) {
            return signal.value();
        }
        long[] axes = new long[2 + positions];
        axes[1 + positions] = 1;
        for (int axis = 0; axis < positions; axis++) {
            axes[1 + axis] = 2L + axis;
        }
        return scope.transpose(signal.value(), axes);
    }
}
