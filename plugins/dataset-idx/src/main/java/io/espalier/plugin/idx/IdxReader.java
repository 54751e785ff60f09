package io.espalier.plugin.idx;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.data.GzipFiles;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.FileTensor;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads idx files, the format of MNIST and of data sets made after it, plain or compressed with gzip.
 *
 * <p>The array is called {@code image}; the labels beside it, found by the usual names ({@code train-images-idx3-ubyte.gz}
 * and {@code train-labels-idx1-ubyte.gz}) or given as an option, are called {@code label}. Plain files are read in blocks;
 * compressed ones are decoded into memory when they are opened: at most 1 GiB, or half of the heap if that is less.
 */
public final class IdxReader implements DatasetReader {

    private static final String LABELS = "labels";
    private static final long MAX_HEAP_BYTES = 1L << 30;

    @Override
    public String name() {
        return "idx";
    }

    @Override
    public String description() {
        return "idx files of MNIST and its kind, also gzipped: images, and the labels beside them.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.text(
                LABELS, "auto", "the idx file of labels; auto: the one named like the images; none: no labels"));
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return IdxHeader.isMagic(GzipFiles.head(head));
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        context.checkCancelled();
        return open(
                file,
                options.text(LABELS),
                Math.min(MAX_HEAP_BYTES, Runtime.getRuntime().maxMemory() / 2),
                context);
    }

    Dataset open(Path file, String labels, long heapBytes, RunContext context) {
        Tensor images = new IdxFile(file, heapBytes, context).read();
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("image", images);
        labels(file, labels).ifPresent(beside -> {
            Tensor read = new IdxFile(beside, heapBytes - heldBytes(images), context).read();
            if (!read.shape().get(0).equals(images.shape().get(0))) {
                throw new InvalidInputException(
                        "'" + file + "' holds " + images.shape().get(0) + " examples, but '" + beside + "' has "
                                + read.shape().get(0) + " labels; give files of one set");
            }
            arrays.put("label", read);
        });
        return new IdxDataset(images.shape().get(0), Collections.unmodifiableMap(arrays));
    }

    private static long heldBytes(Tensor images) {
        return images instanceof FileTensor ? 0 : images.byteSize();
    }

    private static Optional<Path> labels(Path file, String wanted) {
        return switch (wanted) {
            case "none" -> Optional.empty();
            case "auto" -> LabelNames.beside(file);
            default -> Optional.of(Path.of(wanted));
        };
    }

    private record IdxDataset(long size, Map<String, Tensor> arrays) implements Dataset {}
}
