package io.espalier.host.pf4j;

import java.nio.file.Path;

/**
 * Something that is no plug-in and does not claim to be one.
 *
 * @param path where it lies
 * @param reason why it was passed over
 * @param advice what to do when it was meant to be used
 */
public record IgnoredPath(Path path, String reason, String advice) {}
