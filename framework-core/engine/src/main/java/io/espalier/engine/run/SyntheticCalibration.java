package io.espalier.engine.run;

import io.espalier.engine.data.InputDescent;
import io.espalier.engine.data.SyntheticExamples;
import io.espalier.spi.data.Dataset;
import java.util.HashMap;
import java.util.Map;

/** Makes the inputs that a request wants from the model itself, once for all that uses them. */
final class SyntheticCalibration {

    private SyntheticCalibration() {}

    static PruningRequest made(PruningRequest request, Analysis analysis, EngineContext context) {
        Map<SyntheticExamples, Dataset> made = new HashMap<>();
        return request.calibrated(data -> data instanceof SyntheticExamples examples
                ? made.computeIfAbsent(
                        examples,
                        each -> InputDescent.of(
                                each, analysis.model().graph(), request.input().executor(), context))
                : data);
    }
}
