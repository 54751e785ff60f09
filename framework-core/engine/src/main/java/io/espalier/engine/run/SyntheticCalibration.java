package io.espalier.engine.run;

import io.espalier.engine.data.InputDescent;
import io.espalier.engine.data.SyntheticExamples;
import java.util.HashMap;
import java.util.Map;

/** Makes the inputs that a request wants from the model itself, once for all that uses them. */
final class SyntheticCalibration {

    private SyntheticCalibration() {}

    /** The request with inputs that are made. What changes outputs least on noise is no choice, so ways are not tried on it. */
    static PruningRequest made(PruningRequest request, Analysis analysis, EngineContext context) {
        Map<SyntheticExamples, SyntheticExamples> made = new HashMap<>();
        PruningRequest ready = request.calibrated(data -> data instanceof SyntheticExamples examples
                ? made.computeIfAbsent(
                        examples,
                        each -> InputDescent.of(
                                each, analysis.model().graph(), request.input().executor(), context, request.threads()))
                : data);
        return made.values().stream().anyMatch(SyntheticExamples::isNoise) ? ready.inOneWay() : ready;
    }
}
