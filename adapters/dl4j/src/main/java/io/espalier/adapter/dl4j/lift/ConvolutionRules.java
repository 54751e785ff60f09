package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Convolutions: the bias lies before the weights, which are in row-major order. */
final class ConvolutionRules {

    private ConvolutionRules() {}

    static void register(Map<String, LayerRule> rules) {
        rules.put("Convolution1DLayer", (scope, layer, input) -> convolution(scope, layer, input, Form.RECURRENT));
        rules.put("Convolution1D", (scope, layer, input) -> convolution(scope, layer, input, Form.RECURRENT));
        rules.put("ConvolutionLayer", (scope, layer, input) -> convolution(scope, layer, input, Form.IMAGE));
        rules.put("Convolution2D", (scope, layer, input) -> convolution(scope, layer, input, Form.IMAGE));
        rules.put("Convolution3D", (scope, layer, input) -> convolution(scope, layer, input, Form.VOLUME));
        rules.put("Deconvolution2D", (scope, layer, input) -> deconvolution(scope, layer, input, Form.IMAGE));
        rules.put("Deconvolution3D", (scope, layer, input) -> deconvolution(scope, layer, input, Form.VOLUME));
        rules.put("DepthwiseConvolution2D", ConvolutionRules::depthwise);
        rules.put("SeparableConvolution2D", ConvolutionRules::separable);
    }

    /** Checks what all windows need and reads it. */
    static Window window(Scope scope, Layer layer, Signal input, Form form) {
        scope.checkChannelOrder(layer.node());
        scope.expect(input, form);
        Window window = Window.of(layer.node(), form.spaceAxes());
        window.problem().ifPresent(problem -> {
            throw scope.refused(problem);
        });
        return window;
    }

    private static long[] shape(long first, long second, List<Long> kernel) {
        long[] shape = new long[2 + kernel.size()];
        shape[0] = first;
        shape[1] = second;
        for (int axis = 0; axis < kernel.size(); axis++) {
            shape[2 + axis] = kernel.get(axis);
        }
        return shape;
    }

    private static long product(long... factors) {
        long product = 1;
        for (long factor : factors) {
            product = Math.multiplyExact(product, factor);
        }
        return product;
    }

    private static Optional<FlatView> bias(Parameters parameters, ConfigNode node, long out) {
        return node.flag("hasBias", true)
                ? Optional.of(FlatView.rowMajor(parameters.bias("b", out), out))
                : Optional.empty();
    }

    private static String[] operands(Scope scope, Signal input, String weight, Optional<FlatView> bias) {
        List<String> operands = new ArrayList<>(List.of(input.value(), weight));
        bias.ifPresent(view -> operands.add(scope.parameter("b", view)));
        return operands.toArray(String[]::new);
    }

    private static Signal convolution(Scope scope, Layer layer, Signal input, Form form) {
        ConfigNode node = layer.node();
        Window window = window(scope, layer, input, form);
        long in = node.count("nin");
        long out = node.count("nout");
        scope.expect(in, input);
        Parameters parameters = layer.parameters(scope);
        Optional<FlatView> bias = bias(parameters, node, out);
        long[] shape = shape(out, in, window.kernel());
        long start = parameters.weight("W", product(shape));
        // One-dimensional weights are declared as out, in, kernel, but read as kernel, in, out.
        String weight = scope.parameter(
                "W",
                form == Form.RECURRENT
                        ? kernelFirst(start, out, in, window.kernel())
                        : FlatView.rowMajor(start, shape));
        parameters.done(form == Form.VOLUME ? new String[] {"W"} : new String[0]);
        Extent channels = new Extent.Axis(weight, 0, out);
        scope.bind(node, "nin", input.channels());
        scope.bind(node, "nout", channels);
        String result = scope.op("Conv", window.attributes(), operands(scope, input, weight, bias));
        return Activations.of(
                scope, node, new Signal(result, input.form(), channels, window.slide(scope.draft(), input.space())));
    }

    private static Signal deconvolution(Scope scope, Layer layer, Signal input, Form form) {
        ConfigNode node = layer.node();
        Window window = window(scope, layer, input, form);
        long in = node.count("nin");
        long out = node.count("nout");
        scope.expect(in, input);
        Parameters parameters = layer.parameters(scope);
        Optional<FlatView> bias = bias(parameters, node, out);
        long[] shape = shape(in, out, window.kernel());
        long start = parameters.weight("W", product(shape));
        String weight = scope.parameter(
                "W",
                form == Form.VOLUME ? kernelFirst(start, in, out, window.kernel()) : FlatView.rowMajor(start, shape));
        parameters.done(form == Form.VOLUME ? new String[] {"W"} : new String[0]);
        Extent channels = new Extent.Axis(weight, 1, out);
        scope.bind(node, "nin", input.channels());
        scope.bind(node, "nout", channels);
        String result = scope.op("ConvTranspose", window.transposedAttributes(), operands(scope, input, weight, bias));
        return Activations.of(scope, node, new Signal(result, input.form(), channels, window.spread(input.space())));
    }

