package io.espalier.engine.recover;

import io.espalier.engine.layer.NamePattern;
import io.espalier.engine.layer.NearNames;
import io.espalier.spi.InvalidInputException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which weights somebody wants to be left as they are. */
final class LeftOut {

    private static final int SHOWN = 5;

    private final List<String> patterns;
    private final RefittedFile file;

    /**
     * Checks patterns.
     *
     * @param weights all weights that could be fitted
     * @throws InvalidInputException when a pattern matches none of them, or all are left out
     */
    LeftOut(List<String> patterns, List<FittableWeight> weights, RefittedFile file) {
        this.patterns = patterns;
        this.file = file;
        Set<String> all = new LinkedHashSet<>();
        weights.forEach(weight -> all.addAll(names(weight)));
        for (String pattern : patterns) {
            if (NamePattern.of(pattern).firstMatch(all).isEmpty()) {
                throw new InvalidInputException("The pattern '" + pattern
                        + "' matches no layer or parameter whose weight can be fitted; names that are near: "
                        + String.join(", ", NearNames.of(pattern, all, SHOWN)) + ".");
            }
        }
        if (!weights.isEmpty()
                && weights.stream().allMatch(weight -> reason(weight).isPresent())) {
            throw new InvalidInputException(
                    "The patterns leave no weight to fit: " + String.join(", ", patterns) + "; give fewer of them.");
        }
    }

    private Set<String> names(FittableWeight weight) {
        Set<String> names = new LinkedHashSet<>(Set.of(weight.name()));
        weight.applications()
                .forEach(each -> names.addAll(file.names(each.node().id())));
        return names;
    }

    /** Why a weight is left out; empty when it is not. */
    Optional<String> reason(FittableWeight weight) {
        for (String pattern : patterns) {
            Optional<String> match = NamePattern.of(pattern).firstMatch(names(weight));
            if (match.isPresent()) {
                return Optional.of("'" + match.get() + "' is left out by the pattern '" + pattern + "'");
            }
        }
        return Optional.empty();
    }
}
