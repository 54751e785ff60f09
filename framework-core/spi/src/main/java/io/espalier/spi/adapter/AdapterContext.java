package io.espalier.spi.adapter;

import io.espalier.spi.Budget;
import io.espalier.spi.Stability;
import io.espalier.spi.graph.TypeInference;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Provider;
import java.util.Map;

/**
 * What the host gives an adapter while it opens a model. Thread-safe.
 *
 * @param options the validated options of the adapter
 * @param types infers types of the neutral graph while it is lifted
 * @param cancellation throws when the run was cancelled; see {@link #checkCancelled()}
 * @param budget how much work the model may ask for
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record AdapterContext(Options options, TypeInference types, Runnable cancellation, Budget budget) {

    /** A context with the default budget. */
    public AdapterContext(Options options, TypeInference types, Runnable cancellation) {
        this(options, types, cancellation, Budget.DEFAULT);
    }

    /** An adapter's default options, without inference and outside of a run. */
    public static AdapterContext of(Provider adapter) {
        return of(adapter, TypeInference.DECLARED);
    }

    /** An adapter's default options outside of a run. */
    public static AdapterContext of(Provider adapter, TypeInference types) {
        Options defaults = Options.resolve("adapter '" + adapter.name() + "'", adapter.options(), Map.of());
        return new AdapterContext(defaults, types, () -> {});
    }

    /** The same with another budget. */
    public AdapterContext within(Budget other) {
        return new AdapterContext(options, types, cancellation, other);
    }

    /**
     * Throws when the run was cancelled; call it between blocks of work.
     *
     * @throws java.util.concurrent.CancellationException when the run was cancelled
     */
    public void checkCancelled() {
        cancellation.run();
    }
}
