package io.espalier.training;

import io.espalier.engine.run.NetworkCut;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of an early epoch, which training goes back to after each cut (Frankle et al., Linear mode connectivity and the
 * lottery ticket hypothesis, arXiv 1912.05671, section 2).
 *
 * @param numbers copies of weights and of what is kept of them, by what they are
 */
record Beginning(Map<String, Weights> numbers) {

    private static final String PREFIX = "beginning ";

    /** The numbers now. */
    static Beginning of(Map<String, Weights> numbers) {
        Map<String, Weights> copies = new LinkedHashMap<>();
        numbers.forEach((name, each) -> copies.put(name, each.copy()));
        return new Beginning(copies);
    }

    /** The numbers of what a cut leaves. */
    Beginning cut(NetworkCut cut, TrainingNetwork network) {
        Map<String, Weights> left = new LinkedHashMap<>();
        numbers.forEach((name, each) -> left.put(
                name, each.cut(cut, name.equals(TrainingState.STATISTICS) ? network.statistics() : network.weights())));
        return new Beginning(left);
    }

    /** As a checkpoint holds them. */
    Map<String, Weights> named() {
        Map<String, Weights> named = new LinkedHashMap<>();
        numbers.forEach((name, each) -> named.put(PREFIX + name, each));
        return named;
    }

    /** What a checkpoint holds; empty where training had not come so far. */
    static Optional<Beginning> in(Map<String, Weights> numbers) {
        Map<String, Weights> found = new LinkedHashMap<>();
        numbers.forEach((name, each) -> {
            if (name.startsWith(PREFIX)) {
                found.put(name.substring(PREFIX.length()), each);
            }
        });
        return found.isEmpty() ? Optional.empty() : Optional.of(new Beginning(found));
    }
}
