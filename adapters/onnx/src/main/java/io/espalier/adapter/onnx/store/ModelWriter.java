package io.espalier.adapter.onnx.store;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.support.OutputChannels;
import io.espalier.adapter.support.PendingFile;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Writes model images to files, so that what existed is replaced by something complete or not at all. */
public final class ModelWriter {

    /** Protobuf messages end at 2 GiB, and runtimes that hold a model in memory need room for more than its weights. */
    static final long MAX_FILE_BYTES = Integer.MAX_VALUE - (1L << 20);

    private final OutputChannels channels;
    private final long maxFileBytes;

    /** A writer of real files up to the size that protobuf allows. */
    public ModelWriter() {
        this(MAX_FILE_BYTES);
    }

    /**
     * A writer of real files.
     *
     * @param maxFileBytes size of a model file above which weights go to a file of external data
     */
    public ModelWriter(long maxFileBytes) {
        this(OutputChannels.FILES, maxFileBytes);
    }

    /** Bytes of a model as one file. */
    public static long size(ModelImage image) throws IOException {
        return new ImageWriter(image).size();
    }

    /** A small model as it would lie in a file. */
    public static byte[] bytes(ModelImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ImageWriter(image).write(Channels.newChannel(bytes));
        return bytes.toByteArray();
    }

    /**
     * A writer.
     *
     * @param channels creates the files
     * @param maxFileBytes size of a model file above which weights go to a file of external data
     */
    public ModelWriter(OutputChannels channels, long maxFileBytes) {
        this.channels = channels;
        this.maxFileBytes = maxFileBytes;
    }

    /**
     * Writes a model.
     *
     * @param source the model the image was made from; decodes its external tensors
     * @throws InvalidInputException when the target cannot be written; then nothing that existed has changed
     */
    public void write(ModelImage image, Optional<ModelSource> source, Path target) {
        Path place = PendingFile.place(target);
        try {
            ModelProto.Builder model = image.proto().toBuilder();
            boolean tooLarge = new ImageWriter(image).size() > maxFileBytes;
            if (tooLarge || ExternalWriter.isNeeded(model)) {
                writeWithData(image, source, model, tooLarge, place);
            } else {
                try (PendingFile file = PendingFile.at(place, channels)) {
                    new ImageWriter(image).write(file.channel());
                    file.commit(place);
                }
            }
        } catch (IOException e) {
            throw PendingFile.failed(target, e);
        } catch (UncheckedIOException e) {
            throw PendingFile.failed(target, e.getCause());
        }
    }

    private void writeWithData(
            ModelImage image, Optional<ModelSource> source, ModelProto.Builder model, boolean everything, Path place)
            throws IOException {
        Function<TensorProto, Tensor> tensors = decoder(image, source, place);
        String name = place.getFileName().toString();
        try (PendingFile data = PendingFile.in(place.getParent(), name + ".data", channels);
                PendingFile file = PendingFile.at(place, channels)) {
            ExternalWriter external = new ExternalWriter(tensors, everything, data.channel());
            external.write(model);
            String location = external.name(name);
            external.setLocation(location);
            ModelImage remaining = image.additions().image(model.build());
            if (new ImageWriter(remaining).size() > MAX_FILE_BYTES) {
                throw new InvalidInputException(
                        place
                                + " would be larger than 2 GiB even with its initializers as external data; ONNX cannot store that");
            }
            new ImageWriter(remaining).write(file.channel());
            Path dataPlace = place.resolveSibling(location);
            boolean existed = Files.exists(dataPlace);
            data.commit(dataPlace);
            try {
                file.commit(place);
            } catch (IOException e) {
                if (!existed) {
                    Files.deleteIfExists(dataPlace);
                }
                throw e;
            }
        }
    }

    private static Function<TensorProto, Tensor> decoder(ModelImage image, Optional<ModelSource> source, Path place) {
        TensorDecoder decoder = source.map(open -> open.decoder(image))
                .orElseGet(() -> new TensorDecoder(place, image, new ExternalFiles(place)));
        return tensor -> decoder.decode(tensor, tensor.getName());
    }
}
