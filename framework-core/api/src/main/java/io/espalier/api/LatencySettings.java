package io.espalier.api;

import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.run.LatencyOptions;
import io.espalier.engine.run.PruningRequest.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How models are timed.
 *
 * @param measured whether original and result are timed in turn
 * @param runs how often
 * @param table what an earlier run measured at several widths
 * @param threads of the runtime, where the model is timed at several widths
 * @param time how long the measurements of widths should take
 */
record LatencySettings(
        boolean measured, OptionalInt runs, Optional<Path> table, OptionalInt threads, Optional<Duration> time) {

    /** Nothing was asked for. */
    static final LatencySettings NONE =
            new LatencySettings(true, OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());

    LatencySettings unmeasured() {
        return new LatencySettings(false, runs, table, threads, time);
    }

    LatencySettings runs(int number) {
        return new LatencySettings(measured, OptionalInt.of(number), table, threads, time);
    }

    LatencySettings table(Path file) {
        return new LatencySettings(measured, runs, Optional.of(file), threads, time);
    }

    LatencySettings threads(int number) {
        return new LatencySettings(measured, runs, table, OptionalInt.of(number), time);
    }

    LatencySettings time(Duration limit) {
        return new LatencySettings(measured, runs, table, threads, Optional.of(limit));
    }

    /** How original and result are timed, when they are. */
    Optional<LatencyOptions> options() {
        LatencyOptions standard = LatencyOptions.DEFAULT;
        int number = runs.orElse(standard.runs());
        ValidSetting.of("latency-runs", number, number >= 1, "give a number of at least 1");
        return measured
                ? Optional.of(new LatencyOptions(standard.warmUp(), number, standard.seconds()))
                : Optional.empty();
    }

    /**
     * How the model is timed at several widths.
     *
     * @param isTarget whether the target is a latency, or a search for one
     */
    Timing timing(boolean isTarget) {
        int number = threads.orElse(Timing.DEFAULT.threads());
        ValidSetting.of("latency-threads", number, number >= 1, "give a number of at least 1");
        time.ifPresent(limit -> ValidSetting.of("latency-time", limit, limit.toMillis() > 0, "give a time above zero"));
        if (!isTarget && (table.isPresent() || threads.isPresent() || time.isPresent())) {
            throw InputRefusedException.request(
                    "only a target that is a latency is met by timing the model; give one, such as"
                            + " latency=60%, minimise the latency at which an accuracy is kept, or leave table, threads and"
                            + " time of the latency out");
        }
        return new Timing(
                table.map(file -> Failures.understood(() -> LatencyFile.read(file))),
                number,
                time.map(limit -> limit.toMillis() / 1000.0).orElse(Timing.DEFAULT.seconds()));
    }
}
