package io.espalier.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names curves by those of their settings that are not the settings of all. */
final class CurveNames {

    static final String MODEL = "model";
    static final String TOOL = "tool";
    static final String SEARCHED = "searched";

    /** Options that make no other recipe. */
    static final Set<String> ALIKE = Set.of(
            "target",
            "plan",
            "output",
            "force",
            "resume",
            "threads",
            "no-latency",
            "latency-runs",
            "verify-memory",
            "accept-unproved",
            "plugins");

    private static final String CALIBRATION = "calibration";
    /** What a reader looks for first; others follow by name. */
    private static final List<String> FIRST = List.of(MODEL, SEARCHED, CALIBRATION, "criterion", "allocator", "repair");

    private static final Set<String> FILES = Set.of(MODEL, CALIBRATION, "data", "train");
    private static final Set<String> NOTHING = Set.of("", "[]", "{}");

    private final List<Map<String, String>> curves;
    private final List<String> differing;

    /**
     * Names of curves.
     *
     * @param curves the settings of each
     */
    CurveNames(List<Map<String, String>> curves) {
        this.curves = curves;
        Set<String> names = new TreeSet<>();
        curves.forEach(each -> names.addAll(each.keySet()));
        this.differing = names.stream()
                .filter(name -> values(name, each -> each).size() > 1)
                .sorted(Comparator.comparingInt(CurveNames::rank))
                .toList();
    }

    private Set<String> values(String setting, UnaryOperator<String> shown) {
        return curves.stream()
                .map(each -> shown.apply(each.getOrDefault(setting, "")))
                .collect(Collectors.toSet());
    }

    private static int rank(String setting) {
        int rank = FIRST.indexOf(setting);
        return rank < 0 ? FIRST.size() : rank;
    }

    /** What tells a curve from the others; empty when nothing was asked for that was not asked for everywhere. */
    Optional<String> of(Map<String, String> settings) {
        List<String> words = new ArrayList<>();
        for (String setting : differing) {
            String value = settings.getOrDefault(setting, "");
            if (!NOTHING.contains(value)) {
                words.add(words(setting, isToldApartByFileName(setting) ? fileNames(value) : bare(value)));
            }
        }
        return words.isEmpty()
                ? curves.size() > 1 ? Optional.of("by default") : Optional.empty()
                : Optional.of(String.join(", ", words));
    }

    private boolean isToldApartByFileName(String setting) {
        return FILES.contains(setting)
                && values(setting, CurveNames::fileNames).size()
                        == values(setting, each -> each).size();
    }

    private static String words(String setting, String value) {
        return switch (setting) {
            case MODEL, TOOL -> value;
            case SEARCHED -> "searched for " + value;
            case CALIBRATION -> value.equals("synthetic") ? "synthetic inputs" : "calibrated on " + value;
            case "data" -> "measured on " + value;
            case "train" -> "trained on " + value;
            default -> setting + " " + value;
        };
    }

    private static String fileNames(String value) {
        return Stream.of(bare(value).split(", "))
                .map(each -> each.replaceFirst(".*[/\\\\]", ""))
                .collect(Collectors.joining(", "));
    }

    /** Without the brackets of a list. */
    private static String bare(String value) {
        return value.replaceFirst("^[\\[{](.*)[]}]$", "$1");
    }
}
