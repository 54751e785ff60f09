package io.espalier.engine.recover;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.WeightFit;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks a solver for weights and accepts what is better on what was held back. Not thread-safe. */
final class Answers {

    /** What is left of the error, at most, when a bias is added: it makes the network larger. */
    private static final double WORTH_A_BIAS = 0.99;

    private final GraphIndex index;
    private final GraphExecutor executor;
    private final Lanes lanes;
    private final boolean addsBiases;
    private final RefittedFile file;
    private final FreshNames names;
    private final Map<String, Optional<String>> refusals = new HashMap<>();

    Answers(GraphIndex index, GraphExecutor executor, Lanes lanes, boolean addsBiases, RefittedFile file) {
        this.index = index;
        this.executor = executor;
        this.lanes = lanes;
        this.addsBiases = addsBiases;
        this.file = file;
        this.names = FreshNames.of(index.graph());
    }

    /** What became of a weight, and the edits that make it so. */
    record Accepted(FittedWeight report, List<Edit> edits) {}

    /** The best of some answers, with its error. */
    private record Best(Optional<LinearMap> map, double error) {}

    /**
     * The best answer to a question; no edits when none is better than what is there.
     *
     * @param sources what the first node that applies the weight reads
     */
    Accepted best(FittableWeight weight, JointFit joint, Sources sources, Progress pruned, WeightSolver solver) {
        WeightFit question = joint.question();
        double before = lanes.alone(joint::before);
        Best best = best(question, new Best(Optional.empty(), before), weight, joint, pruned, solver);
        List<Edit> edits = best.map()
                .flatMap(map -> constants(weight, joint, map, pruned))
                .map(Answers::edits)
                .orElse(List.of());
        Accepted plain = new Accepted(report(weight, before, edits.isEmpty() ? before : best.error(), edits), edits);
        Optional<AddedBias> addable =
                addsBiases && !weight.isTied() ? weight.first().addable() : Optional.empty();
        return addable.map(bias -> {
                    WeightFit open =
                            new WeightFit(question.node(), question.weight(), question.now(), true, question.moments());
                    Best biased = best(
                            open,
                            new Best(Optional.empty(), plain.report().after() * WORTH_A_BIAS),
                            weight,
                            joint,
                            pruned,
                            solver);
                    return biased.map()
                            .map(map -> withBias(bias, map, biased.error(), weight, plain, sources, pruned))
                            .orElse(plain);
                })
                .orElse(plain);
    }

    private Best best(
            WeightFit question,
            Best sofar,
            FittableWeight weight,
            JointFit joint,
            Progress pruned,
            WeightSolver solver) {
        Best best = sofar;
        for (LinearMap candidate : lanes.alone(() -> solver.solve(question))) {
            LinearMap rounded = weight.first().rounded(pruned, candidate);
            double judged = lanes.alone(() -> joint.judged(rounded));
            if (judged < best.error()) {
                best = new Best(Optional.of(candidate), judged);
            }
        }
        return best;
    }

    private Accepted withBias(
            AddedBias bias,
            LinearMap map,
            double error,
            FittableWeight weight,
            Accepted plain,
            Sources sources,
            Progress pruned) {
        Application application = weight.first();
        boolean adds = bias.isAdded(
                application.matrix(),
                sources.read(0, application.node().reads()),
                pruned.fixed(application.node()),
                executor);
        Optional<String> refusal = adds ? refusal(bias) : Optional.of("its operator cannot add one");
        if (refusal.isPresent()) {
            String note = "with a bias the error would be " + error + ", but " + refusal.get();
            return new Accepted(plain.report().noting(note), plain.edits());
        }
        List<Edit> edits = new ArrayList<>(edits(application.constants(pruned, map, Optional.empty())));
        edits.addAll(bias.edits(map.bias(), names));
        return new Accepted(
                report(weight, plain.report().before(), error, edits).noting("a bias was added"), edits);
    }

    private Optional<String> refusal(AddedBias bias) {
        return refusals.computeIfAbsent(
                bias.kind(),
                kind -> file.refusal(
                        bias.edits(new double[bias.shape().get(0).intValue()], FreshNames.of(index.graph()))));
    }

    private static FittedWeight report(FittableWeight weight, double before, double after, List<Edit> edits) {
        return new FittedWeight(
                weight.node().id(),
                weight.name(),
                before,
                after,
                edits.isEmpty() ? "no better weight was found" : "",
                "");
    }

    private static List<Edit> edits(Map<String, Tensor> constants) {
        List<Edit> edits = new ArrayList<>();
        constants.forEach((name, value) -> edits.add(new Edit.SetConstant(name, value)));
        return edits;
    }

    /** The constants that hold an answer; empty when something behind an application cannot take its bias up. */
    private Optional<Map<String, Tensor>> constants(
            FittableWeight weight, JointFit joint, LinearMap answer, Progress pruned) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        for (int i = 0; i < weight.applications().size(); i++) {
            Optional<Map<String, Tensor>> own = constants(weight.applications().get(i), joint.of(i, answer), pruned);
            if (own.isEmpty()) {
                return Optional.empty();
            }
            constants.putAll(own.get());
        }
        return Optional.of(constants);
    }

    private Optional<Map<String, Tensor>> constants(Application application, LinearMap map, Progress pruned) {
        if (application.shift().isEmpty()) {
            return Optional.of(application.constants(pruned, map, Optional.empty()));
        }
        return application
                .shift()
                .flatMap(shift -> shift.of(map.bias(), pruned, index, executor))
                .map(change -> application.constants(pruned, map, Optional.of(change)));
    }
}
