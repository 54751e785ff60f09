package io.espalier.host;

import io.espalier.spi.provider.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects extensions; of two with one name the first stays. */
final class Offers {

    private record Key(ExtensionPoint point, String name) {}

    private final Map<Key, Offer> offers = new LinkedHashMap<>();

    /** Adds an extension; says why not when its name is taken. */
    Optional<Trouble> add(Offer offer) {
        Offer first = offers.putIfAbsent(new Key(offer.point(), offer.name()), offer);
        if (first == null) {
            return Optional.empty();
        }
        return Optional.of(new Trouble(
                "the " + offer.point().noun() + " '" + offer.name() + "' of " + offer.owner()
                        + " has a name that is taken by " + first.owner(),
                "rename one of the two, or take one out of the plug-in folder"));
    }

    /**
     * Adds extensions a program has made itself; each serves every kind it implements.
     *
     * @throws IllegalArgumentException when a name breaks the rules, is taken, or an extension is of no known kind
     */
    void addAtHand(List<? extends Provider> providers) {
        for (Provider provider : providers) {
            String owner = provider.getClass().getName();
            List<ExtensionPoint> points = ExtensionPoint.ALL.stream()
                    .filter(point -> point.type().isInstance(provider))
                    .toList();
            if (points.isEmpty()) {
                throw new IllegalArgumentException(owner + " is of no known kind of extension");
            }
            NameRule.violation(provider.name()).ifPresent(violation -> {
                throw new IllegalArgumentException(owner + " breaks a rule: " + violation);
            });
            for (ExtensionPoint point : points) {
                add(new Offer(point, provider.name(), provider.description(), provider, owner))
                        .ifPresent(taken -> {
                            throw new IllegalArgumentException(owner + ": " + taken.reason());
                        });
            }
        }
    }

    /** Adds what services files on a class path declare; says what is broken. */
    List<Quarantined> addDeclared(ClassLoader loader) {
        ProviderSearch search =
                new ProviderSearch(Optional.empty(), loader, name -> Collections.list(loader.getResources(name)));
        List<Quarantined> broken = new ArrayList<>();
        for (ProviderSearch.Declared declared : search.search()) {
            declared.offer()
                    .map(this::add)
                    .orElse(declared.trouble())
                    .ifPresent(trouble -> broken.add(new Quarantined(
                            Path.of(""),
                            Optional.empty(),
                            Optional.of(declared.className()),
                            trouble.reason(),
                            trouble.advice())));
        }
        return broken;
    }

    Collection<Offer> all() {
        return List.copyOf(offers.values());
    }
}
