package io.espalier.engine.recover;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.RefitSettings.Inputs;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fits the weights of a pruned graph one after the other, in the order in which data meets them: each on what the graph
 * computes with the weights before it already fitted, towards what the original computed in the same place.
 *
 * <p>Every eighth batch is held back; a weight is changed only where that lowers the error on those. A weight that several
 * nodes apply is fitted for all of them when data meets it first: a node that waits for other weights then is given what the
 * original computes. Used once; not thread-safe.
 */
public final class SequentialRefit implements AutoCloseable {

    private static final int MOST_IN_A_BATCH = 32;
    /** Elements that the widest value of a batch may have. */
    private static final long WIDEST = 1 << 22;

    private final Graph original;
    private final GraphExecutor executor;
    private final RunContext run;
    private final RefitSettings settings;
    private final KeptPositions kept;
    private final Batches calibration;
    private final Lanes lanes;
    private final MomentPass pass;
    private final long memory;
    private final GraphIndex index;
    private final Shapes before;
    private final Shapes after;
    private final List<FittableWeight> weights;
    private final LeftOut leftOut;
    private final Set<String> waiting = new HashSet<>();
    private final Walk walk;
    private final Answers answers;
    private final List<FittedWeight> fitted = new ArrayList<>();

    /**
     * Prepares the fit of all weights.
     *
     * @param loss what the curvature is taken of, where samples count by it
     * @param threads how many batches are run side by side, at least 1; the result does not depend on it
     * @throws InvalidInputException when the data has fewer than two examples, or a pattern of what to leave out matches
     *     nothing
     */
    public SequentialRefit(
            Graph original,
            Graph pruned,
            KeptPositions kept,
            Batches calibration,
            Operators operators,
            GraphExecutor executor,
            RunContext run,
            RefitSettings settings,
            Optional<ChosenLoss> loss,
            RefittedFile file,
            int threads) {
        if (calibration.examples() < 2) {
            throw new InvalidInputException(
                    "Weights are fitted on some examples and judged on others, but the calibration data has "
                            + calibration.examples() + " example; give at least two.");
        }
        this.original = original;
        this.executor = executor;
        this.run = run;
        this.settings = settings;
        this.kept = kept;
        this.lanes = new Lanes(threads, run);
        this.memory = Runtime.getRuntime().maxMemory();
        this.index = GraphIndex.of(pruned);
        this.after = operators.infer(pruned);
        this.before = operators.infer(original);
        Applications found = new Applications(Progress.varying(pruned), index, after, operators, executor);
        this.weights = found.weights();
        this.leftOut = new LeftOut(settings.leaveOut(), weights, file);
        this.fitted.addAll(found.others());
        this.calibration = calibration.with(BatchOptions.of(batchSize(calibration.examples())));
        Optional<SampleWeights> weighted = loss.filter(each -> settings.curvature() > 0)
                .map(each -> SampleWeights.of(
                        original, operators, this.calibration, each, outputs(), executor, lanes, settings.curvature()));
        this.pass = new MomentPass(this.calibration, lanes, new Rows(settings.rows(), run), executor, weighted);
        this.walk = walk(pruned, 8);
        this.answers = new Answers(index, executor, lanes, settings.addsBiases(), file);
        weights.forEach(weight ->
                weight.applications().forEach(each -> waiting.add(each.node().id())));
    }

    private Map<String, Set<Integer>> outputs() {
        Map<String, Set<Integer>> outputs = new LinkedHashMap<>();
        for (FittableWeight weight : weights) {
            weight.applications()
                    .forEach(each -> outputs.put(
                            each.node().id(), Set.copyOf(each.matrix().givenAxes())));
        }
        return outputs;
    }

    /** Depends on the graph and the number of examples alone: with it, the last digits of sums would differ. */
    private int batchSize(long examples) {
        long widest = 1;
        for (FittableWeight weight : weights) {
            for (Application application : weight.applications()) {
                widest = Math.max(widest, elements(application));
            }
        }
        return (int) Math.max(1, Math.min(Math.min(MOST_IN_A_BATCH, examples / MomentPass.HELD_BACK), WIDEST / widest));
    }

    private long elements(Application application) {
        long elements =
                (long) application.matrix().groups() * application.matrix().inputs();
        List<Dim> extents = after.shape(application.node().id()).orElse(List.of());
        for (int axis = 1; axis < extents.size(); axis++) {
            boolean counts = !application.matrix().givenAxes().contains(axis)
                    && extents.get(axis).isConstant();
            elements *= counts ? extents.get(axis).constant() : 1;
        }
        return elements;
    }

