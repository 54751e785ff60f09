package io.espalier.dist;

import io.espalier.testkit.TestingNpz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;

/**
 * Real images of the examples, in several formats.
 *
 * @param pixels a row of bytes for each image
 * @param labels the class of each
 */
record TestingImages(byte[][] pixels, byte[] labels) {

    static final int SIDE = 28;
    static final double MEAN = 0.2860;
    static final double DEVIATION = 0.3530;
    private static final int PREAMBLE = 10;
    private static final int LARGEST = 255;

    /** Some images of an npz file of the examples, with the bytes they had before they were normalised. */
    static TestingImages of(String npz, int from, int count) throws IOException {
        byte[][] pixels = new byte[count][SIDE * SIDE];
        byte[] labels = new byte[count];
        ByteBuffer images = array(npz, "image");
        ByteBuffer classes = array(npz, "label");
        for (int row = 0; row < count; row++) {
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                float value = images.getFloat(((from + row) * SIDE * SIDE + pixel) * Float.BYTES);
                pixels[row][pixel] = (byte) Math.round((value * DEVIATION + MEAN) * LARGEST);
            }
            labels[row] = (byte) classes.getLong((from + row) * Long.BYTES);
        }
        return new TestingImages(pixels, labels);
    }

    private static ByteBuffer array(String npz, String name) throws IOException {
        try (ZipFile zip = new ZipFile(Launcher.example(npz).toFile())) {
            byte[] npy = zip.getInputStream(zip.getEntry(name + ".npy")).readAllBytes();
            ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
            return bytes.position(PREAMBLE + bytes.getShort(PREAMBLE - Short.BYTES))
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    int count() {
        return labels.length;
    }

    /** A normalised array of floats, and the labels. */
    Path npz(Path file) throws IOException {
        float[] values = new float[count() * SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            double pixel = pixels[i / (SIDE * SIDE)][i % (SIDE * SIDE)] & LARGEST;
            values[i] = (float) ((pixel / LARGEST - MEAN) / DEVIATION);
        }
        String rows = Integer.toString(count());
        return Files.write(
                file,
                new TestingNpz()
                        .array(
                                "image",
                                "<f4",
                                "(" + rows + ", 1, 28, 28)",
                                TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, values))
                        .array("label", "|u1", "(" + rows + ",)", labels)
                        .stored());
    }

    /** Two compressed idx files, of which that of the images is returned. */
    Path idx(Path folder, String name) throws IOException {
        byte[] all = new byte[count() * SIDE * SIDE];
        for (int row = 0; row < count(); row++) {
            System.arraycopy(pixels[row], 0, all, row * SIDE * SIDE, SIDE * SIDE);
        }
        Files.write(folder.resolve(name + "-labels-idx1-ubyte.gz"), idx(labels, count()));
        return Files.write(folder.resolve(name + "-images-idx3-ubyte.gz"), idx(all, count(), SIDE, SIDE));
    }

    /** The images by class, in the order they have among those of their class. */
    TestingImages sorted() {
        int[] order = IntStream.range(0, count())
                .boxed()
                .sorted(Comparator.comparing(row -> labels[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        byte[] classes = new byte[count()];
        for (int row = 0; row < order.length; row++) {
            classes[row] = labels[order[row]];
        }
        return new TestingImages(
                Arrays.stream(order).mapToObj(row -> pixels[row]).toArray(byte[][]::new), classes);
    }

    /** A folder of PNG files for each class. */
    Path images(Path folder) throws IOException {
        for (int row = 0; row < count(); row++) {
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels[row]);
            Path classes = Files.createDirectories(folder.resolve("class" + labels[row]));
            ImageIO.write(
                    image,
                    "png",
                    classes.resolve(String.format(Locale.ROOT, "%05d.png", row)).toFile());
        }
        return folder;
    }

    private static byte[] idx(byte[] elements, int... shape) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + shape.length) + elements.length);
        bytes.putInt(0x0800 | shape.length);
        Arrays.stream(shape).forEach(bytes::putInt);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes.put(elements).array());
        }
        return packed.toByteArray();
    }
}
