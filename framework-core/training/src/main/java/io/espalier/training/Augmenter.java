package io.espalier.training;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batch;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Changes the images of a batch.
 *
 * @param classes number of classes of the model, where labels are mixed
 */
record Augmenter(Augmentation augmentation, OptionalLong classes) {

    /**
     * The changed batch.
     *
     * @param random decides all changes
     * @throws InvalidInputException when the batch holds no images, or no classes whose labels could be mixed
     */
    Batch changed(Batch batch, RandomGenerator random) {
        if (augmentation.isNone()) {
            return batch;
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>(batch.inputs());
        boolean[] found = {false};
        inputs.replaceAll((name, tensor) -> {
            if (!isImages(tensor)) {
                return tensor;
            }
            found[0] = true;
            float[] changed = changed(ArrayTensor.read(tensor), Image.of(tensor.shape()), random);
            return Tensors.converted(Tensors.floats(tensor.shape(), changed), tensor.type());
        });
        if (!found[0]) {
            throw new InvalidInputException(
                    "The model has no input of images, in floating point with four axes, that could be"
                            + " augmented; leave --augment out.");
        }
        Batch changed = new Batch(batch.rows(), inputs, batch.labels(), batch.classes());
        return augmentation.mixes() ? mixed(changed, random) : changed;
    }

    private static boolean isImages(Tensor tensor) {
        return tensor.type().isFloating() && Image.fits(tensor.shape());
    }

    private float[] changed(float[] batch, Image image, RandomGenerator random) {
        int size = image.size();
        for (int start = 0; start < batch.length; start += size) {
            float[] pixels = Arrays.copyOfRange(batch, start, start + size);
            System.arraycopy(changedOne(pixels, image, random), 0, batch, start, size);
        }
        return batch;
    }

    private float[] changedOne(float[] pixels, Image image, RandomGenerator random) {
        float[] changed = pixels;
        if (augmentation.crop() < 1) {
            changed = cropped(changed, image, random);
        }
        boolean mirrored = augmentation.flip() && random.nextBoolean();
        int most = augmentation.shift();
        int down = most == 0 ? 0 : random.nextInt(-most, most + 1);
        int right = most == 0 ? 0 : random.nextInt(-most, most + 1);
        if (mirrored || down != 0 || right != 0) {
            changed = moved(changed, image, mirrored, down, right);
        }
        if (augmentation.cutOut() > 0) {
            cutOut(changed, image, random.nextInt(image.height()), random.nextInt(image.width()));
        }
        return changed;
    }

    private static float[] moved(float[] pixels, Image image, boolean mirrored, int down, int right) {
        float[] moved = new float[pixels.length];
        for (int row = 0; row < image.height(); row++) {
            int fromRow = within(row - down, image.height());
            for (int column = 0; column < image.width(); column++) {
                int shifted = within(column - right, image.width());
                int fromColumn = mirrored ? image.width() - 1 - shifted : shifted;
                for (int channel = 0; channel < image.channels(); channel++) {
                    moved[image.at(channel, row, column)] = pixels[image.at(channel, fromRow, fromColumn)];
                }
            }
        }
        return moved;
    }

    private static int within(int position, int extent) {
        return Math.max(0, Math.min(extent - 1, position));
    }

    /** A window of the same proportions somewhere in the image, enlarged to its size by linear interpolation. */
    private float[] cropped(float[] pixels, Image image, RandomGenerator random) {
        double side = Math.sqrt(augmentation.crop() + (1 - augmentation.crop()) * random.nextDouble());
        double top = random.nextDouble() * (1 - side) * image.height();
        double left = random.nextDouble() * (1 - side) * image.width();
        float[] cropped = new float[pixels.length];
        for (int row = 0; row < image.height(); row++) {
            double y = top + (row + 0.5) * side - 0.5;
            for (int column = 0; column < image.width(); column++) {
                double x = left + (column + 0.5) * side - 0.5;
                for (int channel = 0; channel < image.channels(); channel++) {
                    cropped[image.at(channel, row, column)] = between(pixels, image, channel, y, x);
                }
            }
        }
        return cropped;
    }

    private static float between(float[] pixels, Image image, int channel, double y, double x) {
        int row = (int) Math.floor(y);
        int column = (int) Math.floor(x);
        double down = y - row;
        double right = x - column;
        double above = (1 - right) * pixel(pixels, image, channel, row, column)
                + right * pixel(pixels, image, channel, row, column + 1);
        double below = (1 - right) * pixel(pixels, image, channel, row + 1, column)
                + right * pixel(pixels, image, channel, row + 1, column + 1);
        return (float) ((1 - down) * above + down * below);
    }

    private static float pixel(float[] pixels, Image image, int channel, int row, int column) {
        return pixels[image.at(channel, within(row, image.height()), within(column, image.width()))];
    }

    private void cutOut(float[] pixels, Image image, int middle, int centre) {
        int half = augmentation.cutOut() / 2;
        int top = Math.max(0, middle - half);
        int bottom = Math.min(image.height(), middle - half + augmentation.cutOut());
        int left = Math.max(0, centre - half);
        int right = Math.min(image.width(), centre - half + augmentation.cutOut());
        for (int channel = 0; channel < image.channels(); channel++) {
            float mean = mean(pixels, image, channel);
            for (int row = top; row < bottom; row++) {
                for (int column = left; column < right; column++) {
                    pixels[image.at(channel, row, column)] = mean;
                }
            }
        }
    }

    private static float mean(float[] pixels, Image image, int channel) {
        double sum = 0;
        for (int row = 0; row < image.height(); row++) {
            for (int column = 0; column < image.width(); column++) {
                sum += pixels[image.at(channel, row, column)];
            }
        }
        return (float) (sum / image.height() / image.width());
    }

    /** The batch with labels that are shares of the classes, mixed as the images are. */
    private Batch mixed(Batch batch, RandomGenerator random) {
        long[] labels = batch.classes()
                .orElseThrow(() -> new InvalidInputException(
                        "The labels are no classes, so they cannot be mixed; leave mix-up out of --augment."));
        int count = Math.toIntExact(classes.orElseThrow(() -> new InvalidInputException(
                "The model does not end in one row of scores an example, so labels cannot be mixed; leave mix-up out of"
                        + " --augment.")));
        int[] partners = shuffled(labels.length, random);
        double share = Beta.symmetric(augmentation.mixUp(), random);
        Map<String, Tensor> inputs = new LinkedHashMap<>(batch.inputs());
        inputs.replaceAll((name, tensor) -> isImages(tensor) ? mixed(tensor, partners, share) : tensor);
        float[] shares = new float[labels.length * count];
        for (int example = 0; example < labels.length; example++) {
            shares[example * count + Math.toIntExact(labels[example])] += (float) share;
            shares[example * count + Math.toIntExact(labels[partners[example]])] += (float) (1 - share);
        }
        String name = batch.labels().keySet().iterator().next();
        Map<String, Tensor> mixed = new LinkedHashMap<>(batch.labels());
        mixed.put(name, Tensors.floats(List.of((long) labels.length, (long) count), shares));
        return new Batch(batch.rows(), inputs, mixed, Optional.empty());
    }

    private static Tensor mixed(Tensor tensor, int[] partners, double share) {
        float[] elements = ArrayTensor.read(tensor);
        float[] mixed = elements.clone();
        int size = elements.length / Math.toIntExact(tensor.shape().get(0));
        for (int example = 0; example < partners.length; example++) {
            for (int i = 0; i < size; i++) {
                float other = elements[partners[example] * size + i];
                mixed[example * size + i] = (float) (share * elements[example * size + i] + (1 - share) * other);
            }
        }
        return Tensors.converted(Tensors.floats(tensor.shape(), mixed), tensor.type());
    }

    private static int[] shuffled(int size, RandomGenerator random) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        for (int left = size; left > 1; left--) {
            int chosen = random.nextInt(left);
            int swapped = order[chosen];
            order[chosen] = order[left - 1];
            order[left - 1] = swapped;
        }
        return order;
    }
}
