package io.espalier.engine.verify;

import io.espalier.graph.flow.Workload;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.BudgetException;
import io.espalier.spi.Quoted;
import io.espalier.spi.execution.CrashException;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The inputs a proof tries: random ones at some assignments of extents and for each branch, and the real data. */
final class ProofInputs {

    /** A runtime may say at length why it refuses an input. */
    private static final int LONGEST_REASON = 300;

    private static final int MOST_SIZES = 8;

    private static final String ADVICE = "give an input a value with --input NAME=VALUE";

    private final Shapes shapes;
    private final VerificationOptions options;
    private final ReplayedNoise noise;
    private final RandomInputs random;
    private final Workload workload;
    private final List<Map<String, Long>> candidates;
    private final Map<Map<String, Long>, String> refused = new LinkedHashMap<>();

    ProofInputs(Graph original, Shapes shapes, Operators operators, ReplayedNoise noise, VerificationOptions options) {
        this.shapes = shapes;
        this.noise = noise;
        this.options = options;
        this.random = new RandomInputs(original, shapes, operators, noise);
        this.workload = new Workload(original, shapes, options.budget());
        this.candidates = Extents.candidates(original, shapes, operators, options.symbols());
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
                } catch (ExecutionException reason) {
                    // Not every network takes every size of input.
                    refuse(extents, reason);
                }
            }
        }
        if (inputs.isEmpty() && crash.isPresent()) {
            throw crash.get();
        }
        data().ifPresent(inputs::add);
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
        data().ifPresent(inputs::add);
        return inputs;
    }

    /** The first inputs at an assignment. */
    Map<String, Tensor> first(Map<String, Long> extents) {
        return at(extents, random.branches().get(0)).get(0);
    }

    /** The real data, with random numbers of their extents where the graph takes such. */
    private Optional<Map<String, Tensor>> data() {
        return options.data().map(data -> {
            Map<String, Tensor> inputs = new LinkedHashMap<>(
                    noise.isEmpty()
                            ? Map.of()
                            : random.make(options.seed(), Extents.of(data, shapes, candidates.get(0))));
            inputs.putAll(data);
            return inputs;
        });
    }

    private List<Map<String, Tensor>> at(Map<String, Long> extents, Map<String, Double> branch) {
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        for (int i = 0; i < options.seeds(); i++) {
            inputs.add(random.make(options.seed() + i, extents, branch));
        }
        return inputs;
    }

    /**
     * Assignments of extents to try that the budget allows, best first.
     *
     * @throws BudgetException when it allows none
     */
    List<Map<String, Long>> candidates() {
        List<Map<String, Long>> allowed = candidates.stream()
                .filter(extents -> workload.excess(extents).isEmpty())
                .toList();
        if (allowed.isEmpty() && !candidates.isEmpty()) {
            throw workload.excess(candidates.get(0)).orElseThrow();
        }
        return allowed;
    }

    /** How many random inputs there are for each assignment. */
    int each() {
        return options.seeds() * random.branches().size();
    }

    /** Notes that the original does not run at an assignment. */
    void refuse(Map<String, Long> extents, ExecutionException reason) {
        synchronized (refused) {
            refused.putIfAbsent(extents, String.valueOf(reason.getMessage()));
        }
    }

    /** What to say when the runtime accepted no inputs; where an operator makes no sense, that is the reason. */
    OriginalRefusedException none() {
        return new OriginalRefusedException(shapes.unsound()
                .map(misfit -> "The model makes no sense: " + misfit + ". Its runtime loads it, but " + refusal() + ".")
                .orElseGet(() -> "The runtime does not run the model: " + refusal() + "."));
    }

    /** Why no inputs were found, with the sizes that were tried first and what the runtime says of them. */
    private String refusal() {
        synchronized (refused) {
            Optional<Map.Entry<Map<String, Long>, String>> first =
                    refused.entrySet().stream().findFirst();
            String reason = first.map(Map.Entry::getValue).orElse("");
            String said = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "..." : reason;
            Map<String, Long> sizes = first.map(Map.Entry::getKey).orElse(Map.of());
            return sizes.isEmpty()
                    ? "the original refuses its inputs: " + said + "; " + ADVICE
                    : "the original accepts none of the " + refused.size() + " input sizes tried; at " + listed(sizes)
                            + ": " + said + "; fix its symbolic extents with --dim NAME=EXTENT, or " + ADVICE;
        }
    }

    private static String listed(Map<String, Long> sizes) {
        String some = sizes.entrySet().stream()
                .limit(MOST_SIZES)
                .map(size -> Quoted.name(size.getKey()) + "=" + size.getValue())
                .collect(Collectors.joining(", "));
        return sizes.size() > MOST_SIZES ? some + " and " + (sizes.size() - MOST_SIZES) + " more" : some;
    }
}
