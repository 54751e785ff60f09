package io.espalier.plugin.idx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** How the file of labels is called beside a file of images. */
final class LabelNames {

    private static final String GZIP = ".gz";

    private LabelNames() {}

    /** The labels that lie beside the images: {@code images} becomes {@code labels}, {@code idx3} becomes {@code idx1}. */
    static Optional<Path> beside(Path images) {
        String name = String.valueOf(images.getFileName());
        if (!name.contains("images")) {
            return Optional.empty();
        }
        String labels = name.replace("images", "labels").replaceFirst("idx\\d", "idx1");
        String other = labels.endsWith(GZIP) ? labels.substring(0, labels.length() - GZIP.length()) : labels + GZIP;
        return Stream.of(labels, other)
                .map(images::resolveSibling)
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
