package io.espalier.adapter.tflite.lift;

import io.espalier.spi.graph.LayerName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What operators are called. They have no names of their own: the converter names the tensor that an operator makes after the
 * operations it stands for, such as {@code model/re_lu/Relu;model/bn/FusedBatchNormV3;model/conv2d_3/Conv2D}.
 */
final class LayerNames {

    private LayerNames() {}

    /**
     * The name of the layer of an operator.
     *
     * @param output name of the first tensor it makes
     * @param operator name of the operator, such as {@code DEPTHWISE_CONV_2D}
     */
    static LayerName of(String output, String operator) {
        String kernel = kernel(operator);
        List<String> operations = Arrays.stream(output.split(";"))
                .sorted(Comparator.comparing(operation -> !last(operation).contains(kernel)))
                .toList();
        return new LayerName("", operations);
    }

    /** How the converter calls the operation that has the weights, in lower case. */
    private static String kernel(String operator) {
        return switch (operator) {
            case "DEPTHWISE_CONV_2D" -> "depthwise";
            case "CONV_2D", "CONV_3D", "TRANSPOSE_CONV", "CONV_3D_TRANSPOSE" -> "conv";
            case "FULLY_CONNECTED", "BATCH_MATMUL" -> "matmul";
            default -> operator.replace("_", "").toLowerCase(Locale.ROOT);
        };
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }
}
