package io.espalier.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Preprocessing as Hugging Face's image processors write it. */
final class ProcessorPreprocessing {

    /** Pillow's numbers of the filters that are known here. */
    private static final Map<Integer, String> FILTERS = Map.of(0, "nearest", 2, "bilinear", 3, "bicubic");

    private static final int BILINEAR = 2;

    private static final List<String> FIELDS =
            List.of("image_mean", "image_std", "image_processor_type", "do_resize", "do_rescale", "do_center_crop");

    /** What changes an image in a way that is known here, or not at all. */
    private static final List<String> STEPS = List.of(
            "do_resize",
            "do_center_crop",
            "do_rescale",
            "do_normalize",
            "do_convert_rgb",
            "do_flip_channel_order",
            "do_reduce_labels");

    /** Processors of which a size that is a single number is the shorter side; it is both sides for others. */
    private static final List<String> BY_SHORTER_SIDE = List.of(
            "CLIP", "ChineseCLIP", "ConvNext", "Levit", "PoolFormer", "MobileNetV", "MobileViT", "Bit", "VideoMAE");

    /** From this side on, processors that crop by a share resize to the whole. */
    private static final int LARGE = 384;

    private final PreprocessingFile file;
    private final Map<String, String> options = new TreeMap<>();

    private ProcessorPreprocessing(PreprocessingFile file) {
        this.file = file;
    }

    static boolean isIn(JsonNode json) {
        return FIELDS.stream().anyMatch(json::has);
    }

    static Map<String, String> of(PreprocessingFile file) {
        ProcessorPreprocessing processor = new ProcessorPreprocessing(file);
        processor.requireKnownSteps();
        processor.resize();
        if (file.flag("do_center_crop", file.has("crop_size"))) {
            processor.options.put("crop", processor.crop());
        }
        processor.scale();
        return processor.options;
    }

    private void requireKnownSteps() {
        file.json().properties().forEach(field -> {
            boolean asked = field.getKey().startsWith("do_") && file.flag(field.getKey(), false);
            if (asked && !STEPS.contains(field.getKey())) {
                throw file.refused("it asks for " + PreprocessingFile.oneLine(field.getKey())
                        + ", which is not known here; known: " + String.join(", ", STEPS));
            }
        });
        if (file.flag("do_flip_channel_order", false)) {
            options.put("colour", "bgr");
        }
    }

    private void resize() {
        if (!file.flag("do_resize", file.has("size"))) {
            options.put("resize", "none");
            return;
        }
        if (file.has("crop_pct")) {
            resizeByShare(Double.parseDouble(file.positive("crop_pct", "1")));
        } else {
            options.put("resize", size());
        }
        String filter = file.has("resample")
                ? FILTERS.get(
                        file.json().get("resample").isInt()
                                ? file.json().get("resample").intValue()
                                : -1)
                : FILTERS.get(BILINEAR);
        if (filter == null) {
            throw file.wrong("resample", "0 (nearest), 2 (bilinear) or 3 (bicubic)");
        }
        options.put("interpolation", filter);
    }

    /** ConvNeXt's way: small images are a share of a larger one. */
    private void resizeByShare(double share) {
        int side = file.json().path("size").isInt()
                ? file.side("size")
                : file.within("size").side("shortest_edge");
        boolean whole = side >= LARGE;
        options.put("resize", whole ? side + "x" + side : Integer.toString((int) (side / share)));
        if (!whole) {
            options.put("crop", side + "x" + side);
        }
    }

    private String size() {
        JsonNode size = file.json().path("size");
        if (size.isInt()) {
            int side = file.side("size");
            return isByShorterSide() ? Integer.toString(side) : side + "x" + side;
        }
        if (size.hasNonNull("shortest_edge") && !size.hasNonNull("longest_edge")) {
            return Integer.toString(file.within("size").side("shortest_edge"));
        }
        return heightAndWidth("size", "a number, shortest_edge alone, or height and width");
    }

    private boolean isByShorterSide() {
        String type = file.text("image_processor_type", file.text("feature_extractor_type", ""));
        return type.isEmpty()
                ? file.flag("do_center_crop", file.has("crop_size"))
                : BY_SHORTER_SIDE.stream().anyMatch(type::startsWith);
    }

    private String crop() {
        if (file.json().path("crop_size").isInt()) {
            int side = file.side("crop_size");
            return side + "x" + side;
        }
        return heightAndWidth("crop_size", "a number, or height and width");
    }

    private String heightAndWidth(String field, String expected) {
        JsonNode size = file.json().path(field);
        if (!size.hasNonNull("height") || !size.hasNonNull("width")) {
            throw file.wrong(field, expected);
        }
        PreprocessingFile within = file.within(field);
        return within.side("height") + "x" + within.side("width");
    }

    private void scale() {
        options.put("scale", file.flag("do_rescale", true) ? file.positive("rescale_factor", "1/255") : "1");
        if (file.flag("do_normalize", file.has("image_mean"))) {
            options.put("mean", file.numbers("image_mean"));
            options.put("std", file.numbers("image_std"));
        }
    }
}
