package io.espalier.engine.score;

import io.espalier.engine.evidence.EvidenceCollector;
import io.espalier.engine.evidence.HeldEvidence;
import io.espalier.engine.guard.CriterionGuard;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ImportanceCriterion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The evidence that a criterion declared, as it was collected; immutable until it is closed. */
final class CollectedEvidence implements AutoCloseable {

    private final Map<Evidence<?>, Object> collected;

    private CollectedEvidence(Map<Evidence<?>, Object> collected) {
        this.collected = Map.copyOf(collected);
    }

    /**
     * Collects what a criterion declares.
     *
     * @param collector measures it; empty without calibration data
     * @throws InvalidInputException when it declares some and there is no data
     */
    static CollectedEvidence of(ImportanceCriterion criterion, Optional<EvidenceCollector> collector) {
        Set<Evidence<?>> declared = new CriterionGuard(criterion).evidence();
        if (declared.isEmpty()) {
            return new CollectedEvidence(Map.of());
        }
        return new CollectedEvidence(collector
                .orElseThrow(() -> new InvalidInputException("The criterion '" + criterion.name()
                        + "' scores channels by what they compute on calibration data, and there is none; give training"
                        + " inputs with --calibration, or choose a criterion that scores weights alone."))
                .collect(declared));
    }

    @Override
    public void close() {
        for (Object each : collected.values()) {
            if (each instanceof HeldEvidence held) {
                held.close();
            }
        }
    }

    /**
     * Evidence of one kind.
     *
     * @throws IllegalArgumentException when the criterion did not declare it
     */
    @SuppressWarnings("unchecked")
    <T> T get(Evidence<T> kind) {
        Object value = collected.get(kind);
        if (value == null) {
            throw new IllegalArgumentException("the criterion did not declare the evidence '" + kind + "'");
        }
        return (T) value;
    }
}
