package io.espalier.engine.recover;

import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.RunContext;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.UncutWeight;
import io.espalier.spi.compensator.WeightFit;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The weights of a graph before the cut that the cut took inputs from, with the second moments of their inputs. Closing it
 * gives the moments up.
 */
public final class UncutWeights implements AutoCloseable {

    private final HeldArrays held = new HeldArrays();
    private final Map<String, Measured> measured = new LinkedHashMap<>();
    private final KeptPositions kept;
    private final Map<String, Application> before;
    private final Map<String, Application> after;

    private record Measured(WeightFit fit, int gram, int[] kept) {}

    private UncutWeights(
            Graph original, Graph pruned, KeptPositions kept, Operators operators, GraphExecutor executor) {
        this.kept = kept;
        this.before = applications(original, operators, executor);
        this.after = applications(pruned, operators, executor);
    }

    /**
     * Measures all weights.
     *
     * @param settings how many samples of each example count
     * @param threads how many batches are run side by side, at least 1; the result does not depend on it
     */
    public static UncutWeights of(
            Graph original,
            Graph pruned,
            KeptPositions kept,
            Batches calibration,
            Operators operators,
            GraphExecutor executor,
            RunContext run,
            RefitSettings settings,
            int threads) {
        UncutWeights weights = new UncutWeights(original, pruned, kept, operators, executor);
        try (SequentialRefit walk = new SequentialRefit(
                original,
                original,
                new AllPositions(operators.infer(original)),
                calibration,
                operators,
                executor,
                run,
                RefitSettings.ofRows(settings.rows()),
                Optional.empty(),
                RefittedFile.NONE,
                threads)) {
            walk.edits(fit -> {
                weights.add(fit);
                return List.of();
            });
            return weights;
        }
    }

    private static Map<String, Application> applications(Graph graph, Operators operators, GraphExecutor executor) {
        Shapes shapes = operators.infer(graph);
        Map<String, Application> found = new HashMap<>();
        new Applications(Progress.varying(graph), GraphIndex.of(graph), shapes, operators, executor)
                .weights().stream()
                        .flatMap(weight -> weight.applications().stream())
                        .forEach(each -> found.put(each.node().id(), each));
        return found;
    }

    private void add(WeightFit fit) {
        Application was = before.get(fit.node());
        Application is = after.get(fit.node());
        if (was != null && is != null) {
            places(was, is)
                    .filter(places -> places.length < fit.now().weight().length)
                    .ifPresent(places -> measured.put(
                            fit.node(), new Measured(fit, held.put(fit.moments().gram()), places)));
        }
    }

    /** For each element of the weight that is left, its place in the matrix before the cut. */
    private Optional<int[]> places(Application was, Application is) {
        List<Long> shape = was.weight().shape();
        int size = shape.stream().mapToInt(Math::toIntExact).reduce(1, Math::multiplyExact);
        Tensor like = Tensors.fromDoubles(DataType.FLOAT64, shape, new double[size]);
        Tensor places = was.matrix()
                .weight(like, IntStream.range(0, size).asDoubleStream().toArray());
        for (int axis = 0; axis < shape.size(); axis++) {
            Optional<int[]> positions =
                    kept.ofInput(was.node().id(), was.matrix().slot(), axis);
            if (positions.isEmpty()) {
                return Optional.empty();
            }
            places = Tensors.sliced(places, axis, positions.get());
        }
        return places.shape().equals(is.weight().shape())
                ? Optional.of(Arrays.stream(is.matrix().matrix(places))
                        .mapToInt(place -> (int) place)
                        .toArray())
                : Optional.empty();
    }

    /** The weight that a node applies; empty when nothing was cut from it or nothing was measured. */
    public Optional<UncutWeight> of(String node) {
        return Optional.ofNullable(measured.get(node)).map(each -> {
            WeightFit fit = each.fit();
            return new UncutWeight(
                    fit.moments().groups(),
                    fit.moments().inputs(),
                    fit.moments().outputs(),
                    fit.now().weight(),
                    held.get(each.gram()),
                    each.kept());
        });
    }

    @Override
    public void close() {
        held.close();
    }
}
