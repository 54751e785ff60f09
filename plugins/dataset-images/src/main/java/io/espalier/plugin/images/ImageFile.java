package io.espalier.plugin.images;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes JPEG and PNG files of bounded size. */
final class ImageFile {

    private static final long MOST_BYTES = 1L << 28;
    private static final long MOST_PIXELS = 1L << 26;
    private static final int BYTE_BITS = 8;

    private ImageFile() {}

    /**
     * The image in a file; transparency is left out.
     *
     * @throws IOException when it is damaged, too large or of another format; the message is the reason
     */
    static Picture read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("more than " + MOST_BYTES + " bytes");
        }
        byte[] content = Files.readAllBytes(file);
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("neither JPEG nor PNG");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw new IOException(pixels + " pixels, more than the " + MOST_PIXELS + " allowed");
                }
                return picture(reader.read(0));
            } catch (RuntimeException e) {
                // The decoders of the JDK answer some damage with whatever exception it leads to.
                throw new IOException("damaged (" + e + ")", e);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Picture picture(BufferedImage image) {
        boolean grey = !(image.getColorModel() instanceof IndexColorModel)
                && image.getColorModel().getNumColorComponents() == 1;
        return grey ? grey(image) : coloured(image);
    }

    /** The shades as they are stored: the JDK would convert them between curves of brightness. */
    private static Picture grey(BufferedImage image) {
        Raster raster = image.getRaster();
        int most = (1 << image.getColorModel().getComponentSize(0)) - 1;
        byte[] bytes = new byte[image.getHeight() * image.getWidth()];
        for (int i = 0; i < bytes.length; i++) {
            int sample = raster.getSample(i % image.getWidth(), i / image.getWidth(), 0);
            bytes[i] = (byte) (most > 0xFF ? sample >> BYTE_BITS : sample * 0xFF / most);
        }
        return new Picture(image.getHeight(), image.getWidth(), 1, bytes);
    }

    private static Picture coloured(BufferedImage image) {
        int width = image.getWidth();
        byte[] bytes = new byte[3 * image.getHeight() * width];
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                bytes[at] = (byte) (row[x] >> 2 * BYTE_BITS);
                bytes[at + 1] = (byte) (row[x] >> BYTE_BITS);
                bytes[at + 2] = (byte) row[x];
            }
        }
        return new Picture(image.getHeight(), width, 3, bytes);
    }
}
