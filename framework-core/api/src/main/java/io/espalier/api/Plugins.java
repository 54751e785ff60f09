package io.espalier.api;

import io.espalier.host.Catalogue;
import io.espalier.host.Doctor;
import io.espalier.host.ExtensionPoint;
import io.espalier.spi.Stability;
import io.espalier.spi.option.OptionSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What plug-ins and objects offer, and what is wrong with what is not used. Immutable and thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Plugins {

    private final Catalogue catalogue;

    Plugins(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Something a request may name: a criterion, an allocator, a compensator; or what opens and runs files.
     *
     * @param kind what it is, such as {@code criterion}
     * @param name its name, unique among its kind
     * @param description one sentence
     * @param plugin id of the plug-in that offers it; empty for the class path and for objects
     * @param options what can be set
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Extension(
            String kind, String name, String description, Optional<String> plugin, List<OptionSpec> options) {
        public Extension {
            options = List.copyOf(options);
        }
    }

    /**
     * A plug-in of a folder that takes part.
     *
     * @param id its id
     * @param version its version
     * @param requires the SPI versions it asks for, as written; {@code *} when it asks for none
     * @param description one line, may be empty
     * @param isWhole whether all of it can be used; else the rest is {@linkplain #quarantined() quarantined}
     * @param path where it was found
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Plugin(String id, String version, String requires, String description, boolean isWhole, Path path) {}

    /**
     * A plug-in, or one extension of it, that is not used.
     *
     * @param plugin id of the plug-in, when it has one
     * @param extension class of the extension, when the rest of the plug-in may be used
     * @param reason why it is not used
     * @param advice what to do about it
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Quarantined(Optional<String> plugin, Optional<String> extension, String reason, String advice) {}

    /**
     * What the doctor says about one thing.
     *
     * @param level how bad it is
     * @param subject the plug-in, extension or path
     * @param message what was found
     * @param advice what to do; empty when nothing needs doing
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Finding(Level level, String subject, String message, String advice) {}

    /** How bad a finding is. */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public enum Level {
        /** Usable, nothing to do. */
        OK,
        /** Usable, or not meant to be a plug-in, but something should be mended. */
        WARNING,
        /** Not used. */
        QUARANTINED
    }

    /** Everything on offer, by kind, in the order in which it was found. */
    public List<Extension> extensions() {
        return ExtensionPoint.ALL.stream()
                .flatMap(point -> catalogue.all(point.type()).stream()
                        .map(provider -> new Extension(
                                point.noun(),
                                provider.name(),
                                provider.description(),
                                pluginOf(point.noun(), provider.name()),
                                provider.options())))
                .toList();
    }

    private Optional<String> pluginOf(String kind, String name) {
        return catalogue.plugins().stream()
                .filter(plugin -> plugin.providers().stream()
                        .anyMatch(offer ->
                                offer.point().equals(kind) && offer.name().equals(name)))
                .map(io.espalier.host.PluginInfo::id)
                .findFirst();
    }

    /** Plug-ins of folders that take part, in the order in which they were found. */
    public List<Plugin> plugins() {
        return catalogue.plugins().stream()
                .map(each -> new Plugin(
                        each.id(),
                        each.version(),
                        each.requires(),
                        each.description(),
                        each.state() == io.espalier.host.PluginInfo.State.ACTIVE,
                        each.path()))
                .toList();
    }

    /** What is not used, and why. */
    public List<Quarantined> quarantined() {
        return catalogue.quarantined().stream()
                .map(each -> new Quarantined(each.plugin(), each.provider(), each.reason(), each.advice()))
                .toList();
    }

    /** Examines the plug-ins of the folders; takes longer than the lists. */
    public List<Finding> examine() {
        return Doctor.examine(catalogue).stream()
                .map(each ->
                        new Finding(Level.valueOf(each.level().name()), each.subject(), each.message(), each.advice()))
                .toList();
    }
}
