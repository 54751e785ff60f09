package io.espalier.host;

import java.nio.file.Path;
import java.util.List;

/**
 * A plug-in that takes part.
 *
 * @param id its plug-in id
 * @param version its version
 * @param requires the SPI versions it asks for, as written; {@code *} when it asks for none
 * @param description one line, may be empty
 * @param state whether all of it can be used
 * @param path where it was found
 * @param providers what it offers, in order of extension points
 */
public record PluginInfo(
        String id,
        String version,
        String requires,
        String description,
        State state,
        Path path,
        List<ProviderInfo> providers) {

    /** How much of a plug-in can be used. */
    public enum State {
        /** Everything it declares. */
        ACTIVE,
        /** Some of it; the rest is quarantined. */
        PARTLY_ACTIVE
    }

    public PluginInfo {
        providers = List.copyOf(providers);
    }
}
