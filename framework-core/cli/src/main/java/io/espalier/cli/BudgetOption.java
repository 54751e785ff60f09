package io.espalier.cli;

import io.espalier.spi.Budget;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How much work a model may ask for. */
final class BudgetOption {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9})([kmg]?)");

    @Option(
            names = "--budget",
            paramLabel = "LIMIT=N[,...]",
            hideParamSyntax = true,
            split = ",",
            description = "How much work the model may ask for before it is refused: nodes that result from writing out"
                    + " functions and loops (default: 30k), steps that one run takes in turn (1M), elements of the"
                    + " inputs of the proof, and channel positions that are followed (33.5M), bytes of values in a run"
                    + " (537M), seconds of one run (120). N may end with k, M or G, like nodes=500k,bytes=8G.")
    private Map<String, String> typed = new LinkedHashMap<>();

    /** The defaults with what was typed. */
    Budget budget() {
        Budget budget = Budget.DEFAULT;
        for (Map.Entry<String, String> limit : typed.entrySet()) {
            if (!Budget.NAMES.contains(limit.getKey())) {
                throw Failure.usage(
                        "--budget has no limit '" + limit.getKey() + "'; there are " + String.join(", ", Budget.NAMES));
            }
            budget = budget.with(limit.getKey(), amount(limit.getKey(), limit.getValue()));
        }
        return budget;
    }

    private static long amount(String name, String typed) {
        Matcher matcher = AMOUNT.matcher(typed.toLowerCase(Locale.ROOT));
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw Failure.usage("--budget " + name + " cannot be '" + typed
                    + "'; give a whole number of at least 1, which may end with k, M or G");
        }
        long unit = switch (matcher.group(2)) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            case "g" -> 1_000_000_000;
            default -> 1;
        };
        return Long.parseLong(matcher.group(1)) * unit;
    }
}
