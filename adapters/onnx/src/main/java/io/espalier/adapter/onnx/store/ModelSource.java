package io.espalier.adapter.onnx.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.support.FileBytes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** An open model file with the external files it names. Reads by position; not thread-safe while tensors are decoded. */
public final class ModelSource implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final ModelImage image;
    private final ExternalFiles external;
    private final TensorDecoder decoder;

    private ModelSource(Path file, FileChannel channel, ModelImage image) {
        this.file = file;
        this.channel = channel;
        this.image = image;
        this.external = new ExternalFiles(file);
        this.decoder = new TensorDecoder(file, image, external);
    }

    /**
     * Opens a file.
     *
     * @throws InvalidInputException when there is no such file or it does not hold a model
     */
    public static ModelSource open(Path file) {
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(file + " is a folder; name the model file in it");
        }
        FileChannel channel = openChannel(file);
        try {
            if (channel.size() == 0) {
                throw new InvalidInputException(file + " is empty; it should be an ONNX model");
            }
            return new ModelSource(file, channel, decode(file, channel));
        } catch (IOException e) {
            close(channel);
            throw new InvalidInputException(file + " cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(channel);
            throw e;
        }
    }

    private static FileChannel openChannel(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("there is no file " + file, e);
        } catch (IOException e) {
            throw new InvalidInputException(file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static ModelImage decode(Path file, FileChannel channel) throws IOException {
        FileContent content = FileContent.of(channel);
        if (content == FileContent.TEXT) {
            throw new InvalidInputException(
                    file + " is a text file, not an ONNX model; was it downloaded as a web page or"
                            + " as a pointer to large-file storage?");
        }
        try {
            ModelImage image = ImageReader.read(channel);
            ModelProto model = image.proto();
            if (!model.hasGraph() || !model.hasIrVersion() && model.getOpsetImportCount() == 0) {
                throw new InvalidInputException(file
                        + (content == FileContent.MODEL
                                ? " holds no graph; it is incomplete, fetch or export it again"
                                : " is not an ONNX model"));
            }
            return image;
        } catch (EOFException e) {
            throw new InvalidInputException(
                    content == FileContent.MODEL
                            ? file + " is cut off after " + channel.size() + " bytes; fetch or export it again"
                            : file + " is not an ONNX model",
                    e);
        } catch (MalformedWireException | InvalidProtocolBufferException e) {
            throw new InvalidInputException(
                    file
                            + (content == FileContent.MODEL
                                    ? " starts like an ONNX model but is damaged: " + e.getMessage()
                                    : " is not an ONNX model"),
                    e);
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** The decoded model. */
    public ModelImage image() {
        return image;
    }

    /**
     * The tensor in a message of this model.
     *
     * @param name what to call it when it is broken
     * @throws InvalidInputException when it cannot be read
     */
    public Tensor tensor(TensorProto message, String name) {
        return decoder.decode(message, name);
    }

    /** A decoder for a changed image of this model, which may still refer to its external files. */
    TensorDecoder decoder(ModelImage changed) {
        return new TensorDecoder(file, changed, external);
    }

    /** SHA-256 over the file and then every external file opened so far, in the order of their names. */
    public String digest() {
        try {
            return FileBytes.digest(parts());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of the file and of every external file opened so far. */
    public long byteSize() {
        try {
            long size = 0;
            for (FileChannel part : parts()) {
                size += part.size();
            }
            return size;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<FileChannel> parts() {
        List<FileChannel> parts = new ArrayList<>(List.of(channel));
        parts.addAll(external.channels());
        return parts;
    }

    @Override
    public void close() {
        try (channel) {
            external.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
