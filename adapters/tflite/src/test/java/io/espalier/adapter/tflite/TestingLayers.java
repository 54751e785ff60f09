package io.espalier.adapter.tflite;

import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.AddNOptionsT;
import org.tensorflow.lite.schema.AddOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.ConcatenationOptionsT;
import org.tensorflow.lite.schema.Conv2DOptionsT;
import org.tensorflow.lite.schema.DepthwiseConv2DOptionsT;
import org.tensorflow.lite.schema.FullyConnectedOptionsT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptionsT;
import org.tensorflow.lite.schema.ReducerOptionsT;
import org.tensorflow.lite.schema.ReshapeOptionsT;
import org.tensorflow.lite.schema.SoftmaxOptionsT;

/** Layers of test networks. */
final class TestingLayers {

    private final TestingTflite model;

    TestingLayers(TestingTflite model) {
        this.model = model;
    }

    private static int extent(int input, int kernel, int stride, byte padding) {
        return padding == Padding.SAME ? (input + stride - 1) / stride : (input - kernel) / stride + 1;
    }

    static Conv2DOptionsT convolution(int stride, byte padding, byte activation) {
        Conv2DOptionsT options = new Conv2DOptionsT();
        options.setStrideH(stride);
        options.setStrideW(stride);
        options.setDilationHFactor(1);
        options.setDilationWFactor(1);
        options.setPadding(padding);
        options.setFusedActivationFunction(activation);
        return options;
    }

    int conv(int x, int channels, int kernel, int stride, byte padding, byte activation) {
        int[] in = model.shape(x);
        int weights = model.weights(channels, kernel, kernel, in[3]);
        return convolve(x, weights, model.weights(channels), stride, padding, activation);
    }

    int convolve(int x, int weights, int bias, int stride, byte padding, byte activation) {
        int[] in = model.shape(x);
        int[] w = model.shape(weights);
        return model.operator(
                BuiltinOperator.CONV_2D,
                convolution(stride, padding, activation),
                new int[] {x, weights, bias},
                in[0],
                extent(in[1], w[1], stride, padding),
                extent(in[2], w[2], stride, padding),
                w[0]);
    }

    int conv(int x, int channels) {
        return conv(x, channels, 3, 1, Padding.SAME, ActivationFunctionType.RELU);
    }

    int depthwise(int x, int multiplier, int kernel, int stride, byte padding, byte activation) {
        int[] in = model.shape(x);
        DepthwiseConv2DOptionsT options = new DepthwiseConv2DOptionsT();
        options.setStrideH(stride);
        options.setStrideW(stride);
        options.setDilationHFactor(1);
        options.setDilationWFactor(1);
        options.setDepthMultiplier(multiplier);
        options.setPadding(padding);
        options.setFusedActivationFunction(activation);
        int channels = in[3] * multiplier;
        return model.operator(
                BuiltinOperator.DEPTHWISE_CONV_2D,
                options,
                new int[] {x, model.weights(1, kernel, kernel, channels), model.weights(channels)},
                in[0],
                extent(in[1], kernel, stride, padding),
                extent(in[2], kernel, stride, padding),
                channels);
    }

    static Pool2DOptionsT window(int size, int stride, byte padding) {
        Pool2DOptionsT options = new Pool2DOptionsT();
        options.setFilterHeight(size);
        options.setFilterWidth(size);
        options.setStrideH(stride);
        options.setStrideW(stride);
        options.setPadding(padding);
        return options;
    }

    int pool(int builtin, int x, int size, int stride, byte padding) {
        int[] in = model.shape(x);
        return model.operator(
                builtin,
                window(size, stride, padding),
                new int[] {x},
                in[0],
                extent(in[1], size, stride, padding),
                extent(in[2], size, stride, padding),
                in[3]);
    }

    int add(int a, int b, byte activation) {
        AddOptionsT options = new AddOptionsT();
        options.setFusedActivationFunction(activation);
        return model.operator(BuiltinOperator.ADD, options, new int[] {a, b}, model.shape(a));
    }

    int addAll(int... operands) {
        return model.operator(BuiltinOperator.ADD_N, new AddNOptionsT(), operands, model.shape(operands[0]));
    }

    int concat(int axis, int... parts) {
        ConcatenationOptionsT options = new ConcatenationOptionsT();
        options.setAxis(axis);
        int[] shape = model.shape(parts[0]).clone();
        shape[axis] = 0;
        for (int part : parts) {
            shape[axis] += model.shape(part)[axis];
        }
        return model.operator(BuiltinOperator.CONCATENATION, options, parts, shape);
    }

    int mean(int x) {
        ReducerOptionsT options = new ReducerOptionsT();
        int[] in = model.shape(x);
        return model.operator(BuiltinOperator.MEAN, options, new int[] {x, model.vector(1, 2)}, in[0], in[3]);
    }

    int reshape(int x, int... shape) {
        ReshapeOptionsT options = new ReshapeOptionsT();
        options.setNewShape(shape);
        return model.operator(BuiltinOperator.RESHAPE, options, new int[] {x, model.vector(shape)}, shape);
    }

    int dense(int x, int units, byte activation) {
        FullyConnectedOptionsT options = new FullyConnectedOptionsT();
        options.setFusedActivationFunction(activation);
        int[] in = model.shape(x);
        return model.operator(
                BuiltinOperator.FULLY_CONNECTED,
                options,
                new int[] {x, model.weights(units, in[1]), model.weights(units)},
                in[0],
                units);
    }

    int softmax(int x) {
        SoftmaxOptionsT options = new SoftmaxOptionsT();
        options.setBeta(1);
        return model.operator(BuiltinOperator.SOFTMAX, options, new int[] {x}, model.shape(x));
    }
}
