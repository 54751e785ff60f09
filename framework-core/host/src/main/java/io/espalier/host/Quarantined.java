package io.espalier.host;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A plug-in, or one extension of a plug-in, that is not used.
 *
 * @param path where it lies; empty for the class path
 * @param plugin id of the plug-in, when it has one
 * @param provider class of the extension, when the rest of the plug-in may be used
 * @param reason why it is not used
 * @param advice what to do about it
 */
public record Quarantined(Path path, Optional<String> plugin, Optional<String> provider, String reason, String advice) {

    /** The smallest thing that is not used, for people. */
    public String subject() {
        String place = path.toString().isEmpty() ? "the class path" : path.toString();
        String owner = plugin.map(id -> "plug-in '" + id + "'").orElse(place);
        return provider.map(name -> name + " of " + owner).orElse(owner);
    }
}
