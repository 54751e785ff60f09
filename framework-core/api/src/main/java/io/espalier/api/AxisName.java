package io.espalier.api;

import io.espalier.engine.coupling.explain.AxisExplainer;
import io.espalier.host.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An axis as somebody types it: {@code NAME:AXIS}. What stands behind the last colon is the axis, since names of values
 * may hold colons themselves.
 *
 * @param name a value or weight
 * @param axis its axis, from 0
 */
record AxisName(String name, int axis) {

    private static final Pattern FORM = Pattern.compile("(.+):(\\d{1,9})", Pattern.DOTALL);
    private static final int NAMES_SHOWN = 5;

    /**
     * Reads an axis of a value or constant that there is.
     *
     * @throws InputRefusedException when there is no such value or axis
     */
    static AxisName parse(String typed, AxisExplainer explainer) {
        Matcher matcher = FORM.matcher(typed);
        if (!matcher.matches()
                || explainer.rank(typed).isPresent()
                        && explainer.rank(matcher.group(1)).isEmpty()) {
            throw refused("axis '" + typed + "' names no axis; "
                    + explainer
                            .rank(typed)
                            .map(rank -> axes(typed, rank) + ", so give " + typed + ":0 for the first")
                            .orElse("give a value or weight and the number of its axis, like conv1.weight:0"));
        }
        String name = matcher.group(1);
        int axis = Integer.parseInt(matcher.group(2));
        int rank = explainer
                .rank(name)
                .orElseThrow(() -> refused("axis: the model has no value or weight '" + name + "' of known shape"
                        + hint(name, explainer.names())));
        if (axis >= rank) {
            throw refused("axis: '" + name + "' has no axis " + axis + "; " + axes(name, rank));
        }
        return new AxisName(name, axis);
    }

    private static InputRefusedException refused(String message) {
        return InputRefusedException.setting(InputRefusedException.Reason.REQUEST, "axis", message);
    }

    private static String axes(String name, int rank) {
        return switch (rank) {
            case 0 -> "'" + name + "' is a single number and has no axes";
            case 1 -> "'" + name + "' has axis 0 only";
            default -> "'" + name + "' has the axes 0 to " + (rank - 1);
        };
    }

    /** Names that were perhaps meant: those that hold what was typed, else the most similar. */
    private static String hint(String typed, Set<String> names) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        List<String> holding = names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains(wanted))
                .limit(NAMES_SHOWN)
                .toList();
        if (!holding.isEmpty()) {
            return "; names that hold it: " + String.join(", ", holding);
        }
        Optional<String> nearest = NearestName.to(typed, names);
        return nearest.map(name -> "; did you mean '" + name + "'?").orElse("; 'espalier inspect MODEL' lists weights");
    }
}
