package io.espalier.plugin.images;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The form all images of a set are brought into: resized, then cropped, then laid out.
 *
 * @param resize empty leaves images as they are
 * @param crop empty keeps all of an image
 * @param colour {@code rgb}, {@code bgr} or {@code grey}
 */
record ImageForm(
        Optional<Resize> resize,
        Optional<Size> crop,
        Interpolation interpolation,
        String colour,
        boolean channelsFirst) {

    private static final String AUTO = "auto";
    private static final String GREY = "grey";
    private static final String RGB = "rgb";
    private static final String BGR = "bgr";
    private static final int IMAGE_RANK = 4;
    private static final long MOST_CHANNELS = 4;
    private static final int LARGEST_SIDE = 1 << 14;

    /** Height and width. */
    record Size(int height, int width) {}

    /** A size, or the length of the shorter side. */
    record Resize(Optional<Size> size, int shorter) {
        Picture apply(Picture picture, Interpolation interpolation) {
            int least = Math.min(picture.height(), picture.width());
            Size to = size.orElseGet(() -> new Size((int) ((long) shorter * picture.height() / least), (int)
                    ((long) shorter * picture.width() / least)));
            if (to.height() > LARGEST_SIDE || to.width() > LARGEST_SIDE) {
                throw new InvalidInputException("an image of " + picture.height() + "x" + picture.width()
                        + " cannot be resized to " + to.height() + "x" + to.width() + "; leave out so narrow an image");
            }
            return interpolation.resize(picture, to.height(), to.width());
        }
    }

    static List<OptionSpec> options() {
        return List.of(
                OptionSpec.text(
                        "resize", AUTO, "length of the shorter side, HEIGHTxWIDTH or none; auto: what the model takes"),
                OptionSpec.text("crop", "none", "the middle after resizing: a side or HEIGHTxWIDTH"),
                OptionSpec.choice("interpolation", List.of("bilinear", "bicubic", "nearest"), "how images are resized"),
                OptionSpec.choice(
                        "colour", List.of(AUTO, RGB, BGR, GREY), "order of the channels; auto: rgb, or grey for one"),
                OptionSpec.choice(
                        "layout", List.of(AUTO, "nchw", "nhwc"), "where the channels are; auto: as the model"));
    }

    /** What the options say, and where they say nothing, the inputs of a model. */
    static ImageForm of(Options options, Optional<Graph> model) {
        Optional<Map.Entry<String, List<Dimension>>> input = model.flatMap(ImageForm::imageInput);
        List<Dimension> shape = input.map(Map.Entry::getValue).orElse(List.of());
        boolean first = channelsFirst(options.text("layout"), input);
        Optional<Size> wanted = shape.isEmpty() ? Optional.empty() : size(shape, first ? 2 : 1);
        long channels = shape.isEmpty()
                ? 3
                : fixed(shape.get(first ? 1 : IMAGE_RANK - 1)).orElse(3L);
        String colour = options.text("colour").equals(AUTO) ? channels == 1 ? GREY : RGB : options.text("colour");
        Optional<Size> crop = text(options, "crop").map(text -> size("crop", text));
        Optional<Resize> resize = options.text("resize").equals(AUTO)
                ? (crop.isPresent() ? Optional.<Size>empty() : wanted).map(size -> new Resize(Optional.of(size), 0))
                : text(options, "resize").map(ImageForm::resize);
        return new ImageForm(
                resize,
                crop,
                Interpolation.valueOf(options.text("interpolation").toUpperCase(Locale.ROOT)),
                colour,
                first);
    }

    private static Optional<Map.Entry<String, List<Dimension>>> imageInput(Graph graph) {
        return graph.inputs().entrySet().stream()
                .filter(each -> each.getValue()
                        .shape()
                        .filter(axes -> axes.size() == IMAGE_RANK)
                        .isPresent())
                .findFirst()
                .map(each -> Map.entry(each.getKey(), each.getValue().shape().orElseThrow()));
    }

    private static boolean channelsFirst(String layout, Optional<Map.Entry<String, List<Dimension>>> input) {
        if (!layout.equals(AUTO) || input.isEmpty()) {
            return !layout.equals("nhwc");
        }
        List<Dimension> shape = input.get().getValue();
        boolean first =
                fixed(shape.get(1)).filter(extent -> extent <= MOST_CHANNELS).isPresent();
        boolean last = fixed(shape.get(IMAGE_RANK - 1))
                .filter(extent -> extent <= MOST_CHANNELS)
                .isPresent();
        if (!first && !last) {
            throw new InvalidInputException(
                    "The input " + Quoted.name(input.get().getKey())
                            + " does not say where its channels are; say layout=nchw or layout=nhwc (--data-option).");
        }
        return first;
    }

    private static Optional<Size> size(List<Dimension> shape, int axis) {
        return fixed(shape.get(axis))
                .flatMap(height -> fixed(shape.get(axis + 1))
                        .map(width -> new Size(Math.toIntExact(height), Math.toIntExact(width))));
    }

    private static Optional<Long> fixed(Dimension dimension) {
        return dimension instanceof Dimension.Fixed fixed && fixed.extent() > 0
                ? Optional.of(fixed.extent())
                : Optional.empty();
    }

    private static Optional<String> text(Options options, String name) {
        return Optional.of(options.text(name)).filter(text -> !text.equals("none"));
    }

    private static Resize resize(String text) {
        return text.matches("\\d{1,5}")
                ? new Resize(Optional.empty(), side("resize", text, text))
                : new Resize(Optional.of(size("resize", text)), 0);
    }

    private static Size size(String option, String text) {
        String[] sides = text.split("x", -1);
        if (sides.length > 2) {
            throw refused(option, text);
        }
        return new Size(side(option, sides[0], text), side(option, sides[sides.length - 1], text));
    }

    private static int side(String option, String text, String whole) {
        int side = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        if (side < 1 || side > LARGEST_SIDE) {
            throw refused(option, whole);
        }
        return side;
    }

    private static InvalidInputException refused(String option, String text) {
        return new InvalidInputException("the data option '" + option + "' cannot be '" + text
                + "': expected a side from 1 to " + LARGEST_SIDE + ", or HEIGHTxWIDTH");
    }

    int channels() {
        return colour.equals(GREY) ? 1 : 3;
    }

    /** The size every image gets; empty when each keeps its own. */
    Optional<Size> size() {
        return crop.or(() -> resize.flatMap(Resize::size));
    }

    /** The bytes of an image in this form. */
    Picture apply(Picture picture) {
        Picture coloured = colour.equals(GREY) ? picture.grey() : picture.coloured();
        Picture resized =
                resize.map(each -> each.apply(coloured, interpolation)).orElse(coloured);
        return crop.map(size -> resized.cropped(size.height(), size.width())).orElse(resized);
    }

    /** Channels in the order and place of the form. */
    byte[] laidOut(Picture picture) {
        int pixels = picture.height() * picture.width();
        int channels = picture.channels();
        byte[] bytes = new byte[pixels * channels];
        for (int i = 0; i < pixels; i++) {
            for (int channel = 0; channel < channels; channel++) {
                int to = colour.equals(BGR) ? channels - 1 - channel : channel;
                bytes[channelsFirst ? to * pixels + i : i * channels + to] = picture.bytes()[i * channels + channel];
            }
        }
        return bytes;
    }
}
