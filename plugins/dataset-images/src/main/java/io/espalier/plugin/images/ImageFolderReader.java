package io.espalier.plugin.images;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads folders of JPEG and PNG images. A folder that holds images is a set without labels; one that holds folders is a set
 * whose classes they are, in the order of their names. Files of other kinds are passed over.
 *
 * <p>Images that cannot be read are left out and named. All are decoded once when the folder is opened, and again when they
 * are used; one is in memory at a time. They are fed as bytes in the size, layout and colours of the first input of four axes,
 * unless options say otherwise.
 */
public final class ImageFolderReader implements DatasetReader {

    private static final int NAMED = 5;

    @Override
    public String name() {
        return "images";
    }

    @Override
    public String description() {
        return "Folders of JPEG and PNG images, a folder for each class.";
    }

    @Override
    public List<OptionSpec> options() {
        return ImageForm.options();
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        if (head.length > 0 || !Files.isDirectory(file)) {
            return false;
        }
        try {
            return !images(file).isEmpty()
                    || folders(file).stream().anyMatch(each -> !images(each).isEmpty());
        } catch (InvalidInputException e) {
            // A folder that cannot be listed is of no known kind.
            return false;
        }
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        if (!Files.isDirectory(file)) {
            throw new InvalidInputException("'" + file + "' is not a folder; name a folder of images");
        }
        ImageForm.of(options, Optional.empty());
        List<Path> files = images(file);
        List<Long> classes = new ArrayList<>();
        List<String> names = new ArrayList<>();
        if (files.isEmpty()) {
            files = new ArrayList<>();
            List<Path> folders = folders(file);
            folders.forEach(each -> names.add(String.valueOf(each.getFileName())));
            for (int label = 0; label < folders.size(); label++) {
                List<Path> some = images(folders.get(label));
                files.addAll(some);
                for (int i = 0; i < some.size(); i++) {
                    classes.add((long) label);
                }
            }
        }
        if (files.isEmpty()) {
            throw new InvalidInputException("'" + file + "' holds no JPEG or PNG images, nor do the folders in it");
        }
        return readable(file, files, classes, names, options, context);
    }

    private static Dataset readable(
            Path folder,
            List<Path> files,
            List<Long> classes,
            List<String> names,
            Options options,
            RunContext context) {
        List<Path> sound = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        Set<ImageForm.Size> sizes = new HashSet<>();
        for (int i = 0; i < files.size(); i++) {
            context.checkCancelled();
            context.progress("reading images", i, files.size());
            try {
                Picture picture = ImageFile.read(files.get(i));
                sizes.add(new ImageForm.Size(picture.height(), picture.width()));
                sound.add(files.get(i));
                labels.addAll(classes.isEmpty() ? List.of() : List.of(classes.get(i)));
            } catch (IOException e) {
                broken.add("'" + folder.relativize(files.get(i)) + "' (" + e.getMessage() + ")");
            }
        }
        if (sound.isEmpty()) {
            throw new InvalidInputException(
                    "none of the " + files.size() + " images in '" + folder + "' can be read: " + broken.get(0));
        }
        List<String> notes = broken.isEmpty()
                ? List.of()
                : List.of(broken.size() + " of " + files.size() + " images in '" + folder
                        + "' cannot be read and were left out: "
                        + String.join(", ", broken.subList(0, Math.min(NAMED, broken.size())))
                        + (broken.size() > NAMED ? " and " + (broken.size() - NAMED) + " more" : "") + ".");
        return new ImageFolder(
                folder,
                sound,
                labels,
                names,
                sizes.size() == 1 ? Optional.of(sizes.iterator().next()) : Optional.empty(),
                notes,
                options,
                Optional.empty());
    }

    private static List<Path> images(Path folder) {
        return listed(folder).stream()
                .filter(Files::isRegularFile)
                .filter(file ->
                        file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png)"))
                .toList();
    }

    private static List<Path> folders(Path folder) {
        return listed(folder).stream().filter(Files::isDirectory).toList();
    }

    private static List<Path> listed(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted((one, other) -> one.getFileName()
                            .toString()
                            .compareTo(other.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new InvalidInputException("'" + folder + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
