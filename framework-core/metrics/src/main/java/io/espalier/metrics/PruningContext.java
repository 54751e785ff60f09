package io.espalier.metrics;

import io.micrometer.observation.Observation;
import java.time.Duration;
import java.time.Instant;

/** The observation of a part of a run, with the times of its events. */
final class PruningContext extends Observation.Context {

    /** Timers add up nanoseconds in 64 bits. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private final PruningMeter meter;
    private final Instant began;
    private Instant ended;

    PruningContext(PruningMeter meter, Instant began) {
        this.meter = meter;
        this.began = began;
        this.ended = began;
    }

    PruningMeter meter() {
        return meter;
    }

    void ended(Instant time) {
        ended = time;
    }

    /** By the clock of the run; never negative or longer than a year, should that clock have been set. */
    Duration elapsed() {
        Duration elapsed = Duration.between(began, ended);
        return elapsed.isNegative() ? Duration.ZERO : elapsed.compareTo(LONGEST) > 0 ? LONGEST : elapsed;
    }
}
