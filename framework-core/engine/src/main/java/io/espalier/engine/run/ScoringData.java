package io.espalier.engine.run;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.data.DatasetDigest;
import io.espalier.engine.evidence.EvidenceCollector;
import io.espalier.engine.guard.CriterionGuard;
import io.espalier.engine.plan.Plan.Calibration;
import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What channels are scored on.
 *
 * @param collector measures evidence
 * @param record what the plan says of the data; empty where none is read
 */
record ScoringData(EvidenceCollector collector, Optional<Calibration> record) {

    private static final int BATCH = 32;

    /** What a decision scores on; empty when its criterion needs no evidence, or data that there is none of. */
    static Optional<ScoringData> of(
            Decision decision,
            PruningRequest request,
            Graph graph,
            Coupling coupling,
            Map<String, Long> extents,
            RunContext run) {
        Set<Evidence<?>> kinds = new CriterionGuard(decision.criterion()).evidence();
        boolean readsData = kinds.stream().anyMatch(Evidence::isOfData);
        if (kinds.isEmpty() || readsData && decision.calibration().isEmpty()) {
            return Optional.empty();
        }
        Optional<Batches> batches = decision.calibration()
                .filter(data -> readsData)
                .map(data -> Batches.of(graph, data, BatchOptions.of(BATCH), run));
        EvidenceCollector collector = new EvidenceCollector(
                graph,
                coupling,
                batches,
                extents,
                decision.loss(),
                request.input().executor(),
                run,
                request.threads());
        return Optional.of(new ScoringData(
                collector,
                batches.map(read -> new Calibration(
                        names(kinds),
                        read.examples(),
                        DatasetDigest.of(decision.calibration().orElseThrow())))));
    }

    private static List<String> names(Set<Evidence<?>> kinds) {
        return Evidence.all().stream()
                .filter(kinds::contains)
                .map(Evidence::toString)
                .toList();
    }
}
