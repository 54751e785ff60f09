package io.espalier.host;

import java.util.Collection;
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

    Collection<Offer> all() {
        return List.copyOf(offers.values());
    }
}
