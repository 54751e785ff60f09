package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.FlatView.Code;
import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Normalisation, activation, and layers that do nothing once a network is trained. */
final class NormRules {

    private NormRules() {}

    static void register(Map<String, LayerRule> rules) {
        rules.put("BatchNormalization", NormRules::batch);
        rules.put("LocalResponseNormalization", NormRules::local);
        rules.put("ActivationLayer", NormRules::activation);
        rules.put("LossLayer", NormRules::loss);
        rules.put("CnnLossLayer", NormRules::loss);
        rules.put("Cnn3DLossLayer", NormRules::loss);
        rules.put("RnnLossLayer", NormRules::loss);
        rules.put("DropoutLayer", NormRules::nothing);
        rules.put("MaskLayer", (scope, layer, input) -> input);
        rules.put("RepeatVector", NormRules::repeat);
    }

    private static Signal activation(Scope scope, Layer layer, Signal input) {
        return Activations.of(scope, layer.node(), nothing(scope, layer, input));
    }

    private static Signal loss(Scope scope, Layer layer, Signal input) {
        return Activations.ofPositions(scope, layer.node(), nothing(scope, layer, input));
    }

    private static Signal nothing(Scope scope, Layer layer, Signal input) {
        scope.bind(layer.node(), "nin", input.channels());
        scope.bind(layer.node(), "nout", input.channels());
        return input;
    }

    /** Gamma and beta unless they are fixed, the mean, and the variance or the logarithm of its root. */
    private static Signal batch(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        if (!input.space().isEmpty()) {
            scope.checkChannelOrder(node);
        }
        if (input.form() == Form.RECURRENT) {
            scope.refuseChannelsLast();
        }
        long width = node.count("nout");
        scope.expect(width, input);
        boolean fixed = node.flag("lockGammaBeta", false);
        boolean logarithm = node.flag("useLogStd", false);
        Parameters parameters = layer.parameters(scope);
        String gamma = fixed
                ? filled(scope, "gamma", width, node.real("gamma", 1))
                : scope.parameter("gamma", FlatView.rowMajor(parameters.weight("gamma", width), width));
        String beta = fixed
                ? filled(scope, "beta", width, node.real("beta", 0))
                : scope.parameter("beta", FlatView.rowMajor(parameters.weight("beta", width), width));
        String mean = scope.parameter("mean", FlatView.rowMajor(parameters.statistic("mean", width), width));
        String variance = scope.parameter(
                "var",
                FlatView.rowMajor(parameters.statistic("var", width), width)
                        .coded(logarithm ? Code.LOG10_OF_ROOT : Code.PLAIN));
        parameters.done();
        scope.bind(node, "nin", input.channels());
        scope.bind(node, "nout", input.channels());
        Attributes attributes = Attributes.none().with("epsilon", node.real("eps", 1e-5));
        return input.named(scope.op("BatchNormalization", attributes, input.value(), gamma, beta, mean, variance));
    }

    private static String filled(Scope scope, String part, long width, double value) {
        float[] values = new float[Math.toIntExact(width)];
        Arrays.fill(values, (float) value);
        return scope.constant(part, Tensors.floats(List.of(width), values));
    }

    /** The library does not divide alpha by the number of channels it sums over. */
    private static Signal local(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        scope.checkChannelOrder(node);
        scope.expect(input, Form.IMAGE);
        long size = 2 * ((long) node.real("n", 5) / 2) + 1;
        Attributes attributes = Attributes.none()
                .with("size", size)
                .with("alpha", node.real("alpha", 1e-4) * size)
                .with("beta", node.real("beta", 0.75))
                .with("bias", node.real("k", 2));
        return input.named(scope.op("LRN", attributes, input.value()));
    }

    private static Signal repeat(Scope scope, Layer layer, Signal input) {
        scope.refuseChannelsLast();
        scope.checkChannelOrder(layer.node());
        scope.expect(input, Form.FEED_FORWARD);
        long times = layer.node().count("n");
        nothing(scope, layer, input);
        String open = scope.op("Unsqueeze", Attributes.none(), input.value(), scope.vector("axes", 2));
        String y = scope.op("Tile", Attributes.none(), open, scope.vector("repeats", 1, 1, times));
        return new Signal(y, Form.RECURRENT, input.channels(), List.of(times));
    }
}
