package io.espalier.plugin.allocators;

import io.espalier.spi.allocator.ScoredGroup.Saving;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/** The cost that removed channels save, which people choose by an option. */
final class SavedCost {

    private static final String COST = "cost";

    private SavedCost() {}

    static OptionSpec option() {
        return OptionSpec.choice(
                COST,
                List.of("macs", "params", "bytes", "latency"),
                "what a removed channel saves; latency needs a latency as target");
    }

    /** What a channel loses for each unit of the cost that it saves; a channel that saves nothing is removed last. */
    static double perCost(double lost, Saving saving, String cost) {
        long saved = amount(saving, cost);
        return saved > 0 ? lost / saved : Double.MAX_VALUE;
    }

    private static long amount(Saving saving, String cost) {
        return switch (cost) {
            case "macs" -> saving.macs();
            case "params" -> saving.parameters();
            case "latency" -> saving.nanos();
            default -> saving.bytes();
        };
    }
}
