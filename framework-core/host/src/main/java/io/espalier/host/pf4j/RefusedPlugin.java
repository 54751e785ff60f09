package io.espalier.host.pf4j;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Something in a plug-in folder that was not loaded.
 *
 * @param path where it lies
 * @param id its plug-in id, when it has one
 * @param reason why it was not loaded
 * @param advice what to do about it
 */
public record RefusedPlugin(Path path, Optional<String> id, String reason, String advice) {}
