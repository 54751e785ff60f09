package io.espalier.engine.score;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.layer.NamePattern;
import io.espalier.engine.layer.NearNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which groups a user wants to leave alone.
 *
 * <p>Patterns are matched with whole names of layers: of their operators, modules and parameters. {@code *} stands for any
 * characters, {@code ?} for one. A group is left alone when it removes anything of a layer that is ignored, or when no layer
 * that computes its channels matches a pattern of those allowed.
 *
 * @param ignore patterns of layers of which nothing is removed
 * @param only when not empty, patterns of the layers whose channels alone may be removed
 */
public record NamePatterns(List<String> ignore, List<String> only) {

    private static final int SHOWN = 5;

    /** Everything may be pruned. */
    public static final NamePatterns ALL = new NamePatterns(List.of(), List.of());

    public NamePatterns {
        ignore = List.copyOf(ignore);
        only = List.copyOf(only);
    }

    /** A group that is left alone, with the reason. */
    public record Ignored(Group group, String reason) {}

    /** Groups that may be pruned and those left alone, both in order. */
    public record Choice(List<Group> groups, List<Ignored> ignored) {
        public Choice {
            groups = List.copyOf(groups);
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * Splits groups.
     *
     * @param layers what the layers of the model are called
     * @throws UnusablePatternException when a pattern matches no layer of any group, or nothing is left
     */
    public Choice choose(List<Group> groups, Layers layers) {
        require("--ignore", ignore, groups, layers::touched);
        require("--only", only, groups, layers::computing);
        List<Group> chosen = new ArrayList<>();
        List<Ignored> ignored = new ArrayList<>();
        for (Group group : groups) {
            Optional<String> reason = reason(group, layers);
            reason.ifPresentOrElse(why -> ignored.add(new Ignored(group, why)), () -> chosen.add(group));
        }
        if (chosen.isEmpty() && !groups.isEmpty()) {
            throw new UnusablePatternException(
                    "The patterns of --ignore and --only leave no group to prune; give fewer of them.");
        }
        return new Choice(chosen, ignored);
    }

    /**
     * Whether layers may be removed as a whole: none is ignored, and all are of those allowed.
     *
     * @param layers the names of each
     */
    public boolean allows(List<Set<String>> layers) {
        return layers.stream()
                .allMatch(names -> ignore.stream()
                                .noneMatch(pattern -> firstMatch(pattern, names).isPresent())
                        && (only.isEmpty()
                                || only.stream()
                                        .anyMatch(pattern ->
                                                firstMatch(pattern, names).isPresent())));
    }

    private Optional<String> reason(Group group, Layers layers) {
        for (String pattern : ignore) {
            Optional<String> match = firstMatch(pattern, layers.touched(group));
            if (match.isPresent()) {
                return Optional.of("'" + match.get() + "' is ignored by the pattern '" + pattern + "'");
            }
        }
        boolean allowed = only.isEmpty()
                || only.stream()
                        .anyMatch(pattern ->
                                firstMatch(pattern, layers.computing(group)).isPresent());
        return allowed
                ? Optional.empty()
                : Optional.of("no layer that computes its channels matches " + String.join(", ", only));
    }

    private static void require(
            String option, List<String> patterns, List<Group> groups, Function<Group, Set<String>> namesOf) {
        if (patterns.isEmpty()) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        groups.forEach(group -> names.addAll(namesOf.apply(group)));
        for (String pattern : patterns) {
            if (firstMatch(pattern, names).isEmpty()) {
                throw new UnusablePatternException("The pattern '" + pattern + "' of " + option
                        + " matches no layer or parameter whose channels can be removed; names that are near: "
                        + String.join(", ", NearNames.of(pattern, names, SHOWN)) + ".");
            }
        }
    }

    private static Optional<String> firstMatch(String pattern, Collection<String> names) {
        return NamePattern.of(pattern).firstMatch(names);
    }
}
