package io.espalier.host.pf4j;

import java.nio.file.Path;

/**
 * Something in a plug-in folder that claims to be a plug-in.
 *
 * @param found where it was found
 * @param content what is loaded: the same path, or where a zip was expanded
 * @param form how it is packed
 */
record Archive(Path found, Path content, Form form) {

    enum Form {
        /** A single jar. */
        JAR,
        /** {@code classes/}, {@code lib/*.jar} and {@code plugin.properties}; also an expanded zip. */
        FOLDER,
        /** A source folder: {@code plugin.properties}, {@code target/classes} and {@code target/lib/*.jar}. */
        DEVELOPMENT
    }
}
