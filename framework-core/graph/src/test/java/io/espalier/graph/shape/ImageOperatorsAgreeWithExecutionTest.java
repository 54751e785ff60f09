package io.espalier.graph.shape;

import static io.espalier.graph.shape.OperatorCases.image;
import static io.espalier.graph.shape.OperatorCases.input;
import static io.espalier.spi.tensor.DataType.FLOAT32;
import static io.espalier.spi.tensor.DataType.INT64;
import static io.espalier.spi.tensor.DataType.UINT8;

import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Operators on images, and those that select, have the shapes onnxruntime computes. */
class ImageOperatorsAgreeWithExecutionTest {

    private final OperatorCases cases = new OperatorCases();

    @TestFactory
    Stream<DynamicTest> convolutionsAndPools() {
        cases.add(
                "conv",
                image().weight("k", 6, 4, 3, 2)
                        .node(
                                "Conv",
                                "x k -> y",
                                "strides",
                                new long[] {2, 3},
                                "pads",
                                new long[] {1, 0, 0, 1},
                                "dilations",
                                new long[] {2, 1}));
        cases.add(
                "conv same upper",
                image().weight("k", 6, 4, 3, 3)
                        .node("Conv", "x k -> y", "auto_pad", "SAME_UPPER", "strides", new long[] {2, 2}));
        cases.add(
                "conv same lower",
                image().weight("k", 6, 4, 3, 2)
                        .node("Conv", "x k -> y", "auto_pad", "SAME_LOWER", "strides", new long[] {3, 2}));
        cases.add(
                "conv valid",
                image().weight("k", 6, 4, 3, 3)
                        .node("Conv", "x k -> y", "auto_pad", "VALID", "strides", new long[] {2, 2}));
        cases.add("conv depthwise", image().weight("k", 8, 1, 3, 3).node("Conv", "x k -> y", "group", 4));
        cases.add(
                "conv transposed",
                image().weight("k", 4, 3, 3, 2)
                        .node(
                                "ConvTranspose",
                                "x k -> y",
                                "strides",
                                new long[] {2, 3},
                                "pads",
                                new long[] {1, 0, 0, 1},
                                "output_padding",
                                new long[] {1, 0},
                                "group",
                                2));
        cases.add(
                "conv transposed same",
                image().weight("k", 4, 3, 3, 3)
                        .node("ConvTranspose", "x k -> y", "strides", new long[] {2, 2}, "auto_pad", "SAME_LOWER"));
        cases.add(
                "conv transposed fixed",
                input("x", FLOAT32, "n 4 16 16")
                        .weight("k", 4, 3, 3, 3)
                        .node("ConvTranspose", "x k -> y", "strides", new long[] {2, 2}, "output_shape", new long[] {
                            33, 33
                        }));
        for (String padding : List.of("NOTSET", "SAME_UPPER", "SAME_LOWER")) {
            cases.add(
                    "conv transposed to given extents, " + padding,
                    input("x", FLOAT32, "n 4 7 6")
                            .weight("k", 4, 3, 3, 3)
                            .weight("b", 3)
                            .node(
                                    "ConvTranspose",
                                    "x k b -> y",
                                    "strides",
                                    new long[] {2, 3},
                                    "output_padding",
                                    new long[] {1, 0},
                                    "auto_pad",
                                    padding,
                                    "output_shape",
                                    new long[] {14, 20}));
        }
        cases.add(
                "conv transposed from open extents to given ones",
                input("x", FLOAT32, "n 4 t 6")
                        .weight("k", 4, 3, 4, 3)
                        .weight("b", 3)
                        .node("ConvTranspose", "x k b -> y", "strides", new long[] {3, 2}, "output_shape", new long[] {
                            13, 14
                        }));
        cases.add(
                "conv integer",
                input("x", UINT8, "n 4 h w")
                        .constant("k", Tensors.fromDoubles(UINT8, Tensors.shape(6, 4, 3, 3), new double[216]))
                        .node("ConvInteger", "x k -> y"));
        for (int ceil = 0; ceil <= 1; ceil++) {
            for (long padding = 0; padding <= 1; padding++) {
                cases.add(
                        "max pool " + ceil + padding,
                        image().node(
                                        "MaxPool",
                                        "x -> y indices",
                                        "kernel_shape",
                                        new long[] {3, 2},
                                        "strides",
                                        new long[] {2, 3},
                                        "ceil_mode",
                                        ceil,
                                        "pads",
                                        new long[] {1, 0, padding, padding},
                                        "dilations",
                                        new long[] {1, 2}));
                cases.add(
                        "average pool " + ceil + padding,
                        image().node(
                                        "AveragePool",
                                        "x -> y",
                                        "kernel_shape",
                                        new long[] {2, 2},
                                        "strides",
                                        new long[] {3, 3},
                                        "ceil_mode",
                                        ceil,
                                        "pads",
                                        new long[] {padding, 0, 1, 1}));
            }
        }
        cases.add(
                "pools same",
                image().node(
                                "MaxPool",
                                "x -> m",
                                "kernel_shape",
                                new long[] {3, 2},
                                "strides",
                                new long[] {2, 3},
                                "auto_pad",
                                "SAME_UPPER")
                        .node(
                                "AveragePool",
                                "x -> a",
                                "kernel_shape",
                                new long[] {3, 2},
                                "strides",
                                new long[] {2, 3},
                                "auto_pad",
                                "SAME_LOWER"));
        cases.add(
                "max pool by columns",
                image().node("MaxPool", "x -> y i", "kernel_shape", new long[] {2, 3}, "storage_order", 1));
        cases.add(
                "lp pool same",
                image().node(
                                "LpPool",
                                "x -> y",
                                "kernel_shape",
                                new long[] {3, 2},
                                "strides",
                                new long[] {2, 3},
                                "auto_pad",
                                "SAME_UPPER"));
        cases.add("global pools", image().node("GlobalAveragePool", "x -> a").node("GlobalMaxPool", "x -> m"));
        cases.add(
                "unpool",
                input("x", FLOAT32, "n 4 8 6")
                        .node("MaxPool", "x -> p i", "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2})
                        .node("MaxUnpool", "p i -> y", "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2
                        }));
        cases.add(
                "unpool to given extents",
                input("x", FLOAT32, "2 4 8 6")
                        .vector("to", 2, 4, 9, 7)
                        .node("MaxPool", "x -> p i", "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2})
                        .node("MaxUnpool", "p i to -> y", "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2
                        }));
        cases.add(
                "largest of regions",
                image().constant(
                                "corners",
                                Tensors.fromDoubles(
                                        INT64,
                                        List.of(4L, 5L),
                                        0,
                                        0,
                                        0,
                                        9,
                                        11,
                                        0,
                                        3,
                                        2,
                                        5,
                                        20,
                                        0,
                                        -2,
                                        -3,
                                        7,
                                        1,
                                        0,
                                        4,
                                        5,
                                        4,
                                        5))
                        .node("Cast", "corners -> regions", "to", 1)
                        .node(
                                "MaxRoiPool",
                                "x regions -> y",
                                "pooled_shape",
                                new long[] {3, 2},
                                "spatial_scale",
                                0.75));
        return cases.tests();
    }

