package io.espalier.engine.score;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;

/**
 * Makes sure that a constant holds finite numbers only. A criterion that reads the whole constant spares a pass of its
 * own. Thread-safe.
 */
final class FiniteCheck {

    private final String parameter;
    private final Tensor tensor;
    private boolean known;
    private long broken;
    private long first;

    FiniteCheck(String parameter, Tensor tensor) {
        this.parameter = parameter;
        this.tensor = tensor;
    }

    /** Takes what a whole pass over the constant has found. */
    synchronized void learn(long count, long firstIndex) {
        known = true;
        broken = count;
        first = firstIndex;
    }

    /** Throws when the constant holds NaN or infinity. */
    synchronized void require() {
        if (!known) {
            scan();
        }
        if (broken > 0) {
            throw new UnusableWeightsException("The parameter '" + parameter + "' holds " + broken
                    + (broken == 1 ? " element that is" : " elements that are")
                    + " not a finite number (NaN or infinity), the first at index " + first
                    + "; train or export the model again.");
        }
    }

    private void scan() {
        long[] found = new long[2];
        if (tensor.type().isFloating()) {
            Tensors.forEach(tensor, (index, value) -> {
                if (!Double.isFinite(value) && found[0]++ == 0) {
                    found[1] = index;
                }
            });
        }
        learn(found[0], found[1]);
    }
}
