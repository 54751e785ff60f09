package io.espalier.host;

import io.espalier.host.pf4j.IgnoredPath;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.provider.Provider;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The extensions of a process, found by kind and name.
 *
 * <p>Immutable and thread-safe. Plug-ins are loaded once; to change them, change the folder and start again.
 */
public final class Catalogue implements AutoCloseable {

    private final Map<ExtensionPoint, Map<String, Offer>> offers;
    private final List<PluginInfo> plugins;
    private final List<Quarantined> quarantined;
    private final List<IgnoredPath> ignored;
    private final Map<String, Supplier<List<String>>> copies;
    private final Runnable stop;

    Catalogue(
            Collection<Offer> offers,
            List<PluginInfo> plugins,
            List<Quarantined> quarantined,
            List<IgnoredPath> ignored,
            Map<String, Supplier<List<String>>> copies,
            Runnable stop) {
        this.offers = index(offers);
        this.plugins = List.copyOf(plugins);
        this.quarantined = List.copyOf(quarantined);
        this.ignored = List.copyOf(ignored);
        this.copies = Map.copyOf(copies);
        this.stop = stop;
    }

    /**
     * A catalogue of extensions at hand, for embedding and tests; each serves every kind it implements.
     *
     * @throws IllegalArgumentException when a name breaks the rules, is taken, or an extension is of no known kind
     */
    public static Catalogue of(Provider... providers) {
        return of(List.of(providers));
    }

    /** As {@link #of(Provider...)}. */
    public static Catalogue of(List<? extends Provider> providers) {
        Offers offers = new Offers();
        offers.addAtHand(providers);
        return new Catalogue(offers.all(), List.of(), List.of(), List.of(), Map.of(), () -> {});
    }

    /** A catalogue of what services files on the class path declare; what is broken there is quarantined. */
    public static Catalogue fromClassPath() {
        return fromClassPath(Catalogue.class.getClassLoader());
    }

    /** As {@link #fromClassPath()}, by another class loader. */
    public static Catalogue fromClassPath(ClassLoader loader) {
        Offers offers = new Offers();
        List<Quarantined> broken = offers.addDeclared(loader);
        return new Catalogue(offers.all(), List.of(), broken, List.of(), Map.of(), () -> {});
    }

    /**
     * The extension of a kind with a name.
     *
     * @throws InvalidInputException when there is none; the message names what there is
     */
    public <P extends Provider> P get(Class<P> type, String name) {
        ExtensionPoint point = ExtensionPoint.of(type);
        Offer offer = offers.get(point).get(name);
        if (offer == null) {
            throw new InvalidInputException(missing(point, name));
        }
        return type.cast(offer.provider());
    }

    /** All extensions of a kind, in the order in which they were found. */
    public <P extends Provider> List<P> all(Class<P> type) {
        return offers.get(ExtensionPoint.of(type)).values().stream()
                .map(offer -> type.cast(offer.provider()))
                .toList();
    }

    /** Names of all extensions of a kind, in alphabetical order. */
    public List<String> names(Class<? extends Provider> type) {
        return List.copyOf(new TreeMap<>(offers.get(ExtensionPoint.of(type))).keySet());
    }

    /** Plug-ins that take part, in the order in which they were found. */
    public List<PluginInfo> plugins() {
        return plugins;
    }

    /** What is not used, and why. */
    public List<Quarantined> quarantined() {
        return quarantined;
    }

    List<IgnoredPath> ignored() {
        return ignored;
    }

    /** Shared packages a plug-in carries copies of, which are not used; looks through all of its libraries. */
    List<String> bundled(PluginInfo plugin) {
        return copies.get(plugin.id()).get();
    }

    /** Stops the plug-ins; extensions must not be used afterwards. */
    @Override
    public void close() {
        stop.run();
    }

    private String missing(ExtensionPoint point, String name) {
        List<String> names = names(point.type());
        String hint =
                quarantined.isEmpty() ? "" : " (quarantined: " + quarantined.size() + ", the plug-in doctor says why)";
        if (names.isEmpty()) {
            return "no " + point.noun() + " '" + name + "'; no plug-in offers any " + point.noun()
                    + ", look at the plug-in folder" + hint;
        }
        String guess = NearestName.to(name, names)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse(";");
        return "no " + point.noun() + " '" + name + "'" + guess + " available: " + String.join(", ", names) + hint;
    }

    private static Map<ExtensionPoint, Map<String, Offer>> index(Collection<Offer> offers) {
        Map<ExtensionPoint, Map<String, Offer>> index = new LinkedHashMap<>();
        ExtensionPoint.ALL.forEach(point -> index.put(point, new LinkedHashMap<>()));
        offers.forEach(offer -> index.get(offer.point()).put(offer.name(), offer));
        return index;
    }
}
