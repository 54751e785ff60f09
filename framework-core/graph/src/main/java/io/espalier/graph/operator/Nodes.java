package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes of the vocabulary, for whoever builds graphs. Each names its operands; the last argument is the name of the output.
 * Operators that definitions and nodes both name have their names here.
 */
public final class Nodes {

    static final String CONVOLUTION = "Conv";
    static final String TRANSPOSED_CONVOLUTION = "ConvTranspose";
    static final String ERROR_FUNCTION = "Erf";
    static final String GATHER = "Gather";
    static final String GENERAL_PRODUCT = "Gemm";
    static final String PRODUCT = "MatMul";
    static final String RESHAPE = "Reshape";
    static final String SLICE = "Slice";
    static final String SOFTMAX = "Softmax";
    static final String LAYER_NORMALISATION = "LayerNormalization";
    static final String BATCH_NORMALISATION = "BatchNormalization";

    private Nodes() {}

    /** A node that converts a value to single or half precision. */
    public static Node toReal(String value, boolean half, String output) {
        return Node.of("Cast", List.of(value), List.of(output), Map.of("to", new Attribute.Int(half ? 10 : 1)));
    }

    /** A node that negates a value. */
    public static Node negate(String value, String output) {
        return Node.of("Neg", List.of(value), List.of(output), Map.of());
    }

    /** A node that limits a value to a range. */
    public static Node clip(String value, String lowest, String highest, String output) {
        return Node.of("Clip", List.of(value, lowest, highest), List.of(output), Map.of());
    }

    /** A node that adds two values. */
    public static Node add(String left, String right, String output) {
        return binary("Add", left, right, output);
    }

    /** A node that subtracts one value from another. */
    public static Node subtract(String left, String right, String output) {
        return binary("Sub", left, right, output);
    }

    /** A node that multiplies two values element by element. */
    public static Node multiply(String left, String right, String output) {
        return binary("Mul", left, right, output);
    }

    /** A node that divides one value by another. */
    public static Node divide(String left, String right, String output) {
        return binary("Div", left, right, output);
    }

    /** A node that raises a value to a power. */
    public static Node power(String value, String exponent, String output) {
        return binary("Pow", value, exponent, output);
    }

    /** A node that takes the smaller of two values, element by element. */
    public static Node minimum(String left, String right, String output) {
        return binary("Min", left, right, output);
    }

    /** A node that says where two values are equal. */
    public static Node equal(String left, String right, String output) {
        return binary("Equal", left, right, output);
    }

    /** A node that says where one value is greater than another. */
    public static Node greater(String left, String right, String output) {
        return binary("Greater", left, right, output);
    }

    /** A node that takes elements of one value where a condition holds, and of another elsewhere. */
    public static Node where(String condition, String value, String otherwise, String output) {
        return Node.of("Where", List.of(condition, value, otherwise), List.of(output), Map.of());
    }

    private static Node binary(String operator, String left, String right, String output) {
        return Node.of(operator, List.of(left, right), List.of(output), Map.of());
    }

    /** A node that multiplies matrices. */
    public static Node multiplyMatrices(String left, String right, String output) {
        return Node.of(PRODUCT, List.of(left, right), List.of(output), Map.of());
    }

    /** A node that multiplies two matrices, each turned or not. */
    public static Node multiplyMatrices(
            String left, boolean leftTurned, String right, boolean rightTurned, String output) {
        Attribute first = new Attribute.Int(leftTurned ? 1 : 0);
        Attribute second = new Attribute.Int(rightTurned ? 1 : 0);
        return Node.of(
                GENERAL_PRODUCT, List.of(left, right), List.of(output), Map.of("transA", first, "transB", second));
    }

    /**
     * A node that mixes the channels of a value, which lie along its second axis.
     *
     * @param matrix a row for each channel that comes out, with as many axes of extent 1 behind as the value has behind its channels
     */
    public static Node mixChannels(String value, String matrix, String output) {
        return Node.of(CONVOLUTION, List.of(value, matrix), List.of(output), Map.of());
    }

    /** A node that sums over axes; over none where there are none. */
    public static Node sum(String value, String axes, boolean keep, String output) {
        return Node.of(
                "ReduceSum",
                List.of(value, axes),
                List.of(output),
                Map.of("keepdims", new Attribute.Int(keep ? 1 : 0), "noop_with_empty_axes", new Attribute.Int(1)));
    }

    /** A node that sums all elements of a value. */
    public static Node total(String value, String output) {
        return Node.of("ReduceSum", List.of(value), List.of(output), Map.of("keepdims", new Attribute.Int(0)));
    }

