package io.espalier.cli;

import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.api.Search;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How the smallest model is found that keeps an accuracy. */
final class SearchOptions {

    @Option(
            names = {"--minimize", "--minimise"},
            paramLabel = "COST",
            description = "What is made small while --target accuracy=... is kept: macs, params, bytes or latency"
                    + " (default: macs).")
    private String minimized;

    @Option(
            names = "--max-trials",
            paramLabel = "N",
            description = "Most budgets that are tried for --target accuracy=..., those of OUTPUT.search.json included,"
                    + " from which a search that was interrupted goes on (default: 12).")
    private Integer maxTrials;

    @Option(
            names = "--max-time",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "How long the search for --target accuracy=... may take, like 90s, 10m or 1h30m, but for the"
                    + " proof of its result (default: as long as it takes).")
    private Duration maxTime;

    static final String FROM_SEARCH = "--from-search";
    static final String PICK = "--pick";

    @Option(
            names = FROM_SEARCH,
            paramLabel = "FILE",
            description = "Write a point of the curve of OUTPUT.search.json, with the options of that search; what is"
                    + " typed counts more, such as --data to measure on other examples.")
    private Path fromSearch;

    @Option(names = PICK, paramLabel = "N", description = "The number of the point (default: the one the search took).")
    private Integer pick;

    PruneRequest applyTo(PruneRequest request) {
        PruneRequest asked = minimized == null ? request : request.minimize(minimized);
        asked = maxTrials == null ? asked : asked.maxTrials(maxTrials);
        return maxTime == null ? asked : asked.maxTime(maxTime);
    }

    /** What is odd about a point that was picked: that it was written of another model, or decided by another table. */
    Optional<String> note(PruneResult result) {
        if (fromSearch == null) {
            return Optional.empty();
        }
        Search search = Search.read(fromSearch);
        if (!search.modelDigest().equals(result.plan().modelDigest())) {
            return Optional.of(other("model is not the one that was searched"));
        }
        return search.latencyTable()
                .filter(table -> !result.plan().latencyTable().equals(Optional.of(table.digest())))
                .map(table -> other("latency table is not that of the search"));
    }

    private static String other(String what) {
        return "the " + what + ", so the figures are others than those of the point";
    }

    /** Throws a usage failure where a point is picked of no search, or a search is spoken of that nothing asks for. */
    void check(boolean isAsked) {
        if (pick != null && fromSearch == null) {
            throw Failure.usage("--pick chooses a point of a search; name its file with --from-search");
        }
        String option = Stream.of(
                        minimized != null ? "--minimize" : "",
                        maxTrials != null ? "--max-trials" : "",
                        maxTime != null ? "--max-time" : "")
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
        if (!isAsked && !option.isEmpty()) {
            throw Failure.usage(option + " belongs to the search for a model that keeps an accuracy; give --target"
                    + " accuracy=-1, for instance, or leave it out");
        }
    }
}
