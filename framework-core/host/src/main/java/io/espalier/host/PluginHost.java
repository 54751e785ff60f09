package io.espalier.host;

import io.espalier.host.pf4j.LoadedPlugin;
import io.espalier.host.pf4j.PluginLoading;
import io.espalier.spi.provider.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Loads plug-in folders into a {@link Catalogue}.
 *
 * <p>A plug-in is a jar, a zip or a folder with a descriptor; what it offers is declared in its own
 * {@code META-INF/services}. A broken plug-in never stops the others: it, or only its broken extension, is
 * {@linkplain Catalogue#quarantined() quarantined} with a reason. Of two plug-ins with one id, and of two extensions of
 * a kind with one name, the first stays and the second is quarantined, in the order of the roots, then by file name:
 * a plug-in that is dropped in cannot take the place of one that ships with the product. Plug-ins are code and run
 * with all rights of the process.
 */
public final class PluginHost {

    private static final String ANY_VERSION = "*";
    private static final String SPI_CLASS = Provider.class.getName().replace('.', '/') + ".class";

    private final List<PluginInfo> plugins = new ArrayList<>();
    private final List<Quarantined> quarantined = new ArrayList<>();
    private final Map<String, Supplier<List<String>>> copies = new LinkedHashMap<>();
    private final Offers offers = new Offers();

    private PluginHost() {}

    /**
     * Loads the plug-ins of some folders.
     *
     * @param roots folders of jars, zips and plug-in folders; the first has precedence. A folder that does not exist
     *     counts as empty, and {@link Doctor} says so.
     */
    public static Catalogue load(List<Path> roots) {
        return load(roots, List.of());
    }

    /**
     * Loads the plug-ins of some folders, and others straight from where they are compiled.
     *
     * @param developmentRoots folders whose sub-folders hold {@code plugin.properties} and {@code target/classes}
     */
    public static Catalogue load(List<Path> roots, List<Path> developmentRoots) {
        PluginHost host = new PluginHost();
        return host.catalogue(host.load(new PluginLoading(roots, developmentRoots, SpiVersion.current())));
    }

    /**
     * Extensions at hand, then those that services files on a class path declare, then the plug-ins of some folders; of
     * two with one name the first has precedence.
     *
     * @param atHand extensions a program has made itself; each serves every kind it implements
     * @param classPath finds services files and loads classes; empty when only folders count
     * @throws IllegalArgumentException when the name of an extension at hand breaks the rules or is taken, or it is of no
     *     known kind
     */
    public static Catalogue load(List<? extends Provider> atHand, Optional<ClassLoader> classPath, List<Path> roots) {
        PluginHost host = new PluginHost();
        host.offers.addAtHand(atHand);
        classPath.map(host.offers::addDeclared).ifPresent(host.quarantined::addAll);
        // Without folders PF4J need not wake up.
        return host.catalogue(
                roots.isEmpty()
                        ? Optional.empty()
                        : host.load(new PluginLoading(roots, List.of(), SpiVersion.current())));
    }

    private Catalogue catalogue(Optional<PluginLoading> loading) {
        return new Catalogue(
                offers.all(),
                plugins,
                quarantined,
                loading.map(PluginLoading::ignored).orElse(List.of()),
                copies,
                () -> loading.ifPresent(PluginLoading::stop));
    }

    private Optional<PluginLoading> load(PluginLoading loading) {
        loading.refused()
                .forEach(refused -> quarantined.add(new Quarantined(
                        refused.path(), refused.id(), Optional.empty(), refused.reason(), refused.advice())));
        loading.loaded().forEach(plugin -> examine(plugin, loading.loaded()));
        return Optional.of(loading);
    }

    private void examine(LoadedPlugin plugin, List<LoadedPlugin> others) {
        List<ProviderSearch.Declared> declared =
                new ProviderSearch(Optional.of(plugin.id()), plugin.loader(), plugin::services).search();
        List<ProviderInfo> usable = new ArrayList<>();
        List<Quarantined> broken = new ArrayList<>();
        for (ProviderSearch.Declared one : declared) {
            one.offer()
                    .map(offers::add)
                    .orElse(one.trouble())
                    .ifPresentOrElse(
                            trouble -> broken.add(quarantine(plugin, Optional.of(one.className()), trouble)),
                            () -> one.offer().map(PluginHost::describe).ifPresent(usable::add));
        }
        boolean library = others.stream().anyMatch(other -> other.dependencies().contains(plugin.id()));
        if (declared.isEmpty() && !library) {
            broken.add(quarantine(
                    plugin,
                    Optional.empty(),
                    new Trouble(
                            "no provider declared: it has no services file of a known extension point",
                            "add META-INF/services/INTERFACE with the name of the class that implements it")));
        }
        quarantined.addAll(broken);
        if (!usable.isEmpty() || broken.isEmpty()) {
            plugins.add(info(plugin, usable, broken.isEmpty()));
            copies.put(plugin.id(), () -> bundled(plugin));
        }
    }

    private static Quarantined quarantine(LoadedPlugin plugin, Optional<String> provider, Trouble trouble) {
        return new Quarantined(plugin.path(), Optional.of(plugin.id()), provider, trouble.reason(), trouble.advice());
    }

    private static ProviderInfo describe(Offer offer) {
        return new ProviderInfo(offer.point().noun(), offer.name(), offer.description());
    }

    private static PluginInfo info(LoadedPlugin plugin, List<ProviderInfo> providers, boolean whole) {
        return new PluginInfo(
                plugin.id(),
                plugin.version(),
                plugin.requires() == null ? ANY_VERSION : plugin.requires(),
                plugin.description(),
                whole ? PluginInfo.State.ACTIVE : PluginInfo.State.PARTLY_ACTIVE,
                plugin.path(),
                providers);
    }

    private static List<String> bundled(LoadedPlugin plugin) {
        List<String> bundled = new ArrayList<>();
        try {
            if (!plugin.own(SPI_CLASS).isEmpty()) {
                bundled.add("io.espalier.spi");
            }
            if (!plugin.own("org/slf4j/Logger.class").isEmpty()) {
                bundled.add("org.slf4j");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bundled;
    }
}