    /** A node that finds the largest elements along axes, which stay with extent 1. */
    public static Node largest(String value, String axes, String output) {
        return Node.of("ReduceMax", List.of(value, axes), List.of(output), Map.of());
    }

    /** A node that finds the largest of all elements of a value. */
    public static Node largestOfAll(String value, String output) {
        return Node.of("ReduceMax", List.of(value), List.of(output), Map.of("keepdims", new Attribute.Int(0)));
    }

    /** A node that averages over axes, which stay with extent 1. */
    public static Node mean(String value, String axes, String output) {
        return Node.of("ReduceMean", List.of(value, axes), List.of(output), Map.of());
    }

    /** A node that multiplies all elements of a value. */
    public static Node productOfAll(String value, String output) {
        return Node.of("ReduceProd", List.of(value), List.of(output), Map.of("keepdims", new Attribute.Int(0)));
    }

    /** A node that makes shares of a value along an axis. */
    public static Node softmax(String value, long axis, String output) {
        return Node.of(SOFTMAX, List.of(value), List.of(output), Map.of("axis", new Attribute.Int(axis)));
    }

    /** A node that makes logarithms of shares of a value along an axis. */
    public static Node logSoftmax(String value, long axis, String output) {
        return Node.of("LogSoftmax", List.of(value), List.of(output), Map.of("axis", new Attribute.Int(axis)));
    }

    /** A node that normalises the last axes, centred or not. */
    public static Node normaliseLast(boolean centres, List<String> operands, Map<String, Attribute> attributes) {
        return Node.of(centres ? LAYER_NORMALISATION : "RMSNormalization", operands, List.of(""), attributes);
    }

    /** Whether a node makes shares of a value. */
    static boolean isSoftmax(Node node) {
        return node.qualifiedOperator().equals(SOFTMAX);
    }

    /** A node that averages over a window, with stride 1 and zeros counted. */
    public static Node averagePool(String value, List<Long> kernel, List<Long> pads, String output) {
        Map<String, Attribute> attributes = Map.of(
                "kernel_shape",
                new Attribute.Ints(kernel),
                "pads",
                new Attribute.Ints(pads),
                "count_include_pad",
                new Attribute.Int(1));
        return Node.of("AveragePool", List.of(value), List.of(output), attributes);
    }

