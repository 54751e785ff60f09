package io.espalier.spi.allocator;

import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.util.List;

/** Decides how the removal is spread over the groups. Stateless and thread-safe; equal arguments give equal results. */
@Noun("allocator")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface SparsityAllocator extends Provider {

    /**
     * Spreads the removal over groups.
     *
     * @param groups all groups that may be pruned, at least one, in a stable order
     * @param options validated options of the allocator
     */
    SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context);
}
