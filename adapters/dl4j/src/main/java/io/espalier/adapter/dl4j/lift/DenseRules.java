package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Layers that multiply by a matrix: {@code W [in, out]} in column-major order, then the bias.
 *
 * <p>The neutral weight is {@code [out, in]} in row-major order, which is the same bytes. Over time the layer is a
 * convolution of width one.
 */
final class DenseRules {

    private DenseRules() {}

    static void register(Map<String, LayerRule> rules) {
        rules.put("DenseLayer", DenseRules::dense);
        rules.put("OutputLayer", DenseRules::dense);
        rules.put("RnnOutputLayer", DenseRules::dense);
        rules.put("AutoEncoder", DenseRules::autoEncoder);
        rules.put("EmbeddingLayer", DenseRules::embedding);
        rules.put("EmbeddingSequenceLayer", DenseRules::embedding);
        rules.put("ElementWiseMultiplicationLayer", DenseRules::elementWise);
    }

    private static Signal dense(Scope scope, Layer layer, Signal input) {
        if (layer.node().flag("hasLayerNorm", false)) {
            throw scope.refused("normalises within the layer (hasLayerNorm), which has no place in the neutral graph");
        }
        Parameters parameters = layer.parameters(scope);
        Signal output = multiply(scope, layer, parameters, input);
        parameters.done();
        return Activations.ofPositions(scope, layer.node(), output);
    }

    private static Signal multiply(Scope scope, Layer layer, Parameters parameters, Signal input) {
        ConfigNode node = layer.node();
        scope.expect(input, Form.FEED_FORWARD, Form.FEED_FORWARD_OVER_TIME, Form.RECURRENT);
        long in = node.count("nin");
        long out = node.count("nout");
        scope.expect(in, input);
        boolean overTime = input.form() != Form.FEED_FORWARD;
        if (overTime) {
            scope.refuseChannelsLast();
        }
        long start = parameters.weight("W", Math.multiplyExact(in, out));
        String weight = scope.parameter(
                "W", overTime ? FlatView.rowMajor(start, out, in, 1) : FlatView.rowMajor(start, out, in));
        List<String> operands = new ArrayList<>(List.of(input.value(), weight));
        if (node.flag("hasBias", true)) {
            operands.add(scope.parameter("b", FlatView.rowMajor(parameters.bias("b", out), out)));
        }
        Extent channels = new Extent.Axis(weight, 0, out);
        scope.bind(node, "nin", input.channels());
        scope.bind(node, "nout", channels);
        String[] names = operands.toArray(String[]::new);
        String result = overTime
                ? scope.op("Conv", Attributes.none().with("kernel_shape", List.of(1L)), names)
                : scope.op("Gemm", Attributes.none().with("transB", 1), names);
        return input.with(result, channels);
    }

    /** The visible bias behind the others is for pretraining; what reconstructs the input is not part of inference. */
    private static Signal autoEncoder(Scope scope, Layer layer, Signal input) {
        Parameters parameters = layer.parameters(scope);
        Signal output = multiply(scope, layer, parameters, input);
        long in = layer.node().count("nin");
        long start = scope.draft().parameterCount();
        parameters.pretrainedBias("vb", in);
        parameters.done();
        scope.draft().follow(new Companion(FlatView.rowMajor(start, in), weightOf(output), 1));
        return Activations.ofPositions(scope, layer.node(), output);
    }

    private static String weightOf(Signal output) {
        return ((Extent.Axis) output.channels()).constant();
    }

    private static Signal embedding(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        scope.expect(input, Form.INDEX, Form.INDEX_OVER_TIME);
        boolean overTime = input.form() == Form.INDEX_OVER_TIME;
        boolean last = overTime && scope.order() == ChannelOrder.LAST;
        if (!node.text("outputFormat", "NCW").equals(last ? "NWC" : "NCW")) {
            throw scope.refused(
                    "puts its channels where other layers do not keep them (outputFormat), which is not supported");
        }
        long in = node.count("nin");
        long out = node.count("nout");
        Parameters parameters = layer.parameters(scope);
        long start = parameters.weight("W", Math.multiplyExact(in, out));
        String weight = scope.parameter(
                "W", new FlatView(start, List.of(FlatView.steps(in, 1), FlatView.steps(out, in)), FlatView.Code.PLAIN));
        Extent channels = new Extent.Axis(weight, 1, out);
        scope.bind(node, "nout", channels);
        String rows = scope.op("Gather", Attributes.none().with("axis", 0), weight, input.value());
        String value = overTime
                ? scope.transpose(rows, 0, 2, 1)
                : scope.op("Squeeze", Attributes.none(), rows, scope.vector("axes", 1));
        if (node.flag("hasBias", false)) {
            FlatView view =
                    FlatView.rowMajor(parameters.bias("b", out), overTime ? new long[] {out, 1} : new long[] {out});
            value = scope.op("Add", Attributes.none(), value, scope.parameter("b", view));
        }
        parameters.done();
        Form form = overTime ? Form.RECURRENT : Form.FEED_FORWARD;
        return Activations.of(scope, node, new Signal(value, form, channels, input.space()));
    }

    private static Signal elementWise(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        scope.expect(input, Form.FEED_FORWARD);
        long width = node.count("nout");
        scope.expect(width, input);
        Parameters parameters = layer.parameters(scope);
        String weight = scope.parameter("W", FlatView.rowMajor(parameters.weight("W", width), width));
        String bias = scope.parameter("b", FlatView.rowMajor(parameters.bias("b", width), width));
        parameters.done();
        scope.bind(node, "nin", input.channels());
        scope.bind(node, "nout", input.channels());
        String product = scope.op("Mul", Attributes.none(), input.value(), weight);
        return Activations.of(scope, node, input.named(scope.op("Add", Attributes.none(), product, bias)));
    }
}