    /** A node that averages over the window of another pool, zeros counted. */
    public static Node averageWithPads(Node pool, String value, String output) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(pool.attributes());
        attributes.remove("p");
        attributes.put("count_include_pad", new Attribute.Int(1));
        return Node.of("AveragePool", List.of(value), List.of(output), attributes);
    }

    /** A node that regroups a value to the extents that another one holds. */
    public static Node reshape(String value, String extents, String output) {
        return Node.of(RESHAPE, List.of(value, extents), List.of(output), Map.of());
    }

    /** A node that inserts axes of extent 1. */
    public static Node unsqueeze(String value, String axes, String output) {
        return Node.of("Unsqueeze", List.of(value, axes), List.of(output), Map.of());
    }

    /** A node that removes axes of extent 1. */
    public static Node squeeze(String value, String axes, String output) {
        return Node.of("Squeeze", List.of(value, axes), List.of(output), Map.of());
    }

    /** A node that reorders axes. */
    public static Node transpose(String value, int[] permutation, String output) {
        List<Long> axes = Arrays.stream(permutation).asLongStream().boxed().toList();
        return Node.of("Transpose", List.of(value), List.of(output), Map.of("perm", new Attribute.Ints(axes)));
    }

    /** A node that counts the elements of a value. */
    public static Node size(String value, String output) {
        return Node.of("Size", List.of(value), List.of(output), Map.of());
    }

    /** A node that reads all extents of a value. */
    public static Node extents(String value, String output) {
        return Node.of("Shape", List.of(value), List.of(output), Map.of());
    }

    /** A node that reads some extents of a value. */
    public static Node extents(String value, int from, int to, String output) {
        return Node.of(
                "Shape",
                List.of(value),
                List.of(output),
                Map.of("start", new Attribute.Int(from), "end", new Attribute.Int(to)));
    }

    /** A node that joins values along an axis. */
    public static Node concatenate(List<String> values, int axis, String output) {
        return Node.of("Concat", values, List.of(output), Map.of("axis", new Attribute.Int(axis)));
    }

    /** A node that divides a value into parts of given extents along an axis; a part without a name is not made. */
    public static Node split(String value, String extents, int axis, List<String> parts) {
        return Node.of("Split", List.of(value, extents), parts, Map.of("axis", new Attribute.Int(axis)));
    }

    /** A node that repeats a value to extents. */
    public static Node expand(String value, String extents, String output) {
        return Node.of("Expand", List.of(value, extents), List.of(output), Map.of());
    }

    /** A node that adds zeros around a value, or cuts its borders off where numbers are negative. */
    public static Node pad(String value, String amounts, String output) {
        return Node.of("Pad", List.of(value, amounts), List.of(output), Map.of());
    }

    /** A node that picks positions of an axis of a value. */
    public static Node gather(String value, String indices, int axis, String output) {
        return Node.of(GATHER, List.of(value, indices), List.of(output), Map.of("axis", new Attribute.Int(axis)));
    }

    /** A node that picks one element for each index. */
    public static Node gatherElements(String value, String indices, long axis, String output) {
        return Node.of(
                "GatherElements", List.of(value, indices), List.of(output), Map.of("axis", new Attribute.Int(axis)));
    }

    /** A node that picks a block for each tuple of indices. */
    public static Node gatherBlocks(String value, String indices, String output) {
        return Node.of("GatherND", List.of(value, indices), List.of(output), Map.of());
    }

    /** A node that picks a block for each tuple of indices, at each position of some first axes by itself. */
    public static Node gatherBlocksByExample(String value, String indices, int axes, String output) {
        return gatherBlocks(value, indices, output).withAttribute("batch_dims", new Attribute.Int(axes));
    }

    /**
     * A node that takes ranges of axes of a value.
     *
     * @param ranges starts, ends, axes and steps
     */
    public static Node slice(String value, List<String> ranges, String output) {
        List<String> operands = new ArrayList<>(List.of(value));
        operands.addAll(ranges);
        return Node.of(SLICE, operands, List.of(output), Map.of());
    }

    /** A node that adds an element at each index. */
    public static Node addElements(String value, String indices, String updates, long axis, String output) {
        return Node.of(
                "ScatterElements",
                List.of(value, indices, updates),
                List.of(output),
                Map.of("axis", new Attribute.Int(axis), "reduction", new Attribute.Text("add")));
    }

    /** A node that adds a block at each tuple of indices. */
    public static Node addBlocks(String value, String indices, String updates, String output) {
        return Node.of(
                "ScatterND",
                List.of(value, indices, updates),
                List.of(output),
                Map.of("reduction", new Attribute.Text("add")));
    }

    /** A node that finds the positions of what is not zero. */
    public static Node nonZero(String value, String output) {
        return Node.of("NonZero", List.of(value), List.of(output), Map.of());
    }

    /** A node that makes an identity matrix of the extents of a matrix. */
    public static Node identity(String matrix, String output) {
        return Node.of("EyeLike", List.of(matrix), List.of(output), Map.of());
    }

    /** A node that transforms a spectrum or a signal in one direction, as another one does, along an axis. */
    static Node transform(Node like, String value, int axis, boolean inverse) {
        boolean named = like.attributes().containsKey("axis") || like.inputs().size() < 3;
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("inverse", new Attribute.Int(inverse ? 1 : 0));
        if (named) {
            attributes.put("axis", new Attribute.Int(axis));
        }
        List<String> operands =
                named ? List.of(value) : List.of(value, "", like.inputs().get(2));
        return Node.of(like.operator(), operands, List.of(""), attributes);
    }

    /** A node that makes zeros of the given extents. */
    public static Node zeros(String extents, String output) {
        return Node.of("ConstantOfShape", List.of(extents), List.of(output), Map.of());
    }

    /** A node that makes ones. */
    public static Node ones(String extents, String output) {
        Attribute one = new Attribute.Constant(Tensors.floats(List.of(1L), 1));
        return Node.of("ConstantOfShape", List.of(extents), List.of(output), Map.of("value", one));
    }

    /** A node that convolves. */
    public static Node convolution(String value, String weight, Window window, String output) {
        return Node.of(CONVOLUTION, List.of(value, weight), List.of(output), attributes(window));
    }

    /** A node that spreads each element over a window, with zeros behind where {@code extra} says so. */
    public static Node transposed(String value, String weight, Window window, long[] extra, String output) {
        Map<String, Attribute> attributes = attributes(window);
        if (Arrays.stream(extra).anyMatch(each -> each != 0)) {
            attributes.put(
                    "output_padding",
                    new Attribute.Ints(Arrays.stream(extra).boxed().toList()));
        }
        return Node.of(TRANSPOSED_CONVOLUTION, List.of(value, weight), List.of(output), attributes);
    }

    private static Map<String, Attribute> attributes(Window window) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("kernel_shape", new Attribute.Ints(window.kernel()));
        attributes.put("strides", new Attribute.Ints(window.strides()));
        attributes.put("dilations", new Attribute.Ints(window.dilations()));
        attributes.put("pads", new Attribute.Ints(window.pads()));
        attributes.put("group", new Attribute.Int(window.groups()));
        return attributes;
    }
}