    @TestFactory
    Stream<DynamicTest> imagesAndSelections() {
        cases.add(
                "resize scales",
                image().constant("s", Tensors.floats(List.of(4L), 1, 1, 2, 0.5f))
                        .node("Resize", "x _ s -> y", "mode", "nearest"));
        cases.add(
                "resize odd scales",
                image().constant("s", Tensors.floats(List.of(2L), 0.7f, 1 / 3f))
                        .node("Resize", "x _ s -> y", "mode", "nearest", "axes", new long[] {2, 3}));
        cases.add(
                "resize a region",
                image().constant("region", Tensors.floats(List.of(4L), -0.1f, 0.2f, 0.8f, 1.1f))
                        .vector("to", 7, 5)
                        .node(
                                "Resize",
                                "x region _ to -> y",
                                "mode",
                                "linear",
                                "axes",
                                new long[] {2, 3},
                                "coordinate_transformation_mode",
                                "tf_crop_and_resize",
                                "extrapolation_value",
                                0.5));
        cases.add(
                "resize to another",
                image().input("z", FLOAT32, "n 4 t past")
                        .node("Shape", "z -> s", "start", 2)
                        .node("Resize", "x _ _ s -> y", "mode", "nearest", "axes", new long[] {2, 3}));
        cases.add(
                "resize by floored product",
                image().node("Shape", "x -> s", "start", 2)
                        .node("Cast", "s -> f", "to", 1)
                        .constant("half", Tensors.floats(List.of(), 1.5f))
                        .node("Mul", "f half -> g")
                        .node("Floor", "g -> k")
                        .node("Cast", "k -> to", "to", 7)
                        .node("Shape", "x -> front", "end", 2)
                        .node("Concat", "front to -> all", "axis", 0)
                        .node("Resize", "x _ _ all -> y", "mode", "nearest"));
        cases.add("grid sample", image().input("g", FLOAT32, "n t past 2").node("GridSample", "x g -> y"));
        cases.add("top k", image().vector("k", 3).node("TopK", "x k -> v i", "axis", 2));
        cases.add(
                "one hot",
                input("i", INT64, "n t")
                        .scalar("d", 7)
                        .vector("values", 0, 1)
                        .node("OneHot", "i d values -> y", "axis", 1));
        cases.add(
                "range",
                input("x", FLOAT32, "n t")
                        .node("Size", "x -> size")
                        .scalar("zero", 0)
                        .scalar("two", 2)
                        .node("Range", "zero size two -> y"));
        cases.add(
                "constant of shape",
                input("x", FLOAT32, "n t")
                        .node("Shape", "x -> s")
                        .node("ConstantOfShape", "s -> y", "value", Tensors.vector(3))
                        .node("EyeLike", "y -> e"));
        cases.add(
                "data decides",
                input("x", FLOAT32, "n t")
                        .node("NonZero", "x -> a")
                        .node("Unique", "x -> v f b c")
                        .node("Unique", "x -> u", "axis", 1)
                        .node("Shape", "a -> s"));
        cases.add(
                "non-maximum suppression",
                input("b", FLOAT32, "n t 4")
                        .input("s", FLOAT32, "n 2 t")
                        .scalar("most", 2)
                        .node("NonMaxSuppression", "b s most -> y"));
        cases.add(
                "dft",
                input("x", FLOAT32, "n t 1")
                        .scalar("a", 1)
                        .node("DFT", "x _ a -> y")
                        .node("DFT", "x _ a -> z", "onesided", 1));
        return cases.tests();
    }
}
