package io.espalier.engine.run;

import io.espalier.engine.evidence.EvidenceCollector;
import io.espalier.engine.guard.CriterionGuard;
import io.espalier.engine.plan.Plan.Calibration;
import io.espalier.engine.reprove.TensorDigest;
import io.espalier.engine.run.PruningRequest.Decision;
import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.file.Sha256;
import io.espalier.spi.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Data that channels are scored on.
 *
 * @param collector measures evidence on it
 * @param record what the plan says of it
 */
record ScoringData(EvidenceCollector collector, Calibration record) {

    private static final int BATCH = 32;

    /** The data of a decision; empty when its criterion needs none or there is none. */
    static Optional<ScoringData> of(Decision decision, PruningRequest request, Analysis analysis, RunContext run) {
        Set<Evidence<?>> kinds = new CriterionGuard(decision.criterion()).evidence();
        return decision.calibration().filter(data -> !kinds.isEmpty()).map(data -> {
            Batches batches = Batches.of(analysis.model().graph(), data, BatchOptions.of(BATCH), run);
            return new ScoringData(
                    new EvidenceCollector(
                            analysis.model().graph(),
                            analysis.coupling(),
                            batches,
                            decision.loss(),
                            request.input().executor(),
                            run,
                            request.threads()),
                    new Calibration(names(kinds), batches.examples(), digest(data)));
        });
    }

    private static List<String> names(Set<Evidence<?>> kinds) {
        return Evidence.all().stream()
                .filter(kinds::contains)
                .map(Evidence::toString)
                .toList();
    }

    private static String digest(Dataset data) {
        MessageDigest digest = Sha256.digest();
        for (Map.Entry<String, Tensor> array : new TreeMap<>(data.arrays()).entrySet()) {
            String line = array.getKey() + " " + TensorDigest.of(array.getValue()) + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hexadecimal(digest);
    }
}
