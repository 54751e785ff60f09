package io.espalier.engine.recover;

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
import io.espalier.spi.compensator.WeightFit;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fits the weights of a pruned graph one after the other, in the order in which data meets them: each on what the graph
 * computes with the weights before it already fitted, towards what the original computed in the same place.
 *
 * <p>Every eighth batch is held back; a weight is changed only where that lowers the error on those. Weights that several
 * nodes read, and those in bodies, are left as they are and named. Used once; not thread-safe.
 */
public final class SequentialRefit implements AutoCloseable {

    private static final int HELD_BACK = 8;
    private static final int MOST_IN_A_BATCH = 32;
    /** Elements that the widest value of a batch may have. */
    private static final long WIDEST = 1 << 22;

    private final KeptPositions kept;
    private final GraphExecutor executor;
    private final RunContext run;
    private final Batches calibration;
    private final Lanes lanes;
    private final Rows rows;
    private final long memory;
    private final GraphIndex index;
    private final List<Application> applications;
    private final Progress originally;
    private final Progress now;
    private final List<FittedWeight> fitted = new ArrayList<>();

    /**
     * Prepares the fit of all weights.
     *
     * @param threads how many batches are run side by side, at least 1; the result does not depend on it
     * @throws InvalidInputException when the data has fewer than two examples
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
            int threads) {
        if (calibration.examples() < 2) {
            throw new InvalidInputException(
                    "Weights are fitted on some examples and judged on others, but the calibration data has "
                            + calibration.examples() + " example; give at least two.");
        }
        this.kept = kept;
        this.executor = executor;
        this.run = run;
        this.lanes = new Lanes(threads, run);
        this.rows = new Rows(settings.rows(), run);
        this.memory = Runtime.getRuntime().maxMemory();
        this.index = GraphIndex.of(pruned);
        Shapes shapes = operators.infer(pruned);
        Applications found = new Applications(Progress.varying(pruned), index, shapes, operators, executor);
        this.applications = found.all();
        this.fitted.addAll(found.others());
        Shapes before = operators.infer(original);
        this.calibration = calibration.with(BatchOptions.of(batchSize(calibration.examples(), shapes)));
        this.originally = new Progress(original, before, executor, this.calibration, lanes, memory / 8);
        this.now = new Progress(pruned, shapes, executor, this.calibration, lanes, memory / 8);
    }

    /** Depends on the graph and the number of examples alone: with it, the last digits of sums would differ. */
    private int batchSize(long examples, Shapes shapes) {
        long widest = 1;
        for (Application application : applications) {
            long elements =
                    (long) application.matrix().groups() * application.matrix().inputs();
            List<Dim> extents = shapes.shape(application.node().id()).orElse(List.of());
            for (int axis = 1; axis < extents.size(); axis++) {
                boolean counts = !application.matrix().givenAxes().contains(axis)
                        && extents.get(axis).isConstant();
                elements *= counts ? extents.get(axis).constant() : 1;
            }
            widest = Math.max(widest, elements);
        }
        return (int) Math.max(1, Math.min(Math.min(MOST_IN_A_BATCH, examples / HELD_BACK), WIDEST / widest));
    }

    /** What became of each weight that was reached. */
    public List<FittedWeight> fitted() {
        return fitted;
    }

    /** Fits all weights; the edits set those that were changed. */
    public List<Edit> edits(WeightSolver solver) {
        Map<String, Tensor> changed = new LinkedHashMap<>();
        for (int i = 0; i < applications.size(); i++) {
            run.checkCancelled();
            run.progress("fitting weights", i, applications.size());
            Map<String, Tensor> better = fit(applications.get(i), solver);
            now.set(better);
            changed.putAll(better);
        }
        run.progress("fitting weights", applications.size(), applications.size());
        List<Edit> edits = new ArrayList<>();
        changed.forEach((name, value) -> edits.add(new Edit.SetConstant(name, value)));
        return edits;
    }

    @Override
    public void close() {
        lanes.close();
        originally.close();
        now.close();
    }

    private Map<String, Tensor> fit(Application application, WeightSolver solver) {
        Node node = application.node();
        Optional<Integer> here = now.place(node.id());
        Optional<Integer> there = originally.place(node.id());
        Optional<Map<Integer, int[]>> positions = kept(application.matrix());
        if (here.isEmpty() || there.isEmpty() || positions.isEmpty()) {
            return left(application, "the original has no such output");
        }
        if (!now.canStopBefore(here.get()) || !originally.canStopBefore(there.get() + 1)) {
            return left(application, "values that are no tensors are in use here");
        }
        originally.advance(there.get() + 1, List.of(node.id()));
        now.advance(here.get(), node.reads());
        return solved(application, positions.get(), solver);
    }

    private Map<String, Tensor> left(Application application, String reason) {
        fitted.add(new FittedWeight(
                application.node().id(), application.weight().constant(), Double.NaN, Double.NaN, reason));
        return Map.of();
    }

