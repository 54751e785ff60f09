package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Vertices: what connects layers of a graph without parameters of its own. */
final class VertexRules {

    /** Lifts vertices of one class. */
    @FunctionalInterface
    interface Rule {

        Signal lift(Scope scope, ConfigNode vertex, List<Signal> inputs);
    }

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        RULES.put("MergeVertex", VertexRules::merge);
        RULES.put("ElementWiseVertex", VertexRules::elementWise);
        RULES.put("SubsetVertex", VertexRules::subset);
        RULES.put("StackVertex", VertexRules::stack);
        RULES.put("UnstackVertex", VertexRules::unstack);
        RULES.put("ScaleVertex", VertexRules::scale);
        RULES.put("ShiftVertex", VertexRules::shift);
        RULES.put("L2NormalizeVertex", VertexRules::normalise);
        RULES.put(
                "PreprocessorVertex",
                (scope, vertex, inputs) ->
                        PreProcessorRules.lift(scope, Optional.of(vertex.require("preProcessor")), inputs.get(0)));
        RULES.put("PoolHelperVertex", VertexRules::poolHelper);
        RULES.put("LastTimeStepVertex", VertexRules::lastTimeStep);
        RULES.put("ReverseTimeSeriesVertex", VertexRules::reverse);
    }

    private VertexRules() {}

    static Optional<Rule> rule(String type) {
        return Optional.ofNullable(RULES.get(type));
    }

    private static String[] values(List<Signal> inputs) {
        return inputs.stream().map(Signal::value).toArray(String[]::new);
    }

    /** Checks that signals differ in their channels at most. */
    private static void alike(Scope scope, List<Signal> inputs) {
        Signal first = inputs.get(0);
        for (Signal other : inputs.subList(1, inputs.size())) {
            if (other.form() != first.form()) {
                throw scope.refused("joins data of different forms");
            }
            for (int axis = 0; axis < first.space().size(); axis++) {
                long one = first.space().get(axis);
                long two = other.space().get(axis);
                if (one != two && one != Signal.UNKNOWN && two != Signal.UNKNOWN) {
                    scope.draft().contradict(axis);
                }
            }
        }
    }

    private static Signal merge(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        alike(scope, inputs);
        int rank = inputs.get(0).rank();
        int axis = vertex.json().path("mergeAxis").asInt(1);
        boolean last = scope.order() == ChannelOrder.LAST || rank == 2;
        if (last ? axis != -1 && axis != rank - 1 : axis != 1) {
            throw scope.refused("merges along axis " + vertex.integer("mergeAxis") + "; only channels can be merged");
        }
        if (inputs.size() == 1) {
            return inputs.get(0);
        }
        Extent channels = new Extent.Sum(inputs.stream().map(Signal::channels).toList());
        String y = scope.op("Concat", Attributes.none().with("axis", 1), values(inputs));
        return inputs.get(0).with(y, channels);
    }

    private static Signal elementWise(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        alike(scope, inputs);
        String operator = switch (vertex.text("op", "")) {
            case "Add" -> "Sum";
            case "Average" -> "Mean";
            case "Subtract" -> "Sub";
            case "Product" -> "Mul";
            case "Max" -> "Max";
            default -> throw scope.refused("combines by " + vertex.text("op", "nothing"));
        };
        Signal widest = inputs.get(0);
        for (Signal input : inputs) {
            widest = input.channels().original() > widest.channels().original() ? input : widest;
        }
        boolean pairs = operator.equals("Mul") || operator.equals("Sub");
        String y = inputs.get(0).value();
        if (pairs) {
            for (Signal input : inputs.subList(1, inputs.size())) {
                y = scope.op(operator, Attributes.none(), y, input.value());
            }
        } else {
            y = scope.op(operator, Attributes.none(), values(inputs));
        }
        Extent channels =
                new Extent.Largest(inputs.stream().map(Signal::channels).toList());
        return widest.with(y, channels);
    }

    private static Signal subset(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        Signal input = inputs.get(0);
        if (!input.space().isEmpty()) {
            scope.refuseChannelsLast();
        }
        long from = vertex.integer("from");
        long to = vertex.integer("to");
        if (from < 0 || to < from || to >= input.channels().original()) {
            throw scope.refused("takes the channels " + from + " to " + to + " of "
                    + input.channels().original());
        }
        String starts = scope.vector("starts", from);
        String ends = scope.vector("ends", to + 1);
        String y = scope.op("Slice", Attributes.none(), input.value(), starts, ends, scope.vector("axes", 1));
        Extent start = new Extent.Element(starts, 0, from);
        // A slice may end behind the last channel, a subset may not.
        Extent end = new Extent.Least(new Extent.Element(ends, 0, to + 1), input.channels());
        scope.bind(vertex, "from", start);
        scope.bind(vertex, "to", new Extent.Span(new Extent.Fixed(1), end));
        return input.with(y, new Extent.Span(start, end));
    }

    private static Signal stack(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        alike(scope, inputs);
        return inputs.get(0).named(scope.op("Concat", Attributes.none().with("axis", 0), values(inputs)));
    }

    private static Signal unstack(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        int size = vertex.count("stackSize");
        long from = vertex.integer("from");
        if (from < 0 || from >= size) {
            throw scope.refused("takes part " + from + " of " + size);
        }
        List<String> parts = scope.split(
                "Split",
                Attributes.none().with("axis", 0).with("num_outputs", size),
                size,
                inputs.get(0).value());
        return inputs.get(0).named(parts.get((int) from));
    }

    private static Signal scale(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        String factor = scope.scalar("factor", vertex.real("scaleFactor", 1));
        return inputs.get(0)
                .named(scope.op("Mul", Attributes.none(), inputs.get(0).value(), factor));
    }

    private static Signal shift(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        String summand = scope.scalar("summand", vertex.real("shiftFactor", 0));
        return inputs.get(0)
                .named(scope.op("Add", Attributes.none(), inputs.get(0).value(), summand));
    }

    private static Signal normalise(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        Signal input = inputs.get(0);
        if (vertex.integers("dimension").filter(axes -> !axes.isEmpty()).isPresent()) {
            throw scope.refused("normalises along chosen axes; only all axes of an example are supported");
        }
        long[] axes = new long[input.rank() - 1];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i + 1;
        }
        String norm = scope.op("ReduceL2", Attributes.none(), input.value(), scope.vector("axes", axes));
        String bounded = scope.op("Max", Attributes.none(), norm, scope.scalar("eps", vertex.real("eps", 1e-8)));
        return input.named(scope.op("Div", Attributes.none(), input.value(), bounded));
    }

    /** Takes away the first row and the first column. */
    private static Signal poolHelper(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        scope.refuseChannelsLast();
        Signal input = inputs.get(0);
        scope.expect(input, Form.IMAGE);
        String y = scope.op(
                "Slice",
                Attributes.none(),
                input.value(),
                scope.vector("starts", 1, 1),
                scope.vector("ends", Integer.MAX_VALUE, Integer.MAX_VALUE),
                scope.vector("axes", 2, 3));
        List<Long> space = new ArrayList<>();
        input.space().forEach(extent -> space.add(extent == Signal.UNKNOWN ? extent : extent - 1));
        return input.withSpace(y, space);
    }

    private static Signal lastTimeStep(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        scope.refuseChannelsLast();
        return RecurrentRules.last(scope, inputs.get(0));
    }

    private static Signal reverse(Scope scope, ConfigNode vertex, List<Signal> inputs) {
        scope.refuseChannelsLast();
        Signal input = inputs.get(0);
        scope.expect(input, Form.RECURRENT);
        String y = scope.op(
                "Slice",
                Attributes.none(),
                input.value(),
                scope.vector("starts", -1),
                scope.vector("ends", Integer.MIN_VALUE),
                scope.vector("axes", 2),
                scope.vector("steps", -1));
        return input.named(y);
    }
}
