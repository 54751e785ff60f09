package io.espalier.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model without residual blocks: those of a plan, as many as are asked for, or one number after the other. What is left is made,
 * scored and timed once, however many targets are tried. Not thread-safe.
 */
final class Shortening {

    private final PruningRequest request;
    private final EngineContext context;
    private final BlockDecider blocks;
    private final boolean isFound;
    /** What is left; where the number is found, without none, one, two blocks and so on. */
    private final List<Remainder> remainders = new ArrayList<>();

    private Shortening(PruningRequest request, Analysis whole, EngineContext context) {
        this.request = request;
        this.context = context;
        this.blocks = new BlockDecider(request, whole, context);
        this.isFound = isFound(request);
        remainders.add(remainder(isFound ? whole : blocks.decided()));
    }

    /** Prepares to leave out what a request says; as many as a table of latencies was measured without, where it has one. */
    static Shortening of(PruningRequest request, Analysis whole, EngineContext context) {
        PruningRequest asked = request.timing()
                .table()
                .filter(table -> isFound(request))
                .map(table -> request.without(table.rest().blocks().size()))
                .orElse(request);
        return new Shortening(asked, whole, context);
    }

    private static boolean isFound(PruningRequest request) {
        return request.decision().map(Decision::depth).filter(Depth::isFound).isPresent();
    }

    /** Whether the number of blocks depends on the target. */
    boolean isFound() {
        return isFound;
    }

    private Remainder remainder(Analysis rest) {
        return new Remainder(rest, new KnownScores(new Latencies(request, rest, context)));
    }

    /** What is left with the fewest blocks left out that may be. */
    Remainder first() {
        return remainders.get(0);
    }

    /** Where the number is found, the same without one block more; empty where there is no other. */
    Optional<Remainder> after(Remainder before) {
        int next = before.blocks() + 1;
        if (next == remainders.size()) {
            blocks.next(before.analysis()).map(this::remainder).ifPresent(remainders::add);
        }
        return next < remainders.size() ? Optional.of(remainders.get(next)) : Optional.empty();
    }
}
