package io.espalier.plugin.images;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Images that are decoded as they are read; the one that was read last is kept. */
final class ImageTensor implements Tensor {

    private final List<Path> files;
    private final ImageForm form;
    private final List<Long> shape;
    private final int width;
    private int lastRow = -1;
    private byte[] last;

    ImageTensor(List<Path> files, ImageForm form, ImageForm.Size size) {
        this.files = files;
        this.form = form;
        long count = files.size();
        long channels = form.channels();
        long height = size.height();
        long across = size.width();
        this.shape = form.channelsFirst()
                ? List.of(count, channels, height, across)
                : List.of(count, height, across, channels);
        this.width = Math.toIntExact(channels * height * across);
    }

    @Override
    public DataType type() {
        return DataType.UINT8;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        Objects.checkFromIndexSize(offset, target.remaining(), size());
        long next = offset;
        while (target.hasRemaining()) {
            int from = (int) (next % width);
            int count = Math.min(width - from, target.remaining());
            target.put(row((int) (next / width)), from, count);
            next += count;
        }
    }

    private synchronized byte[] row(int number) {
        if (number != lastRow) {
            last = decoded(files.get(number));
            lastRow = number;
        }
        return last;
    }

    private byte[] decoded(Path file) {
        try {
            byte[] bytes = form.laidOut(form.apply(ImageFile.read(file)));
            if (bytes.length != width) {
                throw new IOException("it has another size than the others");
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidInputException("the image '" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
