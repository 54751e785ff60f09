package io.espalier.engine.verify;

import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.CrashException;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The inputs a proof tries: random ones at some assignments of extents and for each branch, and the real data. */
final class ProofInputs {

    static final String NONE = "the original accepts none of the input sizes tried; fix its symbolic extents by name";

    private final Graph original;
    private final Shapes shapes;
    private final VerificationOptions options;
    private final RandomInputs random;

    ProofInputs(Graph original, Shapes shapes, Operators operators, VerificationOptions options) {
        this.original = original;
        this.shapes = shapes;
        this.options = options;
        this.random = new RandomInputs(original, shapes, operators);
    }

    /**
     * Runs the original on inputs at two assignments that it accepts, for each branch, and on the data.
     *
     * @param accepted is given the inputs as soon as it is known which are accepted; none when there are none
     * @param beforeEach is called before each run
     * @return what the original makes of each of them
     * @throws CrashException when the runtime crashes on all of them
     */
    List<Map<String, Tensor>> run(Runner whole, Consumer<List<Map<String, Tensor>>> accepted, Runnable beforeEach) {
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        Map<Integer, Map<String, Tensor>> known = new HashMap<>();
        Optional<CrashException> crash = Optional.empty();
        for (Map<String, Double> branch : random.branches()) {
            int assignments = 0;
            for (Map<String, Long> extents : candidates()) {
                if (assignments == Extents.ASSIGNMENTS) {
                    break;
                }
                beforeEach.run();
                List<Map<String, Tensor>> each = at(extents, branch);
                try {
                    known.put(inputs.size(), whole.run(each.get(0)));
                    inputs.addAll(each);
                    assignments++;
                } catch (CrashException crashed) {
                    crash = Optional.of(crashed);
                } catch (ExecutionException refused) {
                    // Not every network takes every size of input.
                }
            }
        }
        if (inputs.isEmpty() && crash.isPresent()) {
            throw crash.get();
        }
        options.data().ifPresent(inputs::add);
        accepted.accept(List.copyOf(inputs));
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            beforeEach.run();
            outputs.add(known.containsKey(i) ? known.get(i) : whole.run(inputs.get(i)));
        }
        return outputs;
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
}
