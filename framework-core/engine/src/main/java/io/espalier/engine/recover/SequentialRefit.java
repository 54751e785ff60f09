package io.espalier.engine.recover;

import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.Moments;
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
 * nodes read, and those in bodies, are left as they are. Used once; not thread-safe.
 */
public final class SequentialRefit {

    private static final int HELD_BACK = 8;
    private static final int MOST_IN_A_BATCH = 32;
    /** How far the error from the moments may be from the error of the node: further, the node is not linear in its weight. */
    private static final double LINEAR = 1e-3;

    private final Graph original;
    private final Graph pruned;
    private final KeptPositions kept;
    private final Operators operators;
    private final GraphExecutor executor;
    private final RunContext run;
    private final Settings settings;
    private final Progress originally;
    private final Progress now;
    private final GraphIndex index;
    private final int batches;
    private final List<FittedWeight> fitted = new ArrayList<>();

    public SequentialRefit(
            Graph original,
            Graph pruned,
            KeptPositions kept,
            Batches calibration,
            Operators operators,
            GraphExecutor executor,
            RunContext run) {
        this.original = original;
        this.pruned = pruned;
        this.kept = kept;
        this.operators = operators;
        this.executor = executor;
        this.run = run;
        this.settings = Settings.of(Purpose.EVALUATION);
        if (calibration.examples() < 2) {
            throw new InvalidInputException(
                    "Weights are fitted on some examples and judged on others, but the calibration" + " data has "
                            + calibration.examples() + " example; give at least two.");
        }
        int size = (int) Math.max(1, Math.min(MOST_IN_A_BATCH, calibration.examples() / HELD_BACK));
        List<Map<String, Tensor>> inputs = new ArrayList<>();
        calibration.with(BatchOptions.of(size)).forEach(batch -> inputs.add(batch.inputs()));
        this.batches = inputs.size();
        this.index = GraphIndex.of(pruned);
        this.originally = new Progress(original, operators.infer(original), executor, settings, inputs);
        this.now = new Progress(pruned, operators.infer(pruned), executor, settings, inputs);
    }

    /** What became of each weight that was reached. */
    public List<FittedWeight> fitted() {
        return fitted;
    }

    /** Fits all weights; the edits set those that were changed. */
    public List<Edit> edits(WeightSolver solver) {
        Shapes shapes = operators.infer(pruned);
        List<Application> applications = new Applications(now, index, shapes, operators, executor).all();
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
        Moments fit = Moments.none(matrix.groups(), matrix.inputs(), matrix.outputs());
        Moments judge = Moments.none(matrix.groups(), matrix.inputs(), matrix.outputs());
        double direct = 0;
        MomentGraph graph = momentGraph(application, positions);
        Optional<Tensor> added = application.biasSlot().isEmpty()
                ? Optional.empty()
                : Optional.of(graph.operand(application.biasSlot().getAsInt()));
        if (added.isPresent() && added.get().size() != (long) matrix.groups() * matrix.outputs()) {
            return left(application, "what is added to its outputs is not one number for each");
        }
        LinearMap before = application.now(now, added);
        // Optimised, onnxruntime 1.29 reshapes the result of a matrix product wrongly once transpositions are
        // merged.
        try (Runner runner = executor.prepare(graph.graph(), Settings.PLAIN)) {
            for (int batch = 0; batch < batches; batch++) {
                Map<String, Tensor> results = runner.run(inputs(runner, graph, application.node(), batch));
                direct += graph.error(results);
                if (isHeldBack(batch)) {
                    judge = graph.add(results, judge);
                } else {
                    fit = graph.add(results, fit);
                }
            }
        }
        double scale = sum(fit.targetSquares()) + sum(judge.targetSquares());
        if (!(Math.abs(fit.error(before) + judge.error(before) - direct) <= LINEAR * scale)) {
            return left(application, "the operator is not linear in it");
        }
        return accepted(application, fit, judge, before, solver);
    }

    private Map<String, Tensor> accepted(
            Application application, Moments fit, Moments judge, LinearMap before, WeightSolver solver) {
        WeightFit question = new WeightFit(
                application.node().id(), application.weight().constant(), before, application.hasBias(), fit);
        double scale = Math.max(Double.MIN_NORMAL, sum(judge.targetSquares()));
        double now = judge.error(before) / scale;
        Optional<LinearMap> better = solver.solve(question).filter(map -> judge.error(map) / scale < now);
        Map<String, Tensor> constants =
                better.flatMap(map -> constants(application, map)).orElse(Map.of());
        fitted.add(
                constants.isEmpty()
                        ? new FittedWeight(
                                application.node().id(),
                                application.weight().constant(),
                                now,
                                now,
                                "no better weight was found")
                        : new FittedWeight(
                                application.node().id(),
                                application.weight().constant(),
                                now,
                                judge.error(better.orElseThrow()) / scale,
                                ""));
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
        return batch % HELD_BACK == Math.min(HELD_BACK, batches) - 1;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
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

    private Map<String, Tensor> inputs(Runner runner, MomentGraph graph, Node node, int batch) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (String input : runner.inputs()) {
            inputs.put(
                    input, input.equals(graph.target()) ? originally.value(batch, node.id()) : now.value(batch, input));
        }
        return inputs;
    }
}
