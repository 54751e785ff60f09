package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.run.PruningRequest.Search;
import io.espalier.engine.search.AccuracyGoal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * How a budget is searched for that keeps an accuracy.
 *
 * @param minimized what budgets are shares of
 * @param maxTrials most budgets that are tried
 * @param maxTime how long the search may take
 * @param arguments what the caller asked for, for the record of the search
 */
record SearchSettings(
        Optional<String> minimized,
        OptionalInt maxTrials,
        Optional<Duration> maxTime,
        Map<String, List<String>> arguments) {

    static final SearchSettings NONE =
            new SearchSettings(Optional.empty(), OptionalInt.empty(), Optional.empty(), Map.of());

    private static final List<Target.Metric> COSTS =
            List.of(Target.Metric.MACS, Target.Metric.PARAMS, Target.Metric.BYTES, Target.Metric.LATENCY);

    SearchSettings minimizing(String cost) {
        return new SearchSettings(Optional.of(cost), maxTrials, maxTime, arguments);
    }

    SearchSettings maxTrials(int most) {
        return new SearchSettings(minimized, OptionalInt.of(most), maxTime, arguments);
    }

    SearchSettings maxTime(Duration most) {
        return new SearchSettings(minimized, maxTrials, Optional.of(most), arguments);
    }

    SearchSettings arguments(Map<String, List<String>> given) {
        return new SearchSettings(minimized, maxTrials, maxTime, given);
    }

    /** Whether a target is an accuracy, which a search finds a budget for. */
    static boolean isAsked(Optional<String> target) {
        return target.filter(AccuracyGoal::isMeant).isPresent();
    }

    /** The search for a target; empty for a target that is a budget itself. */
    Optional<Search> of(Optional<String> target) {
        if (!isAsked(target)) {
            requireNone();
            return Optional.empty();
        }
        int most = maxTrials.orElse(Search.MAX_TRIALS);
        require(most >= 1, "max-trials", most, "give a number of at least 1");
        maxTime.ifPresent(time -> require(time.toMillis() > 0, "max-time", time, "give a time above zero"));
        return Optional.of(new Search(
                Failures.understood(() -> AccuracyGoal.parse(target.orElseThrow())), cost(), most, maxTime, arguments));
    }

    /** The target of a decision whose budget is searched for, until it is found. */
    String first() {
        return cost() + "=50%";
    }

    private Target.Metric cost() {
        String name = minimized.orElse(COSTS.get(0).toString());
        return COSTS.stream()
                .filter(each -> each.toString().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> InputRefusedException.setting(
                        Reason.REQUEST,
                        "minimize",
                        "minimize cannot be '" + name + "'; give "
                                + COSTS.stream().map(Target.Metric::toString).collect(Collectors.joining(", "))));
    }

    private void requireNone() {
        if (minimized.isPresent() || maxTrials.isPresent() || maxTime.isPresent()) {
            throw InputRefusedException.request("only a target that is an accuracy is searched for; give one, such as"
                    + " accuracy=-1, or leave minimize, max-trials and max-time out");
        }
    }

    private static void require(boolean holds, String name, Object value, String advice) {
        if (!holds) {
            throw InputRefusedException.setting(Reason.REQUEST, name, name + " cannot be " + value + "; " + advice);
        }
    }
}
