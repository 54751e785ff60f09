package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Gradients of operators that put images together or cut them. */
final class ImageGradients {

    private ImageGradients() {}

    /** What was cut off around the middle gets zeros; what was added around it is cut off. */
    static void crop(Backward b) {
        int rank = b.rank(0);
        List<Long> axes = b.node()
                .intsAttribute("axes")
                .orElseGet(() -> LongStream.range(0, rank).boxed().toList());
        long[] positions =
                axes.stream().mapToLong(axis -> NodeView.position(axis, rank)).toArray();
        String before = b.gather(b.compute(Nodes::extents, b.input(0)), b.vector(positions), 0);
        b.put(
                0,
                b.compute(
                        b.node().operator(),
                        List.of(b.gradient(), before),
                        b.node().attributes()));
    }

    /** Each column reads its window of the image: a convolution with a kernel for each position of the window. */
    static void columnsToImage(Backward b) {
        List<Long> block = Arrays.stream(b.numbers(2)).boxed().toList();
        int axes = block.size();
        int size = Math.toIntExact(block.stream().reduce(1L, Math::multiplyExact));
        Window window = new Window(
                block,
                numbers(b.node(), "strides", axes, 1),
                numbers(b.node(), "dilations", axes, 1),
                numbers(b.node(), "pads", 2 * axes, 0),
                1);
        String extents = b.concatenate(0, b.vector(-1, 1), b.extents(b.gradient(), 2, 2 + axes));
        String images = b.reshapeTo(b.gradient(), extents);
        String columns = b.single(Nodes.convolution(images, kernels(b, block, size), window, ""));
        Dim channels = b.shape(0).get(1);
        b.put(0, channels.isConstant() && !open(b) ? b.reshapeLike(columns, b.input(0)) : like(b, columns));
    }

    private static boolean open(Backward b) {
        return b.shape(0).stream().filter(extent -> !extent.isConstant()).count() > 1;
    }

    private static String like(Backward b, String columns) {
        return b.reshapeTo(columns, b.compute(Nodes::extents, b.input(0)));
    }

    private static List<Long> numbers(Node node, String name, int count, long otherwise) {
        return node.intsAttribute(name).orElse(Collections.nCopies(count, otherwise));
    }

    /** The identity matrix as kernels: each picks one position. */
    private static String kernels(Backward b, List<Long> block, int size) {
        double[] identity = new double[size * size];
        for (int i = 0; i < size; i++) {
            identity[i * size + i] = 1;
        }
        List<Long> shape = LongStream.concat(
                        LongStream.of(size, 1), block.stream().mapToLong(Long::longValue))
                .boxed()
                .toList();
        return b.constant(Tensors.fromDoubles(DataType.FLOAT32, shape, identity));
    }

    /** Each element reads what arrives where it was put. */
    static void unpool(Backward b) {
        b.put(0, b.gather(b.reshape(b.gradient(), -1), b.input(1), 0));
    }

    /** Of a real or complex signal: the transform in the other direction, but for a factor. */
    static void fourier(Backward b) {
        Node node = b.node();
        boolean inverse = node.intAttribute("inverse", 0) != 0;
        boolean half = node.intAttribute("onesided", 0) != 0;
        int rank = b.rank(0);
        int axis = NodeView.position(b.has(2) ? b.numbers(2)[0] : node.intAttribute("axis", -2), rank);
        if (inverse && half) {
            halfSpectrum(b, axis);
            return;
        }
        String length = b.has(1) ? b.reshape(b.input(1), 1) : b.extents(b.input(0), axis, axis + 1);
        String spectrum = half ? resized(b, b.gradient(), axis, length) : b.gradient();
        String transformed = b.single(Nodes.transform(node, spectrum, axis, !inverse));
        String count = b.real(length);
        String scaled = inverse ? b.divide(transformed, count) : b.multiply(transformed, count);
        String signal = b.has(1) ? resized(b, scaled, axis, b.extents(b.input(0), axis, axis + 1)) : scaled;
        boolean real = b.shape(0).get(rank - 1).is(1);
        b.put(0, real ? b.slice(signal, b.vector(0), b.vector(1), b.vector(rank - 1L), b.vector(1)) : signal);
    }

    /**
     * Of a real signal made of half of its spectrum: the same half of the spectrum of what arrives. All frequencies but those that are
     * their own mirror image stand for two.
     */
    private static void halfSpectrum(Backward b, int axis) {
        Dim length = b.shapeOf(b.output(0)).get(axis);
        if (!length.floorDiv(2).plus(1).equals(b.shape(0).get(axis))) {
            throw new MisfitException("its signal has another length than follows from its spectrum");
        }
        Node forward =
                Nodes.transform(b.node(), b.gradient(), axis, false).withAttribute("onesided", new Attribute.Int(1));
        String spectrum = b.single(forward);
        String extent = b.extents(b.gradient(), axis, axis + 1);
        String bins = b.squeeze(b.extents(b.input(0), axis, axis + 1), 0);
        String twice = b.multiply(
                b.compute("Range", List.of(b.constantIndex(0), bins, b.constantIndex(1)), Map.of()), b.vector(2));
        String mirrored = b.compute(Nodes::equal, b.compute("Mod", List.of(twice, extent), Map.of()), b.vector(0));
        String factors = b.divide(b.subtract(b.scalar(2), b.real(mirrored)), b.real(extent));
        long[] behind = LongStream.range(1, b.rank(0) - axis).toArray();
        b.put(0, b.multiply(spectrum, b.unsqueeze(factors, behind)));
    }

    /** Zeros behind an axis, or its end cut off. */
    static String resized(Backward b, String value, int axis, String extent) {
        int rank = b.rank(0);
        String missing = b.subtract(extent, b.extents(value, axis, axis + 1));
        String before = b.vector(new long[rank + axis]);
        String amounts = axis == rank - 1
                ? b.concatenate(0, before, missing)
                : b.concatenate(0, before, missing, b.vector(new long[rank - 1 - axis]));
        return b.compute(Nodes::pad, value, amounts);
    }
}
