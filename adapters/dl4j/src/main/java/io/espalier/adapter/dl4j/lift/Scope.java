package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.support.Attributes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where one step adds its nodes and constants; names begin with the name of the step. Not thread-safe. */
final class Scope {

    static final String DOMAIN = "org.deeplearning4j";

    private final GraphDraft draft;
    private final String step;

    Scope(GraphDraft draft, String step) {
        this.draft = draft;
        this.step = step;
    }

    GraphDraft draft() {
        return draft;
    }

    ChannelOrder order() {
        return draft.order();
    }

    String step() {
        return step;
    }

    /** A node with one output, whose name is returned. */
    String op(String operator, Attributes attributes, String... inputs) {
        String output = draft.unique(step + "/" + operator.toLowerCase(Locale.ROOT));
        draft.add(Node.of(operator, List.of(inputs), List.of(output), attributes.map()));
        return output;
    }

    /** A node with several outputs. */
    List<String> split(String operator, Attributes attributes, int outputs, String... inputs) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            names.add(draft.unique(step + "/" + operator.toLowerCase(Locale.ROOT) + i));
        }
        draft.add(Node.of(operator, List.of(inputs), names, attributes.map()));
        return names;
    }

    /** An operator that the neutral vocabulary does not have: nothing is removed across it. */
    String opaque(String operator, String... inputs) {
        String output = draft.unique(step + "/" + operator.toLowerCase(Locale.ROOT));
        draft.add(new Node(DOMAIN, operator, List.of(inputs), List.of(output), Map.<String, Attribute>of()));
        return output;
    }

    /** A value of which nothing is removed along an axis. */
    String whole(String value, long axis, String reason) {
        String output = draft.unique(step + "/whole");
        draft.add(Node.whole(value, output, axis, reason));
        return output;
    }

    String constant(String part, Tensor value) {
        return draft.constant(step + "/" + part, value);
    }

    String vector(String part, long... values) {
        return constant(part, Tensors.vector(values));
    }

    String scalar(String part, double value) {
        return constant(part, Tensors.floats(List.of(), (float) value));
    }

    String parameter(String part, FlatView view) {
        return draft.parameter(step + "/" + part, view);
    }

    void bind(ConfigNode node, String field, Extent extent) {
        draft.bind(node, field, extent);
    }

    void bindElement(ConfigNode node, String field, int index, Extent extent) {
        draft.bindElement(node, field, index, extent);
    }

    String transpose(String value, long... permutation) {
        List<Long> axes = new ArrayList<>();
        for (long axis : permutation) {
            axes.add(axis);
        }
        return op("Transpose", Attributes.none().with("perm", axes), value);
    }

    /** Checks what a layer says it reads against what it gets. */
    void expect(long channels, Signal input) {
        if (input.channels().original() != channels) {
            throw refused("reads " + channels + " channels, but " + Quoted.name(input.value()) + " has "
                    + input.channels().original());
        }
    }

    /** Checks that a signal has one of some forms. */
    void expect(Signal input, Signal.Form... forms) {
        if (!List.of(forms).contains(input.form())) {
            throw refused("cannot read what it gets, "
                    + input.form().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " data");
        }
    }

    /** Checks that a layer that works along positions keeps channels where the network does. */
    void checkChannelOrder(ConfigNode node) {
        List<String> formats = ChannelOrder.formats(node);
        formats.stream().filter(format -> !order().isFormat(format)).findFirst().ifPresent(format -> {
            throw refused("has the data format " + format + ", where " + order().reason());
        });
        if (formats.isEmpty()) {
            refuseChannelsLast();
        }
    }

    /** Refuses what the library does not do, or does otherwise, with channels last. */
    void refuseChannelsLast() {
        if (order() == ChannelOrder.LAST) {
            throw refused("is not supported in a network that keeps channels last (NHWC, NWC)");
        }
    }

    /** A value of the library seen with the channels behind the batch. */
    String enter(String value, int positions) {
        return order() == ChannelOrder.FIRST || positions == 0 ? value : transpose(value, order().entering(positions));
    }

    /** The value of a signal as the library has it. */
    String leave(Signal signal) {
        int positions = signal.space().size();
        return order() == ChannelOrder.FIRST || positions == 0
                ? signal.value()
                : transpose(signal.value(), order().leaving(positions));
    }

    InvalidInputException refused(String reason) {
        return new InvalidInputException("The network cannot be lifted: " + Quoted.name(step) + " " + reason + ".");
    }
}
