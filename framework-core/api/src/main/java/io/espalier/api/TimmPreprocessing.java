package io.espalier.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Preprocessing as timm writes it: the evaluation transform of a network. */
final class TimmPreprocessing {

    private static final String PRETRAINED = "pretrained_cfg";
    private static final int AXES = 3;
    private static final double CROP_SHARE = 0.875;
    private static final String MEAN = "0.485,0.456,0.406";
    private static final String DEVIATION = "0.229,0.224,0.225";
    private static final List<String> FILTERS = List.of("nearest", "bilinear", "bicubic");

    private TimmPreprocessing() {}

    static boolean isIn(JsonNode json) {
        return json.has(PRETRAINED) || json.has("input_size") && json.has("crop_pct");
    }

    static Map<String, String> of(PreprocessingFile whole) {
        PreprocessingFile file = whole.json().has(PRETRAINED) ? whole.within(PRETRAINED) : whole;
        int side = side(file);
        double share = Double.parseDouble(file.positive("crop_pct", Double.toString(CROP_SHARE)));
        int resized = (int) Math.floor(side / share);
        Map<String, String> options = new TreeMap<>();
        options.put(
                "resize",
                switch (file.text("crop_mode", "center")) {
                    case "center" -> Integer.toString(resized);
                    case "squash" -> resized + "x" + resized;
                    default -> throw file.wrong("crop_mode", "center or squash");
                });
        options.put("crop", side + "x" + side);
        String filter = file.text("interpolation", "bicubic");
        if (!FILTERS.contains(filter)) {
            throw file.wrong("interpolation", String.join(", ", FILTERS));
        }
        options.put("interpolation", filter);
        options.put("scale", "1/255");
        options.put("mean", file.has("mean") ? file.numbers("mean") : MEAN);
        options.put("std", file.has("std") ? file.numbers("std") : DEVIATION);
        return options;
    }

    private static int side(PreprocessingFile file) {
        JsonNode input = file.json().path("input_size");
        boolean square = input.isArray()
                && input.size() == AXES
                && input.path(1).isInt()
                && input.path(1).intValue() > 0
                && input.path(1).equals(input.path(2));
        if (!square) {
            throw file.wrong("input_size", "channels, height and width, both alike");
        }
        return input.path(1).intValue();
    }
}
