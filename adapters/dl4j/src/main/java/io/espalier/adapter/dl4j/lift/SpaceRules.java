package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Layers without parameters that work on the axes behind the channels: pools, zooms, edges. */
final class SpaceRules {

    private SpaceRules() {}

    static void register(Map<String, LayerRule> rules) {
        rules.put("Subsampling1DLayer", (scope, layer, input) -> pool(scope, layer, input, Form.RECURRENT));
        rules.put("SubsamplingLayer", (scope, layer, input) -> pool(scope, layer, input, Form.IMAGE));
        rules.put("Subsampling3DLayer", (scope, layer, input) -> pool(scope, layer, input, Form.VOLUME));
        rules.put("GlobalPoolingLayer", SpaceRules::global);
        rules.put("Upsampling1D", (scope, layer, input) -> zoom(scope, layer, input, Form.RECURRENT));
        rules.put("Upsampling2D", (scope, layer, input) -> zoom(scope, layer, input, Form.IMAGE));
        rules.put("Upsampling3D", (scope, layer, input) -> zoom(scope, layer, input, Form.VOLUME));
        rules.put("ZeroPadding1DLayer", (scope, layer, input) -> pad(scope, layer, input, Form.RECURRENT));
        rules.put("ZeroPaddingLayer", (scope, layer, input) -> pad(scope, layer, input, Form.IMAGE));
        rules.put("ZeroPadding3DLayer", (scope, layer, input) -> pad(scope, layer, input, Form.VOLUME));
        rules.put("Cropping1D", (scope, layer, input) -> crop(scope, layer, input, Form.RECURRENT));
        rules.put("Cropping2D", (scope, layer, input) -> crop(scope, layer, input, Form.IMAGE));
        rules.put("Cropping3D", (scope, layer, input) -> crop(scope, layer, input, Form.VOLUME));
    }

    private static Signal pool(Scope scope, Layer layer, Signal input, Form form) {
        ConfigNode node = layer.node();
        Window window = ConvolutionRules.window(scope, layer, input, form);
        String type = node.text("poolingType", "MAX");
        boolean withPadding = node.flag("avgPoolIncludePadInDivisor", false);
        boolean apart = window.padsBeyondKernel();
        if (apart && type.equals("AVG") && !withPadding) {
            throw scope.refused("averages over a dilated window without counting the zeros at the edge");
        }
        String x = apart ? padded(scope, input, window, type) : input.value();
        Attributes attributes = apart ? window.attributesWithoutPadding() : window.attributes();
        String y = switch (type) {
            case "MAX" -> scope.op("MaxPool", attributes, x);
            case "AVG" -> scope.op("AveragePool", attributes.with("count_include_pad", withPadding ? 1 : 0), x);
            case "PNORM" -> scope.op("LpPool", attributes.with("p", (long) node.count("pnorm")), x);
            default -> throw scope.refused("pools by " + type);
        };
        return input.withSpace(y, window.slide(scope.draft(), input.space()));
    }

    private static String padded(Scope scope, Signal input, Window window, String type) {
        String nothing = scope.scalar("nothing", type.equals("MAX") ? Double.NEGATIVE_INFINITY : 0);
        return scope.op("Pad", Attributes.none(), input.value(), scope.vector("edges", window.edges()), nothing);
    }

    private static Signal global(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        scope.expect(input, Form.RECURRENT, Form.IMAGE, Form.VOLUME);
        List<Long> axes = input.spaceAxes();
        long shift = 2 - scope.order().firstPosition();
        List<Long> expected = axes.stream().map(axis -> axis - shift).toList();
        List<Long> given = node.integers("poolingDimensions").orElse(axes);
        if (!given.equals(expected)) {
            throw scope.refused("pools over the axes " + given + " instead of " + expected);
        }
        boolean collapses = node.flag("collapseDimensions", true);
        String operator = switch (node.text("poolingType", "MAX")) {
            case "MAX" -> "ReduceMax";
            case "AVG" -> "ReduceMean";
            case "SUM" -> "ReduceSum";
            case "PNORM" -> "ReduceL2";
            default -> throw scope.refused("pools by " + node.text("poolingType", "nothing"));
        };
        if (operator.equals("ReduceL2") && node.count("pnorm") != 2) {
            throw scope.refused("pools by the norm of order " + node.count("pnorm") + "; only order 2 is supported");
        }
        String y = scope.op(
                operator,
                Attributes.none().with("keepdims", collapses ? 0 : 1),
                input.value(),
                scope.vector("axes", axes.stream().mapToLong(Long::longValue).toArray()));
        List<Long> ones = input.space().stream().map(extent -> 1L).toList();
        return collapses ? new Signal(y, Form.FEED_FORWARD, input.channels(), List.of()) : input.withSpace(y, ones);
    }

