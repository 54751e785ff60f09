package io.espalier.engine.search;

import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.graph.cost.Cost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What a search has tried, and why it ended: a file beside the model, from which a search that was interrupted goes on, and whose
 * points can be written as models.
 *
 * @param tool name and version of the program
 * @param model the original
 * @param key digest of all that the trials depend on besides their budgets
 * @param arguments what was asked for, by the name of the argument, as the caller gave it
 * @param goal what is to be kept, as it was typed
 * @param minimized what a budget is a share of: {@code macs}, {@code params}, {@code bytes} or {@code latency}
 * @param latencyTable the table beside the record that decides what a latency leaves; empty where budgets are no latencies
 * @param metric name of the metric, with its options
 * @param examples number of examples it was measured on
 * @param original what the original costs, and what the metric says of it
 * @param least the value to keep, from 0 to 1
 * @param trials all trials, in order
 * @param stopped why no more was tried; empty while the search is under way
 */
public record SearchRecord(
        String tool,
        ModelReference model,
        String key,
        Map<String, List<String>> arguments,
        String goal,
        String minimized,
        Optional<TableReference> latencyTable,
        String metric,
        long examples,
        Trial.Point original,
        double least,
        List<Trial> trials,
        Optional<Stop> stopped) {

    /** Version of the form of the file. */
    public static final int SCHEMA_VERSION = 1;

    public SearchRecord {
        trials = List.copyOf(trials);
    }

    /** Name, without folders, and SHA-256 of a table of latencies. */
    public record TableReference(String file, String digest) {}

    /** Why a search ended. */
    public enum Stop {
        /** The smallest budget is known closely enough. */
        GOAL,
        /** As many budgets were tried as were allowed. */
        TRIALS,
        /** Another trial would have taken longer than was allowed. */
        TIME;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A model of the trade-off curve.
     *
     * @param number from 1, the costliest first
     * @param target what is to remain, such as {@code macs=43.5%}
     * @param cost what it costs
     * @param nanos what a run of it takes, as the table of latencies predicts; empty where budgets are no latencies
     * @param value what the metric says of it
     * @param lossError standard error of what it has lost of the value of the original; empty where it is not known
     * @param keeps whether it keeps the least value, and the examples can show it
     */
    public record CurvePoint(
            int number,
            String target,
            Cost cost,
            OptionalLong nanos,
            double value,
            OptionalDouble lossError,
            boolean keeps) {}

    /** The trade-off curve: all models that were measured, the costliest first. */
    public List<CurvePoint> curve() {
        List<Trial> measured = trials.stream()
                .filter(trial -> trial.point().isPresent())
                .sorted(Comparator.comparingInt(Trial::budget).reversed())
                .toList();
        List<CurvePoint> curve = new ArrayList<>();
        for (Trial trial : measured) {
            Trial.Point point = trial.point().orElseThrow();
            curve.add(new CurvePoint(
                    curve.size() + 1,
                    target(minimized, trial.budget()),
                    point.cost(),
                    point.nanos(),
                    point.value(),
                    point.lossError(),
                    trial.keeps(original.value(), least)));
        }
        return curve;
    }

    /** The point that was asked for: the cheapest that keeps the least value. */
    public Optional<CurvePoint> chosen() {
        List<CurvePoint> curve = curve();
        return IntStream.iterate(curve.size() - 1, i -> i >= 0, i -> i - 1)
                .mapToObj(curve::get)
                .filter(CurvePoint::keeps)
                .findFirst();
    }

    /**
     * A budget as a target of a run.
     *
     * @param minimized what it is a share of
     * @param budget in thousandths of the original
     */
    public static String target(String minimized, int budget) {
        return minimized + "=" + budget / 10 + (budget % 10 == 0 ? "" : "." + budget % 10) + "%";
    }

    /** What a trial that was measured left, in thousandths of the original, rounded up. */
    public int remaining(Trial trial) {
        double share = (double) cost(trial.point().orElseThrow()) / cost(original);
        return (int) Math.max(1, Math.min(trial.budget(), Math.ceil(share * Trial.WHOLE)));
    }

    private long cost(Trial.Point point) {
        return switch (minimized) {
            case "params" -> point.cost().parameters();
            case "bytes" -> point.cost().bytes();
            case "latency" -> point.nanos().orElseThrow();
            default -> point.cost().macs();
        };
    }

    /** The record with one more trial. */
    public SearchRecord with(Trial trial) {
        List<Trial> more = new ArrayList<>(trials);
        more.add(trial);
        return with(more, stopped);
    }

    /** The record of a search that has ended. */
    public SearchRecord stopped(Stop reason) {
        return with(trials, Optional.of(reason));
    }

    private SearchRecord with(List<Trial> all, Optional<Stop> reason) {
        return new SearchRecord(
                tool,
                model,
                key,
                arguments,
                goal,
                minimized,
                latencyTable,
                metric,
                examples,
                original,
                least,
                all,
                reason);
    }
}