    /** Weights that the library keeps as kernel, second, first; seen as first, second, kernel. */
    private static FlatView kernelFirst(long start, long first, long second, List<Long> kernel) {
        List<long[]> offsets = new ArrayList<>();
        offsets.add(FlatView.steps(first, 1));
        offsets.add(FlatView.steps(second, first));
        long stride = first * second;
        for (int axis = kernel.size() - 1; axis >= 0; axis--) {
            offsets.add(2, FlatView.steps(kernel.get(axis), stride));
            stride *= kernel.get(axis);
        }
        return new FlatView(start, offsets, FlatView.Code.PLAIN);
    }

    /** The library keeps the weights as kernel, channel, multiplier; channel c makes the outputs c * multiplier + m. */
    private static Signal depthwise(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        Window window = window(scope, layer, input, Form.IMAGE);
        long in = node.count("nin");
        long multiplier = node.count("depthMultiplier");
        long out = Math.multiplyExact(in, multiplier);
        scope.expect(in, input);
        if (node.count("nout") != out) {
            throw scope.refused(
                    "makes " + node.count("nout") + " channels of " + in + " with multiplier " + multiplier);
        }
        Parameters parameters = layer.parameters(scope);
        Optional<FlatView> bias = bias(parameters, node, out);
        long height = window.kernel().get(0);
        long width = window.kernel().get(1);
        long start = parameters.weight("W", product(out, height, width));
        parameters.done("W");
        FlatView view = new FlatView(
                start,
                List.of(
                        FlatView.steps(out, 1),
                        FlatView.steps(1, 0),
                        FlatView.steps(height, width * out),
                        FlatView.steps(width, out)),
                FlatView.Code.PLAIN);
        String weight = scope.parameter("W", view);
        Extent channels = new Extent.Axis(weight, 0, out);
        scope.bind(node, "nin", input.channels());
        scope.bind(node, "nout", channels);
        scope.bind(node, "depthMultiplier", new Extent.Quotient(channels, input.channels()));
        String result = scope.op("Conv", window.attributes().with("group", in), operands(scope, input, weight, bias));
        return Activations.of(
                scope, node, new Signal(result, input.form(), channels, window.slide(scope.draft(), input.space())));
    }

    /**
     * One depthwise convolution for each multiple, because the library keeps the weights as multiplier, channel, kernel;
     * then one of width one, whose input m of channel c is c * multiplier + m.
     */
    private static Signal separable(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        Window window = window(scope, layer, input, Form.IMAGE);
        long in = node.count("nin");
        long out = node.count("nout");
        int multiplier = node.count("depthMultiplier");
        scope.expect(in, input);
        Parameters parameters = layer.parameters(scope);
        Optional<FlatView> bias = bias(parameters, node, out);
        long height = window.kernel().get(0);
        long width = window.kernel().get(1);
        long depthStart = parameters.weight("W", product(in, multiplier, height, width));
        long pointStart = parameters.weight("pW", product(in, multiplier, out));
        parameters.done("W", "pW");
        String[] multiples = new String[multiplier];
        long[] order = new long[Math.toIntExact(in * multiplier)];
        for (int m = 0; m < multiplier; m++) {
            FlatView view = FlatView.rowMajor(depthStart + m * product(in, height, width), in, 1, height, width);
            String weight = scope.parameter("W" + m, view);
            multiples[m] = scope.op("Conv", window.attributes().with("group", in), input.value(), weight);
            for (int c = 0; c < in; c++) {
                order[Math.toIntExact(m * in + c)] = (long) c * multiplier + m;
            }
        }
        String depth = multiplier == 1
                ? multiples[0]
                : scope.op("Concat", Attributes.none().with("axis", 1), multiples);
        FlatView point = new FlatView(
                pointStart,
                List.of(FlatView.steps(out, in * multiplier), order, FlatView.steps(1, 0), FlatView.steps(1, 0)),
                FlatView.Code.PLAIN);
        String weight = scope.parameter("pW", point);
        Extent channels = new Extent.Axis(weight, 0, out);
        scope.bind(node, "nin", input.channels());
        scope.bind(node, "nout", channels);
        String result = scope.op(
                "Conv",
                Attributes.none().with("kernel_shape", List.of(1L, 1L)),
                operands(scope, input.named(depth), weight, bias));
        return Activations.of(
                scope, node, new Signal(result, input.form(), channels, window.slide(scope.draft(), input.space())));
    }
}