    /** The positions that are kept along the axes of the output that the weight gives. */
    private Optional<Map<Integer, int[]>> kept(WeightMatrix matrix) {
        Map<Integer, int[]> positions = new LinkedHashMap<>();
        for (int axis : matrix.givenAxes()) {
            Optional<int[]> found = kept.ofValue(matrix.node().id(), axis);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            positions.put(axis, found.get());
        }
        return Optional.of(positions);
    }

    private Map<String, Tensor> solved(Application application, Map<Integer, int[]> positions, WeightSolver solver) {
        WeightMatrix matrix = application.matrix();
        if (bytes(matrix) > memory / 2.0) {
            return left(application, "the moments of its " + matrix.inputs() + " inputs do not fit into memory");
        }
        MomentGraph graph = momentGraph(application, positions);
        Optional<Tensor> added = application.biasSlot().isEmpty()
                ? Optional.empty()
                : Optional.of(graph.operand(application.biasSlot().getAsInt()));
        if (added.isPresent() && added.get().size() != (long) matrix.groups() * matrix.outputs()) {
            return left(application, "what is added to its outputs is not one number for each");
        }
        LinearMap before = application.now(now, added);
        MomentSums sums = new MomentSums(graph, matrix);
        // Optimised, onnxruntime 1.29 reshapes the result of a matrix product wrongly once transpositions are
        // merged.
        lanes.forEach(
                calibration.count(),
                () -> executor.prepare(
                        graph.graph(), Settings.of(Purpose.EVALUATION).plain()),
                (runner, batch) -> runner.run(inputs(runner, graph, matrix, batch)),
                (batch, results) -> sums.add(results, isHeldBack(batch)));
        if (!sums.isFinite()) {
            return left(application, "what it computes is not finite");
        }
        if (!lanes.alone(() -> sums.isLinear(before))) {
            return left(application, "the operator is not linear in it");
        }
        return accepted(application, sums, before, solver);
    }

    /** Twice to fit and to judge, once to solve, and what each lane adds. */
    private static double bytes(WeightMatrix matrix) {
        return 4.0 * Double.BYTES * matrix.groups() * matrix.inputs() * matrix.inputs();
    }

    private Map<String, Tensor> accepted(
            Application application, MomentSums sums, LinearMap before, WeightSolver solver) {
        WeightFit question = new WeightFit(
                application.node().id(), application.weight().constant(), before, application.hasBias(), sums.toFit());
        double then = lanes.alone(() -> sums.judged(before));
        Optional<LinearMap> better = Optional.empty();
        double after = then;
        for (LinearMap candidate : lanes.alone(() -> solver.solve(question))) {
            LinearMap rounded = application.rounded(now, candidate);
            double judged = lanes.alone(() -> sums.judged(rounded));
            if (judged < after) {
                better = Optional.of(candidate);
                after = judged;
            }
        }
        Map<String, Tensor> constants =
                better.flatMap(map -> constants(application, map)).orElse(Map.of());
        fitted.add(new FittedWeight(
                application.node().id(),
                application.weight().constant(),
                then,
                constants.isEmpty() ? then : after,
                constants.isEmpty() ? "no better weight was found" : ""));
        return constants;
    }

    private Optional<Map<String, Tensor>> constants(Application application, LinearMap map) {
        if (application.shift().isEmpty()) {
            return Optional.of(application.constants(now, map, Optional.empty()));
        }
        return application
                .shift()
                .flatMap(shift -> shift.of(map.bias(), now, index, executor))
                .map(change -> application.constants(now, map, Optional.of(change)));
    }

    private boolean isHeldBack(int batch) {
        return batch % HELD_BACK == Math.min(HELD_BACK, calibration.count()) - 1;
    }

    private MomentGraph momentGraph(Application application, Map<Integer, int[]> positions) {
        Node node = application.node();
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        for (String value : node.reads()) {
            if (now.isVarying(value)) {
                inputs.put(value, Progress.open(now.value(0, value)));
            }
        }
        return MomentGraph.of(
                application, inputs, now.fixed(node), positions, Progress.open(originally.value(0, node.id())));
    }

    private Map<String, Tensor> inputs(Runner runner, MomentGraph graph, WeightMatrix matrix, int batch) {
        Tensor target = originally.value(batch, matrix.node().id());
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (String input : runner.inputs()) {
            if (input.equals(graph.target())) {
                inputs.put(input, target);
            } else if (input.equals(graph.rows())) {
                long samples = target.size();
                for (int axis : matrix.givenAxes()) {
                    samples /= target.shape().get(axis);
                }
                inputs.put(input, Tensors.vector(rows.of(matrix.node().id(), batch, examples(batch), samples)));
            } else {
                inputs.put(input, now.value(batch, input));
            }
        }
        return inputs;
    }

    private long examples(int batch) {
        return Math.min(calibration.size(), calibration.examples() - (long) batch * calibration.size());
    }
}
