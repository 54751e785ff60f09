package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the library does to the input of a layer before the layer sees it. */
final class PreProcessorRules {

    private static final List<String> FLATTENED_IMAGE = List.of("inputHeight", "inputWidth");
    private static final List<String> FLATTENED_VOLUME = List.of("inputDepth", "inputHeight", "inputWidth");

    private PreProcessorRules() {}

    static Signal lift(Scope scope, Optional<ConfigNode> preProcessor, Signal input) {
        if (preProcessor.isEmpty()) {
            return input;
        }
        ConfigNode node = preProcessor.get();
        return switch (node.type()) {
            case "CnnToFeedForwardPreProcessor" -> flatten(scope, node, input, FLATTENED_IMAGE, Form.IMAGE);
            case "Cnn3DToFeedForwardPreProcessor" -> flatten(scope, node, input, FLATTENED_VOLUME, Form.VOLUME);
            case "FeedForwardToCnnPreProcessor" -> unflatten(scope, node, input, FLATTENED_IMAGE, Form.IMAGE);
            case "FeedForwardToCnn3DPreProcessor" -> unflatten(scope, node, input, FLATTENED_VOLUME, Form.VOLUME);
            case "RnnToFeedForwardPreProcessor" ->
                overTime(scope, node, input, Form.RECURRENT, Form.FEED_FORWARD_OVER_TIME);
            case "FeedForwardToRnnPreProcessor" ->
                overTime(scope, node, input, Form.FEED_FORWARD_OVER_TIME, Form.RECURRENT);
            case "ComposableInputPreProcessor" -> composed(scope, node, input);
            default -> throw scope.refused("is preceded by a " + node.type() + ", which cannot be lifted");
        };
    }

    private static Signal composed(Scope scope, ConfigNode node, Signal input) {
        Signal signal = input;
        int count = node.json().path("inputPreProcessors").size();
        for (int i = 0; i < count; i++) {
            String place = node.place("inputPreProcessors") + "/" + i;
            ConfigNode part =
                    new ConfigNode(node.json().path("inputPreProcessors").get(i), place);
            signal = lift(scope, Optional.of(part), signal);
        }
        return signal;
    }

    private static Signal flatten(Scope scope, ConfigNode node, Signal input, List<String> fields, Form form) {
        if (input.form() == Form.FEED_FORWARD) {
            return input;
        }
        scope.checkChannelOrder(node);
        scope.expect(input, form);
        scope.expect(node.count("numChannels"), input);
        long positions = 1;
        for (int axis = 0; axis < fields.size(); axis++) {
            long expected = node.count(fields.get(axis));
            positions = Math.multiplyExact(positions, expected);
            long extent = input.space().get(axis);
            if (extent != Signal.UNKNOWN && extent != expected) {
                scope.draft().contradict(axis);
            }
        }
        scope.bind(node, "numChannels", input.channels());
        Extent channels = new Extent.Scaled(input.channels(), positions, 1);
        String shape = scope.vector("flat", 0, channels.original());
        String y = scope.op("Reshape", Attributes.none(), scope.leave(input), shape);
        return new Signal(y, Form.FEED_FORWARD, channels, List.of());
    }

    private static Signal unflatten(Scope scope, ConfigNode node, Signal input, List<String> fields, Form form) {
        if (input.form() == form) {
            return input;
        }
        scope.refuseChannelsLast();
        scope.expect(input, Form.FEED_FORWARD);
        List<Long> space = new ArrayList<>();
        fields.forEach(field -> space.add((long) node.count(field)));
        long positions = space.stream().reduce(1L, Math::multiplyExact);
        long channels = node.count("numChannels");
        scope.expect(Math.multiplyExact(channels, positions), input);
        Extent kept = new Extent.Scaled(input.channels(), 1, positions);
        scope.bind(node, "numChannels", kept);
        long[] shape = new long[2 + space.size()];
        shape[1] = channels;
        for (int axis = 0; axis < space.size(); axis++) {
            shape[2 + axis] = space.get(axis);
        }
        String y = scope.op("Reshape", Attributes.none(), input.value(), scope.vector("space", shape));
        return new Signal(y, form, kept, space);
    }

    /** The library merges batch and time; the neutral graph keeps them apart, so there is nothing to do. */
    private static Signal overTime(Scope scope, ConfigNode node, Signal input, Form from, Form to) {
        if (input.form() == Form.FEED_FORWARD && from == Form.RECURRENT) {
            return input;
        }
        scope.refuseChannelsLast();
        scope.checkChannelOrder(node);
        scope.expect(input, from);
        return input.as(to);
    }
}
