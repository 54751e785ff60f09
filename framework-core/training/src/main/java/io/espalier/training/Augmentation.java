package io.espalier.training;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Map;

/**
 * How images are changed before they are trained on.
 *
 * @param flip whether every second image, by chance, is mirrored left to right
 * @param shift most pixels by which an image is shifted along each axis; its border is repeated
 * @param crop the least share of its area to which an image is cropped and enlarged again; 1 leaves it whole
 * @param cutOut pixels along each side of a square that is filled with the mean of the image (DeVries and Taylor, arXiv
 *     1708.04552); 0 for none
 * @param mixUp how much each image is mixed with another, and its label with that of the other: both parameters of the beta
 *     distribution of the share (Zhang et al., arXiv 1710.09412); 0 for not at all
 */
public record Augmentation(boolean flip, int shift, double crop, int cutOut, double mixUp) {

    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(false, 0, 1, 0, 0);

    private static final String FLIP = "flip";
    private static final String SHIFT = "shift";
    private static final String CROP = "crop";
    private static final String CUT_OUT = "cut-out";
    private static final String MIX_UP = "mix-up";

    /** What can be set. */
    public static List<OptionSpec> options() {
        return List.of(
                OptionSpec.flag(FLIP, "mirrors every second image left to right"),
                OptionSpec.integer(SHIFT, 0, 0, 1000, "most pixels by which images are shifted"),
                OptionSpec.number(CROP, 1, 0.01, 1, "least share of the area to which images are cropped"),
                OptionSpec.integer(CUT_OUT, 0, 0, 1000, "side of a square that is filled with the mean"),
                OptionSpec.number(MIX_UP, 0, 0, 10, "how much images and labels are mixed with others"));
    }

    /**
     * What was asked for.
     *
     * @throws InvalidInputException when there is no such augmentation, or its value does not fit
     */
    public static Augmentation of(Map<String, String> typed) {
        Options options = Options.resolve("augmentation", options(), typed);
        return new Augmentation(
                options.flag(FLIP),
                (int) options.integer(SHIFT),
                options.number(CROP),
                (int) options.integer(CUT_OUT),
                options.number(MIX_UP));
    }

    boolean isNone() {
        return equals(NONE);
    }

    boolean mixes() {
        return mixUp > 0;
    }
}