    /**
     * A walk along both graphs from their first nodes.
     *
     * @param share the part of the memory that values may fill for each graph, as a divisor
     */
    private Walk walk(Graph pruned, int share) {
        return new Walk(
                new Progress(original, before, executor, calibration, lanes, memory / share),
                new Progress(pruned, after, executor, calibration, lanes, memory / share),
                before,
                after,
                kept);
    }

    /** What became of each weight that was reached. */
    public List<FittedWeight> fitted() {
        return fitted;
    }

    /** Fits all weights; the edits change those for which something better was found. */
    public List<Edit> edits(WeightSolver solver) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            run.checkCancelled();
            run.progress("fitting weights", i, weights.size());
            FittableWeight weight = weights.get(i);
            List<Edit> better = fit(weight, solver);
            walk.pruned().apply(better);
            edits.addAll(better);
            weight.applications().forEach(each -> waiting.remove(each.node().id()));
        }
        run.progress("fitting weights", weights.size(), weights.size());
        return edits;
    }

    @Override
    public void close() {
        lanes.close();
        walk.close();
    }

    private List<Edit> fit(FittableWeight weight, WeightSolver solver) {
        try {
            Optional<String> wish = leftOut.reason(weight);
            if (wish.isPresent()) {
                throw new NotFittedException(wish.get());
            }
            requireMemory(weight);
            Sources sources = walk.to(weight.first(), settings.inputs() == Inputs.ONE_SHOT);
            Answers.Accepted accepted = answers.best(weight, moments(weight, sources), sources, walk.pruned(), solver);
            fitted.add(accepted.report());
            return accepted.edits();
        } catch (NotFittedException e) {
            fitted.add(FittedWeight.left(weight.node().id(), weight.name(), e.getMessage()));
            return List.of();
        }
    }

    private void requireMemory(FittableWeight weight) throws NotFittedException {
        if (bytes(weight) > memory / 2.0) {
            throw new NotFittedException(
                    "the moments of its " + weight.first().matrix().inputs() + " inputs do not fit into memory");
        }
    }

    private JointFit moments(FittableWeight weight, Sources sources) throws NotFittedException {
        JointFit joint = new JointFit(weight);
        add(weight.first(), sources, joint);
        if (weight.isTied()) {
            try (Walk ahead = walk(walk.pruned().graph(), 16)) {
                for (Application other :
                        weight.applications().subList(1, weight.applications().size())) {
                    boolean oneShot = settings.inputs() == Inputs.ONE_SHOT || waits(other);
                    add(other, ahead.to(other, oneShot), joint);
                }
            }
        }
        return joint;
    }

    /** Whether weights that are not fitted yet lie before an application. */
    private boolean waits(Application application) {
        return index.upstream(application.node().reads(), Set.of()).stream()
                .anyMatch(node -> waiting.contains(node.id()));
    }

    /** Twice to fit and to judge, once to solve, and what each lane adds; twice as much to add those of several nodes. */
    private static double bytes(FittableWeight weight) {
        WeightMatrix matrix = weight.first().matrix();
        return (weight.isTied() ? 8.0 : 4.0) * Double.BYTES * matrix.groups() * matrix.inputs() * matrix.inputs();
    }

    private void add(Application application, Sources sources, JointFit joint) throws NotFittedException {
        WeightMatrix matrix = application.matrix();
        Map<String, Tensor> fixed = walk.pruned().fixed(application.node());
        Optional<Tensor> added = Optional.empty();
        if (application.biasSlot().isPresent()) {
            int slot = application.biasSlot().getAsInt();
            added = Optional.ofNullable(fixed.get(application.node().inputs().get(slot)))
                    .filter(bias -> bias.size() == (long) matrix.groups() * matrix.outputs());
            if (added.isEmpty()) {
                throw new NotFittedException("what is added to its outputs is not one number for each");
            }
        }
        MomentSums sums = pass.of(application, sources, fixed);
        LinearMap now = application.now(walk.pruned(), added);
        if (!sums.isFinite()) {
            throw new NotFittedException("what it computes is not finite");
        }
        if (!lanes.alone(() -> sums.isLinear(now))) {
            throw new NotFittedException("the operator is not linear in it");
        }
        lanes.alone(() -> {
            joint.add(application, sums, now);
            return joint;
        });
    }
}
