package io.espalier.adapter.onnx.store;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files beside a model that hold tensor data, opened when first named. Not thread-safe while tensors are decoded. */
final class ExternalFiles implements AutoCloseable {

    private final Path model;
    private final Map<String, FileChannel> byLocation = new HashMap<>();
    private final SortedMap<Path, FileChannel> open = new TreeMap<>();

    ExternalFiles(Path model) {
        this.model = model;
    }

    /** Open files in the order of their names. */
    List<FileChannel> channels() {
        return List.copyOf(open.values());
    }

    /**
     * Opens the file at a location.
     *
     * @param location path as the model writes it
     * @param tensor the tensor that names it, quoted
     * @throws InvalidInputException when the location leaves the model's folder or is not a file
     */
    FileChannel open(String location, String tensor) {
        FileChannel known = byLocation.get(location);
        if (known != null) {
            return known;
        }
        Path file = resolve(location, tensor);
        try {
            // Two spellings of one location are one file.
            FileChannel channel = open.get(file);
            if (channel == null) {
                channel = FileChannel.open(file, StandardOpenOption.READ);
                open.put(file, channel);
            }
            byLocation.put(location, channel);
            return channel;
        } catch (IOException e) {
            throw new InvalidInputException(
                    where(tensor) + "external data file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Path resolve(String location, String tensor) {
        String shown = Quoted.name(location);
        if (location.isEmpty()
                || location.startsWith("/")
                || location.startsWith("\\")
                || location.matches("[A-Za-z]:.*")) {
            throw new InvalidInputException(where(tensor) + "external data location " + shown
                    + " is not a relative path; only files in the model's folder are read");
        }
        try {
            Path folder = model.toAbsolutePath().getParent();
            Path file = folder.resolve(location.replace('\\', '/')).normalize();
            if (!file.startsWith(folder.normalize())) {
                throw leaves(shown, tensor);
            }
            if (!Files.isRegularFile(file)) {
                throw new InvalidInputException(where(tensor) + "external data file " + shown + " is missing in "
                        + folder + "; put it beside the model");
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw leaves(shown, tensor);
            }
            return file;
        } catch (InvalidPathException e) {
            throw new InvalidInputException(where(tensor) + "external data location " + shown + " is not a path", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InvalidInputException leaves(String shown, String tensor) {
        return new InvalidInputException(where(tensor) + "external data location " + shown
                + " leads out of the model's folder; only files in it are read");
    }

    private String where(String tensor) {
        return model + ": tensor " + tensor + ": ";
    }

    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (FileChannel channel : open.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
