package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.run.Scoring.Scored;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Scores and times of the whole network, kept while several targets are tried: they do not depend on the target. Not thread-safe. */
final class KnownScores {

    private static final Target ANY = Target.parse("channels=100%");

    private final Map<Decision, Scored> known = new HashMap<>();
    private final Optional<Latencies> latencies;

    /** Scores that are not known yet, for targets that are no latency. */
    KnownScores() {
        this.latencies = Optional.empty();
    }

    /** Scores and times that are not known yet. */
    KnownScores(Latencies latencies) {
        this.latencies = Optional.of(latencies);
    }

    /** What the network takes in its runtime. */
    Latencies latencies() {
        return latencies.orElseThrow(() -> new IllegalArgumentException("a latency is the target of a whole run only"));
    }

    /** The scores of a decision, measured when they are asked for the first time. */
    Scored of(Decision decision, Supplier<Scored> scoring) {
        Decision key = decision.to(ANY);
        Scored found = known.get(key);
        if (found == null) {
            found = scoring.get();
            known.put(key, found);
        }
        return found;
    }
}
