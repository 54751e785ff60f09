package io.espalier.engine.score;

import io.espalier.engine.coupling.channel.Group;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which groups a user wants to leave alone.
 *
 * <p>Patterns are matched with whole names of parameters; {@code *} stands for any characters, {@code ?} for one. A
 * group is left alone when one of its parameters matches a pattern to ignore, or when none matches a pattern of those
 * allowed.
 *
 * @param ignore patterns of parameters whose groups stay
 * @param only when not empty, patterns of parameters whose groups alone may be pruned
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
     * @throws UnusablePatternException when a pattern matches no parameter of any group, or nothing is left
     */
    public Choice choose(List<Group> groups) {
        Set<String> names = new LinkedHashSet<>();
        groups.forEach(group -> names.addAll(names(group)));
        for (String pattern : ignore) {
            requireMatch("--ignore", pattern, names);
        }
        for (String pattern : only) {
            requireMatch("--only", pattern, names);
        }
        List<Group> chosen = new ArrayList<>();
        List<Ignored> ignored = new ArrayList<>();
        for (Group group : groups) {
            Optional<String> reason = reason(group);
            reason.ifPresentOrElse(why -> ignored.add(new Ignored(group, why)), () -> chosen.add(group));
        }
        if (chosen.isEmpty() && !groups.isEmpty()) {
            throw new UnusablePatternException(
                    "The patterns of --ignore and --only leave no group to prune; give fewer of them.");
        }
        return new Choice(chosen, ignored);
    }

    private Optional<String> reason(Group group) {
        for (String pattern : ignore) {
            Optional<String> match = firstMatch(pattern, names(group));
            if (match.isPresent()) {
                return Optional.of("'" + match.get() + "' is ignored by the pattern '" + pattern + "'");
            }
        }
        boolean allowed = only.isEmpty()
                || only.stream()
                        .anyMatch(pattern -> firstMatch(pattern, names(group)).isPresent());
        return allowed ? Optional.empty() : Optional.of("none of its parameters matches " + String.join(", ", only));
    }

    private static Set<String> names(Group group) {
        Set<String> names = new LinkedHashSet<>();
        names.add(group.name());
        group.labelledAxes()
                .forEach(labelledAxis -> names.add(labelledAxis.use().constant()));
        return names;
    }

    private static void requireMatch(String option, String pattern, Collection<String> names) {
        if (firstMatch(pattern, names).isEmpty()) {
            throw new UnusablePatternException("The pattern '" + pattern + "' of " + option
                    + " matches no parameter that could be pruned; there are, for instance: "
                    + names.stream().limit(SHOWN).collect(Collectors.joining(", ")) + ".");
        }
    }

    private static Optional<String> firstMatch(String pattern, Collection<String> names) {
        Pattern compiled = compile(pattern);
        return names.stream().filter(name -> compiled.matcher(name).matches()).findFirst();
    }

    private static Pattern compile(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (char letter : pattern.toCharArray()) {
            regex.append(
                    switch (letter) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(letter));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
