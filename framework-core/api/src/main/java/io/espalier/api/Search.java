package io.espalier.api;

import io.espalier.engine.run.Outputs;
import io.espalier.engine.search.AccuracyGoal;
import io.espalier.engine.search.SearchFile;
import io.espalier.engine.search.SearchRecord;
import io.espalier.spi.Stability;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a search for the smallest model that keeps an accuracy has found.
 *
 * @param modelDigest SHA-256 of the original
 * @param goal what was to be kept, as it was typed
 * @param metric name of what was measured, with its options
 * @param examples number of examples that the metric was measured on
 * @param original what the metric says of the original, from 0 to 1
 * @param least the value to keep
 * @param trials how many budgets were tried
 * @param stopped why no more was tried: {@code goal}, {@code trials} or {@code time}; empty while the search is under way
 * @param curve models that were measured, the costliest first
 * @param chosen number of the point that was asked for; empty when none keeps the value
 * @param arguments what was asked for, by the name of the argument
 * @param latencyTable the table that decides what a latency leaves; empty where budgets are no latencies
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record Search(
        String modelDigest,
        String goal,
        String metric,
        long examples,
        double original,
        double least,
        int trials,
        Optional<String> stopped,
        List<Point> curve,
        Optional<Integer> chosen,
        Map<String, List<String>> arguments,
        Optional<LatencyTable> latencyTable) {

    public Search {
        curve = List.copyOf(curve);
    }

    /**
     * A model of the trade-off curve.
     *
     * @param number from 1, the costliest first
     * @param target what remains, for {@link PruneRequest#target}
     * @param cost what it costs
     * @param latencyNanos what a run of it takes, as the table of latencies predicts; empty where budgets are no latencies
     * @param value what the metric says of it, from 0 to 1
     * @param standardError of the value, as it was measured on so many examples
     * @param lossError standard error of what it has lost of the original's value, which was measured on the same examples; empty where the
     *     metric is no mean of examples
     * @param keeps whether it keeps what was asked for, and the examples can show it
     */
    public record Point(
            int number,
            String target,
            Cost cost,
            OptionalLong latencyNanos,
            double value,
            double standardError,
            OptionalDouble lossError,
            boolean keeps) {}

    /**
     * A table of latencies.
     *
     * @param file where it was written, beside the record of the search
     * @param digest SHA-256 of that file
     */
    public record LatencyTable(Path file, String digest) {}

    /** Where the record of a search is written that prunes to a model file. */
    public static Path file(Path model) {
        return Outputs.of(model).search();
    }

    /**
     * Reads the record of a search.
     *
     * @throws InputRefusedException when the file cannot be read or is no such record
     */
    public static Search read(Path file) {
        return Failures.translated(() -> of(SearchFile.read(file), file));
    }

    /**
     * The point of a number.
     *
     * @throws InputRefusedException when the curve has no such point
     */
    public Point point(int number) {
        if (number < 1 || number > curve.size()) {
            throw InputRefusedException.request("the search has no point " + number + "; it has "
                    + (curve.isEmpty() ? "none yet" : "1 to " + curve.size()));
        }
        return curve.get(number - 1);
    }

    static Search of(SearchRecord record, Path file) {
        return new Search(
                record.model().digest(),
                record.goal(),
                record.metric(),
                record.examples(),
                record.original().value(),
                record.least(),
                record.trials().size(),
                record.stopped().map(SearchRecord.Stop::toString),
                record.curve().stream()
                        .map(point -> new Point(
                                point.number(),
                                point.target(),
                                Cost.of(point.cost()),
                                point.nanos(),
                                point.value(),
                                AccuracyGoal.standardError(point.value(), record.examples()),
                                point.lossError(),
                                point.keeps()))
                        .toList(),
                record.chosen().map(SearchRecord.CurvePoint::number),
                record.arguments(),
                record.latencyTable()
                        .map(table -> new LatencyTable(file.resolveSibling(table.file()), table.digest())));
    }
}
