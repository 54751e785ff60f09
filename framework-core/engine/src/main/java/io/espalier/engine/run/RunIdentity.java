package io.espalier.engine.run;

import io.espalier.engine.data.DatasetDigest;
import io.espalier.spi.file.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What decides the results of runs, in text: equal texts, equal results. */
final class RunIdentity {

    private RunIdentity() {}

    /** How it is decided what is removed, but for the target and the data. */
    static String of(Decision decision) {
        return String.join(
                "\n",
                "criterion " + decision.criterion().name() + " "
                        + decision.options().asMap(),
                "scores " + decision.aggregation() + " " + decision.normalisation() + " " + decision.control(),
                "allocator " + decision.allocator().name() + " "
                        + decision.allocatorOptions().asMap(),
                "widths " + decision.widths().minKeep() + " "
                        + decision.widths().roundTo() + " " + decision.heads(),
                "depth " + decision.depth(),
                "names " + decision.names().ignore() + " " + decision.names().only());
    }

    /** How weights are repaired, but for the data. */
    static String of(Repair repair) {
        return repair.compensator().name() + " " + repair.options().asMap();
    }

    /**
     * Digest of all that the trials of a search depend on besides their budgets.
     *
     * @param metric what is measured, with its options
     * @param latencyTable digest of the table that decides what a latency leaves, where budgets are latencies
     */
    static String ofTrials(PruningRequest request, Analysis analysis, String metric, Optional<String> latencyTable) {
        List<String> lines = new ArrayList<>();
        lines.add(request.trail().tool());
        lines.add(analysis.model().digest());
        lines.add("budgets of " + request.search().orElseThrow().minimized() + " at "
                + new TreeMap<>(request.costs().symbols()));
        latencyTable.ifPresent(digest -> lines.add("latencies " + digest));
        List<Decision> ways = new ArrayList<>(request.alternatives());
        ways.add(0, request.decision().orElseThrow());
        for (Decision way : ways) {
            lines.add(of(way));
            lines.add("steps " + way.steps().number() + ", seed " + way.seed());
            lines.add("loss "
                    + way.loss()
                            .map(each ->
                                    each.loss().name() + " " + each.options().asMap()));
            lines.add("scored on " + way.calibration().map(DatasetDigest::of));
        }
        request.repair().ifPresent(repair -> {
            lines.add("repair " + of(repair) + " on " + DatasetDigest.of(repair.calibration()));
            lines.add("repair loss "
                    + repair.loss()
                            .map(each ->
                                    each.loss().name() + " " + each.options().asMap()));
        });
        request.fineTuning().ifPresent(training -> lines.add("training " + training.identity()));
        request.data().examples().ifPresent(examples -> lines.add(metric + " on " + DatasetDigest.of(examples)));
        return Sha256.of(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
}
