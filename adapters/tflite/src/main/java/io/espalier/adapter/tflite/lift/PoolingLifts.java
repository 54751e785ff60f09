package io.espalier.adapter.tflite.lift;

import static io.espalier.adapter.tflite.lift.Layouts.channelsSecond;

import io.espalier.adapter.support.Attributes;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.DepthToSpaceOptionsT;
import org.tensorflow.lite.schema.LocalResponseNormalizationOptionsT;
import org.tensorflow.lite.schema.Pool2DOptionsT;
import org.tensorflow.lite.schema.ResizeBilinearOptionsT;
import org.tensorflow.lite.schema.ResizeNearestNeighborOptionsT;
import org.tensorflow.lite.schema.SpaceToDepthOptionsT;

/** Operators over images that have no weights. */
final class PoolingLifts {

    private PoolingLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.AVERAGE_POOL_2D, draft -> pool(draft, "AveragePool"));
        table.builtin(BuiltinOperator.MAX_POOL_2D, draft -> pool(draft, "MaxPool"));
        table.builtin(BuiltinOperator.RESIZE_BILINEAR, PoolingLifts::bilinear);
        table.builtin(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, PoolingLifts::nearest);
        table.builtin(BuiltinOperator.DEPTH_TO_SPACE, draft -> {
            long block = draft.options(DepthToSpaceOptionsT.class).getBlockSize();
            image(
                    draft,
                    "DepthToSpace",
                    Attributes.none().with("blocksize", block).with("mode", "DCR"));
        });
        table.builtin(BuiltinOperator.SPACE_TO_DEPTH, draft -> {
            long block = draft.options(SpaceToDepthOptionsT.class).getBlockSize();
            image(draft, "SpaceToDepth", Attributes.none().with("blocksize", block));
        });
        table.builtin(BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION, PoolingLifts::localResponse);
    }

    private static void image(Draft draft, String operator, Attributes attributes) {
        String image = draft.emit(operator, List.of(draft.in(0, channelsSecond(4))), attributes.map());
        draft.out(0, draft.transpose(image, Layouts.channelsLast(4)));
    }

    private static void pool(Draft draft, String operator) {
        Pool2DOptionsT options = draft.options(Pool2DOptionsT.class);
        Attributes attributes = Attributes.none()
                .with("auto_pad", ConvolutionLifts.autoPad(options.getPadding()))
                .with("kernel_shape", new long[] {options.getFilterHeight(), options.getFilterWidth()})
                .with("strides", new long[] {options.getStrideH(), options.getStrideW()});
        String image = draft.emit(operator, List.of(draft.in(0, channelsSecond(4))), attributes.map());
        ConvolutionLifts.finish(draft, image, 4, options.getFusedActivationFunction());
    }

    /** The sum of the neighbours is not divided by their number here. */
    private static void localResponse(Draft draft) {
        LocalResponseNormalizationOptionsT options = draft.options(LocalResponseNormalizationOptionsT.class);
        long size = 2L * options.getRadius() + 1;
        Attributes attributes = Attributes.none()
                .with("size", size)
                .with("alpha", (double) options.getAlpha() * size)
                .with("beta", (double) options.getBeta())
                .with("bias", (double) options.getBias());
        image(draft, "LRN", attributes);
    }

    private static void bilinear(Draft draft) {
        ResizeBilinearOptionsT options = draft.options(ResizeBilinearOptionsT.class);
        String coordinates = options.getAlignCorners()
                ? "align_corners"
                : options.getHalfPixelCenters() ? "half_pixel" : "asymmetric";
        resize(draft, Attributes.none().with("mode", "linear").with("coordinate_transformation_mode", coordinates));
    }

    /** The nearest pixel is floor(x s), round(x s) with aligned corners, floor((x + 1/2) s) with half pixels. */
    private static void nearest(Draft draft) {
        ResizeNearestNeighborOptionsT options = draft.options(ResizeNearestNeighborOptionsT.class);
        String coordinates = options.getAlignCorners()
                ? "align_corners"
                : options.getHalfPixelCenters() ? "half_pixel" : "asymmetric";
        resize(
                draft,
                Attributes.none()
                        .with("mode", "nearest")
                        .with("coordinate_transformation_mode", coordinates)
                        .with("nearest_mode", coordinates.equals("asymmetric") ? "floor" : "round_prefer_ceil"));
    }

    private static void resize(Draft draft, Attributes attributes) {
        attributes.with("axes", new long[] {2, 3});
        String image = draft.emit(
                "Resize", List.of(draft.in(0, channelsSecond(4)), "", "", draft.counts(1)), attributes.map());
        draft.out(0, draft.transpose(image, Layouts.channelsLast(4)));
    }
}
