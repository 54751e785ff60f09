package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds neutral graphs with seeded weights.
 *
 * <p>Every operator method adds nodes and returns the name of their result. Layers take a name first; their constants
 * are called as in PyTorch, {@code name.weight} and so on. Weights are scaled so that activations keep their magnitude
 * through depth. The same calls with the same seed give the same graph. Shapes are followed where that is easy; where
 * it is not, {@link #follow(String, Object...)} tells them. Not thread-safe.
 */
public final class GraphBuilder extends OperatorBuilder {

    private static final double EPSILON = 1e-5;

    public GraphBuilder(String name, long seed) {
        super(name, seed);
    }

    private GraphBuilder(String name, GraphBuilder around) {
        super(name, around);
    }

    /** A builder for a body that may read the values built so far, such as a branch of {@code If}. */
    public GraphBuilder body(String name) {
        return new GraphBuilder(name, this);
    }

    /** Makes float32 values outputs of the graph. */
    public GraphBuilder output(String... values) {
        Arrays.stream(values).forEach(value -> addOutput(value, DataType.FLOAT32));
        return this;
    }

    /** Makes a value of any type an output of the graph. */
    public GraphBuilder output(DataType type, String value) {
        addOutput(value, type);
        return this;
    }

    /** Convolution with a weight of its own, {@code [out, in / groups, kernel...]}. */
    public String conv(String name, String x, long out, Window window) {
        return conv(
                x, convWeight(name, extent(x, 1), out, window, rank(x) - 2), bias(name, out, window.bias()), window);
    }

    /** A convolution weight. */
    public String convWeight(String name, long in, long out, Window window, int spatial) {
        long[] shape = new long[2 + spatial];
        Arrays.fill(shape, window.kernel());
        shape[0] = out;
        shape[1] = in / window.groups();
        double fanIn = shape[1] * Math.pow(window.kernel(), spatial);
        return normal(name + ".weight", Math.sqrt(2 / fanIn), shape);
    }

    /** Convolution with a given weight, constant or not; an empty bias is absent. */
    public String conv(String x, String weight, String bias, Window window) {
        String result = node("Conv", operands(x, weight, bias), windowAttributes(window, rank(x) - 2));
        return follow(result, Shapes.window(shape(x), shape(weight).get(0), window));
    }

    /** Transposed convolution that doubles height and width; the weight is {@code [in, out, 2, 2]}. */
    public String convTranspose(String name, String x, long out) {
        Window window = Window.valid(2).stride(2);
        String weight = normal(name + ".weight", Math.sqrt(1.0 / extent(x, 1)), extent(x, 1), out, 2, 2);
        String result = node("ConvTranspose", List.of(x, weight, bias(name, out, true)), windowAttributes(window, 2));
        return follow(result, shape(x).get(0), out, doubled(shape(x).get(2)), doubled(shape(x).get(3)));
    }

    private static Object[] windowAttributes(Window window, int spatial) {
        return new Object[] {
            "dilations", repeat(1, spatial),
            "group", window.groups(),
            "kernel_shape", repeat(window.kernel(), spatial),
            "pads", repeat(window.pad(), 2 * spatial),
            "strides", repeat(window.stride(), spatial)
        };
    }

    /** Batch normalisation in inference form. */
    public String bn(String name, String x) {
        return bn(name, x, 1);
    }

    /** Batch normalisation whose scales are around {@code gain}, below 1 where a residual branch ends. */
    public String bn(String name, String x, double gain) {
        long channels = extent(x, 1);
        List<String> operands = List.of(
                x,
                uniform(name + ".weight", 0.5 * gain, 1.5 * gain, channels),
                normal(name + ".bias", 0.1, channels),
                normal(name + ".running_mean", 0.1, channels),
                uniform(name + ".running_var", 0.5, 1.5, channels));
        return like(x, node("BatchNormalization", operands, "epsilon", EPSILON));
    }

    /** Fully connected layer as Gemm, the weight {@code [out, in]}. */
    public String gemm(String name, String x, long out) {
        long in = extent(x, 1);
        String weight = normal(name + ".weight", 1 / Math.sqrt(in), out, in);
        String result = node("Gemm", List.of(x, weight, bias(name, out, true)), "transB", 1);
        return follow(result, shape(x).get(0), out);
    }

    /** Fully connected layer as MatMul and Add, the weight {@code [in, out]}. */
    public String linear(String name, String x, long out) {
        return add(linearWithoutBias(name, x, out), bias(name, out, true));
    }

    /** Fully connected layer as MatMul, the weight {@code [in, out]}. */
    public String linearWithoutBias(String name, String x, long out) {
        long in = extent(x, -1);
        return matMul(x, normal(name + ".weight", 1 / Math.sqrt(in), in, out));
    }

    private String bias(String name, long out, boolean present) {
        return present ? normal(name + ".bias", 0.1, out) : "";
    }

    /** Layer normalisation of the last axis in one node. */
    public String layerNorm(String name, String x) {
        List<String> operands = List.of(x, affineWeight(name, x), affineBias(name, x));
        return like(x, node("LayerNormalization", operands, "axis", -1, "epsilon", EPSILON));
    }

    /** Layer normalisation of the last axis as exporters before opset 17 wrote it. */
    public String layerNormDecomposed(String name, String x) {
        String centred = binary("Sub", x, mean(x, true, -1));
        String variance = mean(binary("Pow", centred, scalar(2)), true, -1);
        String normal = binary("Div", centred, unary("Sqrt", add(variance, scalar(EPSILON))));
        return add(mul(normal, affineWeight(name, x)), affineBias(name, x));
    }

    /** Root-mean-square normalisation of the last axis, decomposed. */
    public String rmsNorm(String name, String x) {
        String power = mean(binary("Pow", x, scalar(2)), true, -1);
        String inverse = unary("Reciprocal", unary("Sqrt", add(power, scalar(EPSILON))));
        return mul(mul(x, inverse), affineWeight(name, x));
    }

    private String affineWeight(String name, String x) {
        return uniform(name + ".weight", 0.5, 1.5, extent(x, -1));
    }

    private String affineBias(String name, String x) {
        return normal(name + ".bias", 0.1, extent(x, -1));
    }

    /** GELU in its exact form, as PyTorch exports it before opset 20. */
    public String geluDecomposed(String x) {
        String erf = unary("Erf", binary("Div", x, scalar(Math.sqrt(2))));
        return mul(mul(x, add(erf, scalar(1))), scalar(0.5));
    }

    /** x * sigmoid(x). */
    public String silu(String x) {
        return mul(x, unary("Sigmoid", x));
    }

    /** Operands without the absent ones at the end. */
    static List<String> operands(String... values) {
        List<String> operands = new ArrayList<>(List.of(values));
        while (operands.get(operands.size() - 1).isEmpty()) {
            operands.remove(operands.size() - 1);
        }
        return operands;
    }

    /** A dimension for {@link #follow(String, Object...)} about which nothing is known. */
    public static Dimension unknown() {
        return new Dimension.Unknown();
    }
}
