package io.espalier.engine.verify;

import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The inputs a proof tries: random ones at some assignments of extents and for each branch, and the real data. */
final class ProofInputs {

    static final int ASSIGNMENTS = 2;
    static final String NONE = "the original accepts none of the input sizes tried; fix its symbolic extents by name";

    private final Graph original;
    private final Shapes shapes;
    private final VerificationOptions options;
    private final RandomInputs random;

    ProofInputs(Graph original, Shapes shapes, VerificationOptions options) {
        this.original = original;
        this.shapes = shapes;
        this.options = options;
        this.random = new RandomInputs(original, shapes);
    }

    /** Inputs at two assignments that the original accepts; empty when it accepts none and there is no data. */
    List<Map<String, Tensor>> acceptedBy(Runner whole) {
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        for (Map<String, Double> branch : random.branches()) {
            int accepted = 0;
            for (Map<String, Long> extents : candidates()) {
                if (accepted < ASSIGNMENTS && accepts(whole, random.make(options.seed(), extents, branch))) {
                    accepted++;
                    inputs.addAll(at(extents, branch));
                }
            }
        }
        options.data().ifPresent(inputs::add);
        return inputs;
    }

    /** Inputs at given assignments, one assignment after the other. */
    List<Map<String, Tensor>> at(List<Map<String, Long>> assignments) {
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        for (Map<String, Long> extents : assignments) {
            random.branches().forEach(branch -> inputs.addAll(at(extents, branch)));
        }
        options.data().ifPresent(inputs::add);
        return inputs;
    }

    private List<Map<String, Tensor>> at(Map<String, Long> extents, Map<String, Double> branch) {
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        for (int i = 0; i < options.seeds(); i++) {
            inputs.add(random.make(options.seed() + i, extents, branch));
        }
        return inputs;
    }

    /** Assignments of extents to try, best first. */
    List<Map<String, Long>> candidates() {
        return Extents.candidates(original, shapes, options.symbols());
    }

    /** How many random inputs there are for each assignment. */
    int each() {
        return options.seeds() * random.branches().size();
    }

    private static boolean accepts(Runner runner, Map<String, Tensor> inputs) {
        try {
            runner.run(inputs);
            return true;
        } catch (ExecutionException refused) {
            // Not every network takes every size of input; the next assignment is tried.
            return false;
        }
    }
}
