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
 * @param bundled shared packages it carries copies of, which are not used
 */
public record PluginInfo(
        String id,
        String version,
        String requires,
        String description,
        State state,
        Path path,
        List<ProviderInfo> providers,
        List<String> bundled) {

    /** How much of a plug-in can be used. */
    public enum State {
        /** Everything it declares. */
        ACTIVE,
        /** Some of it; the rest is quarantined. */
        PARTLY_ACTIVE
    }

    public PluginInfo {
        providers = List.copyOf(providers);
        bundled = List.copyOf(bundled);
    }
}