    private static Signal zoom(Scope scope, Layer layer, Signal input, Form form) {
        scope.checkChannelOrder(layer.node());
        scope.expect(input, form);
        List<Long> times = layer.node().integers("size", form.spaceAxes());
        float[] scales = new float[2 + times.size()];
        scales[0] = 1;
        scales[1] = 1;
        List<Long> space = new ArrayList<>();
        for (int axis = 0; axis < times.size(); axis++) {
            scales[2 + axis] = times.get(axis);
            long extent = input.space().get(axis);
            space.add(extent == Signal.UNKNOWN ? extent : extent * times.get(axis));
        }
        String factors =
                scope.constant("scales", io.espalier.spi.tensor.Tensors.floats(List.of((long) scales.length), scales));
        Attributes attributes = Attributes.none()
                .with("mode", "nearest")
                .with("coordinate_transformation_mode", "asymmetric")
                .with("nearest_mode", "floor");
        return input.withSpace(scope.op("Resize", attributes, input.value(), "", factors), space);
    }

    /** Amounts at the beginning and at the end of each axis, which the library writes in pairs. */
    private static List<Long> edges(Scope scope, ConfigNode node, String field, Form form) {
        int axes = form.spaceAxes();
        List<Long> given = node.integers(field).orElse(List.of());
        List<Long> edges = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            if (given.size() == 2 * axes) {
                edges.addAll(given.subList(2 * axis, 2 * axis + 2));
            } else if (given.size() == axes) {
                edges.addAll(List.of(given.get(axis), given.get(axis)));
            }
        }
        if (edges.size() != 2 * axes || edges.stream().anyMatch(edge -> edge < 0)) {
            throw scope.refused("has " + field + " " + given + ", where " + 2 * axes + " amounts are expected");
        }
        return edges;
    }

    private static Signal pad(Scope scope, Layer layer, Signal input, Form form) {
        scope.checkChannelOrder(layer.node());
        scope.expect(input, form);
        List<Long> edges = edges(scope, layer.node(), "padding", form);
        long[] pads = new long[2 * input.rank()];
        List<Long> space = new ArrayList<>();
        for (int axis = 0; axis < form.spaceAxes(); axis++) {
            pads[2 + axis] = edges.get(2 * axis);
            pads[2 + axis + input.rank()] = edges.get(2 * axis + 1);
            long extent = input.space().get(axis);
            space.add(extent == Signal.UNKNOWN ? extent : extent + edges.get(2 * axis) + edges.get(2 * axis + 1));
        }
        String y = scope.op("Pad", Attributes.none(), input.value(), scope.vector("pads", pads));
        return input.withSpace(y, space);
    }

    private static Signal crop(Scope scope, Layer layer, Signal input, Form form) {
        scope.checkChannelOrder(layer.node());
        scope.expect(input, form);
        List<Long> edges = edges(scope, layer.node(), "cropping", form);
        long[] starts = new long[form.spaceAxes()];
        long[] ends = new long[form.spaceAxes()];
        List<Long> space = new ArrayList<>();
        for (int axis = 0; axis < form.spaceAxes(); axis++) {
            long end = edges.get(2 * axis + 1);
            starts[axis] = edges.get(2 * axis);
            ends[axis] = end == 0 ? Integer.MAX_VALUE : -end;
            space.add(cropped(scope, axis, input.space().get(axis), edges.get(2 * axis) + end));
        }
        long[] axes = input.spaceAxes().stream().mapToLong(Long::longValue).toArray();
        String y = scope.op(
                "Slice",
                Attributes.none(),
                input.value(),
                scope.vector("starts", starts),
                scope.vector("ends", ends),
                scope.vector("axes", axes));
        return input.withSpace(y, space);
    }

    private static long cropped(Scope scope, int axis, long extent, long less) {
        if (extent == Signal.UNKNOWN) {
            return extent;
        }
        Optional<Long> left = Optional.of(extent - less).filter(rest -> rest > 0);
        if (left.isEmpty()) {
            scope.draft().contradict(axis);
        }
        return left.orElse(0L);
    }
}
