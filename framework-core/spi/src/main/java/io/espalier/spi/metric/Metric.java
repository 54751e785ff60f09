package io.espalier.spi.metric;

import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;

/**
 * Judges a model by what it computes on labelled examples, in one number.
 *
 * <p>Stateless and thread-safe; what it starts is not.
 */
@Noun("metric")
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface Metric extends Provider {

    /** How the number is to be read. */
    enum Unit {
        /** A share from 0 to 1, shown in percent; differences are shown in points. */
        SHARE,
        /** Any number. */
        NUMBER
    }

    /** What a metric needs besides outputs. */
    enum Labels {
        /** Nothing, or arrays that it names itself. */
        NONE,
        /** Labels of any kind. */
        ANY,
        /** Labels that are classes: each batch has them, and each is one of the classes of the model. */
        CLASSES
    }

    /** How the number is to be read. */
    Unit unit();

    /** Whether a larger number means a better model. */
    boolean higherIsBetter(Options options);

    /** What it needs besides outputs. */
    Labels labels();

    /** Begins to judge one model. */
    Measurement start(Options options, RunContext context);
}
