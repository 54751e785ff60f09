package io.espalier.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Options of image data that are read from a file that image models ship: {@code preprocessor_config.json} of Hugging Face's
 * image processors, {@code config.json} of timm ({@code pretrained_cfg}), or an object of our own option names.
 */
final class Preprocessing {

    private static final long MOST_BYTES = 1L << 20;
    private static final String BYTES = "1/255";
    private static final List<String> OWN =
            List.of("resize", "crop", "interpolation", "colour", "layout", "scale", "mean", "std");
    private static final Map<Integer, String> FILTERS = Map.of(0, "nearest", 2, "bilinear", 3, "bicubic");

    private final Path file;
    private final Map<String, String> options = new TreeMap<>();

    private Preprocessing(Path file) {
        this.file = file;
    }

    /** The options in a file. */
    static Map<String, String> read(Path file) {
        Preprocessing preprocessing = new Preprocessing(file);
        JsonNode json = preprocessing.json();
        if (json.has("pretrained_cfg")) {
            preprocessing.timm(json.get("pretrained_cfg"));
        } else if (json.has("image_processor_type") || json.has("do_normalize") || json.has("image_mean")) {
            preprocessing.processor(json);
        } else if (json.has("input_size") && json.has("crop_pct")) {
            preprocessing.timm(json);
        } else {
            preprocessing.own(json);
        }
        return preprocessing.options;
    }

    private JsonNode json() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw refused("it is no file of at most " + MOST_BYTES + " bytes");
            }
            JsonNode json = JsonMapper.builder().build().readTree(Files.readAllBytes(file));
            if (!json.isObject()) {
                throw refused("it holds no JSON object");
            }
            return json;
        } catch (JacksonException e) {
            throw refused("it is not JSON (" + e.getOriginalMessage() + ")");
        } catch (IOException e) {
            throw refused(e.getMessage());
        }
    }

    private void own(JsonNode json) {
        json.properties().forEach(field -> {
            if (!OWN.contains(field.getKey())) {
                throw refused("it has the field '" + field.getKey() + "', but says nothing of a known form; known: "
                        + String.join(", ", OWN));
            }
            options.put(
                    field.getKey(),
                    field.getValue().isArray()
                            ? list(field.getValue())
                            : field.getValue().asText());
        });
    }

    private void processor(JsonNode json) {
        if (json.path("do_resize").asBoolean(true) && json.has("size")) {
            options.put("resize", size(json.get("size")));
            filter(
                    FILTERS.get(json.path("resample").asInt(2)),
                    json.path("resample").asText());
        } else {
            options.put("resize", "none");
        }
        if (json.path("do_center_crop").asBoolean(json.has("crop_size")) && json.has("crop_size")) {
            options.put("crop", size(json.get("crop_size")));
        }
        boolean rescaled = json.path("do_rescale").asBoolean(true);
        options.put("scale", rescaled ? json.path("rescale_factor").asText(BYTES) : "1");
        if (json.path("do_normalize").asBoolean(json.has("image_mean"))) {
            options.put("mean", list(json.path("image_mean")));
            options.put("std", list(json.path("image_std")));
        }
        if (json.path("do_flip_channel_order").asBoolean(false)) {
            options.put("colour", "bgr");
        }
    }

    private void timm(JsonNode json) {
        JsonNode input = json.path("input_size");
        int side = input.path(input.size() - 1).asInt();
        if (input.size() != 3 || side < 1) {
            throw refused("its input_size is " + input + "; expected channels, height and width");
        }
        double share = json.path("crop_pct").asDouble(1);
        int height = input.get(1).asInt();
        options.put(
                "resize",
                json.path("crop_mode").asText("center").equals("squash")
                        ? (int) Math.floor(height / share) + "x" + (int) Math.floor(side / share)
                        : Integer.toString((int) Math.floor(Math.max(height, side) / share)));
        options.put("crop", height + "x" + side);
        String filter = json.path("interpolation").asText("bilinear");
        filter(FILTERS.containsValue(filter) ? filter : null, filter);
        options.put("scale", BYTES);
        options.put("mean", list(json.path("mean")));
        options.put("std", list(json.path("std")));
    }

    private void filter(String name, String found) {
        if (name == null) {
            throw refused("it resizes by the filter '" + found + "'; known: nearest, bilinear, bicubic");
        }
        options.put("interpolation", name);
    }

    private String size(JsonNode size) {
        if (size.isInt()) {
            return size.asText();
        }
        if (size.has("shortest_edge")) {
            return size.get("shortest_edge").asText();
        }
        if (size.has("height") && size.has("width")) {
            return size.get("height").asText() + "x" + size.get("width").asText();
        }
        throw refused("its size is " + size + "; expected a number, shortest_edge, or height and width");
    }

    private String list(JsonNode numbers) {
        List<String> texts = new ArrayList<>();
        numbers.forEach(each -> texts.add(each.asText()));
        if (texts.isEmpty()) {
            throw refused("mean or deviation is missing");
        }
        return String.join(",", texts);
    }

    private InvalidInputException refused(String reason) {
        return new InvalidInputException("the preprocessing in '" + file + "' cannot be used: " + reason);
    }
}
