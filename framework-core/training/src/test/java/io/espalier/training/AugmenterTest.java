package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batch;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmenterTest {

    private static final int SIDE = 7;
    private static final int EXAMPLES = 24;

    /** Images whose elements say where they lie: channel, row, column; the same in both layouts. */
    private static Batch images(boolean last) {
        List<Long> shape = last ? Tensors.shape(EXAMPLES, SIDE, SIDE, 3) : Tensors.shape(EXAMPLES, 3, SIDE, SIDE);
        Image image = Image.of(shape);
        float[] elements = new float[EXAMPLES * image.size()];
        for (int example = 0; example < EXAMPLES; example++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int row = 0; row < SIDE; row++) {
                    for (int column = 0; column < SIDE; column++) {
                        elements[example * image.size() + image.at(channel, row, column)] =
                                100 * channel + 10 * row + column;
                    }
                }
            }
        }
        long[] labels = new long[EXAMPLES];
        Arrays.setAll(labels, i -> i % 5);
        return new Batch(
                new long[EXAMPLES],
                Map.of("x", Tensors.floats(shape, elements)),
                Map.of("label", Tensors.vector(labels)),
                Optional.of(labels));
    }

    private static Batch changed(Map<String, String> options, boolean last, long seed) {
        Augmenter augmenter = new Augmenter(Augmentation.of(options), OptionalLong.of(5));
        return augmenter.changed(images(last), new SplittableRandom(seed));
    }

    private static float[] pixels(Batch batch) {
        return Tensors.toFloats(batch.inputs().get("x"));
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2", "true, 1", "true, 2"})
    @DisplayName("Flipped and shifted images hold the pixels of their rows and columns, in both layouts alike")
    void moves(boolean last, long seed) {
        Map<String, String> options = Map.of("flip", "true", "shift", "2");
        float[] moved = pixels(changed(options, last, seed));
        Image image = Image.of(images(last).inputs().get("x").shape());
        boolean mirrored = false;
        boolean shifted = false;
        for (int example = 0; example < EXAMPLES; example++) {
            float[] one = Arrays.copyOfRange(moved, example * image.size(), (example + 1) * image.size());
            float middle = one[image.at(0, 3, 3)];
            int step = Math.round(one[image.at(0, 3, 4)] - middle);
            assertThat(Math.abs(step)).as("seed %d, example %d", seed, example).isEqualTo(1);
            assertThat(one[image.at(2, 4, 3)] - one[image.at(2, 3, 3)]).isEqualTo(10);
            assertThat(one[image.at(2, 3, 3)] - middle).isEqualTo(200);
            mirrored |= step < 0;
            shifted |= middle != 33;
        }
        assertThat(mirrored).isTrue();
        assertThat(shifted).isTrue();
        assertThat(moved).as("again").containsExactly(pixels(changed(options, last, seed)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("A crop is a window of the image, enlarged: steps between pixels shrink by its side")
    void crops(long seed) {
        float[] cropped = pixels(changed(Map.of("crop", "0.5"), false, seed));
        Image image = Image.of(images(false).inputs().get("x").shape());
        for (int example = 0; example < EXAMPLES; example++) {
            int start = example * image.size();
            float step = cropped[start + image.at(1, 3, 3)] - cropped[start + image.at(1, 3, 2)];
            assertThat((double) step).as("seed %d, example %d", seed, example).isBetween(Math.sqrt(0.5) - 1e-4, 1.0001);
            assertThat(cropped[start + image.at(1, 3, 3)] - cropped[start + image.at(1, 2, 3)])
                    .isCloseTo(10 * step, within(1e-3f));
        }
    }

    @Test
    @DisplayName("A square of each image is filled with the mean of its channel, and nothing else changes")
    void cutsOut() {
        float[] before = pixels(images(false));
        float[] after = pixels(changed(Map.of("cut-out", "3"), false, 4));
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i]) {
                changed++;
                assertThat(after[i] % 100).isEqualTo(33);
            }
        }
        assertThat(changed).isBetween(EXAMPLES * 3 * 3, EXAMPLES * 3 * 9);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("Mixed labels are shares of classes in the proportion of the images")
    void mixes(long seed) {
        Batch mixed = changed(Map.of("mix-up", "0.4"), false, seed);
        assertThat(mixed.classes()).isEmpty();
        Tensor labels = mixed.labels().get("label");
        assertThat(labels.shape()).containsExactly((long) EXAMPLES, 5L);
        float[] shares = Tensors.toFloats(labels);
        for (int example = 0; example < EXAMPLES; example++) {
            double sum = 0;
            for (int each = 0; each < 5; each++) {
                sum += shares[example * 5 + each];
            }
            assertThat(sum).as("seed %d, example %d", seed, example).isCloseTo(1, within(1e-6));
            assertThat(shares[example * 5 + example % 5]).isPositive();
        }
    }

    @Test
    @DisplayName("What cannot be augmented is refused in one sentence")
    void refused() {
        Batch vectors = new Batch(
                new long[2], Map.of("x", Tensors.floats(List.of(2L, 3L), new float[6])), Map.of(), Optional.empty());
        Augmenter augmenter = new Augmenter(Augmentation.of(Map.of("flip", "true")), OptionalLong.empty());
        SplittableRandom random = new SplittableRandom(1);
        assertThatThrownBy(() -> augmenter.changed(vectors, random))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no input of images");
        assertThatThrownBy(() -> Augmentation.of(Map.of("rotate", "3")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("flip, shift, crop, cut-out, mix-up");
    }
}
