package io.espalier.engine.recover;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.obs.ObsCompensator;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Fits weights of graphs that nothing was cut from. */
final class TestingRefits {

    private TestingRefits() {}

    static SequentialRefit refit(Graph original, Graph pruned, Dataset data) {
        TestingRunContext run = new TestingRunContext(1);
        Batches batches = Batches.of(pruned, data, BatchOptions.of(8), run);
        return refit(original, pruned, batches, RefitSettings.ofRows(0), 2);
    }

    /** The fit of all weights of a file with settings. */
    static SequentialRefit refit(
            Graph original, Graph pruned, Dataset data, RefitSettings settings, RefittedFile file) {
        TestingRunContext run = new TestingRunContext(1);
        Batches batches = Batches.of(pruned, data, BatchOptions.of(8), run);
        return refit(original, pruned, batches, settings, file, 2);
    }

    /** The fit of all weights, with batches and threads as they are given. */
    static SequentialRefit refit(Graph original, Graph pruned, Batches batches, RefitSettings settings, int threads) {
        return refit(original, pruned, batches, settings, RefittedFile.NONE, threads);
    }

    private static SequentialRefit refit(
            Graph original, Graph pruned, Batches batches, RefitSettings settings, RefittedFile file, int threads) {
        return new SequentialRefit(
                original,
                pruned,
                new All(original),
                batches,
                Operators.standard(),
                new OnnxExecutor(),
                new TestingRunContext(1),
                settings,
                Optional.empty(),
                file,
                threads);
    }

    static WeightSolver solver(double ridge) {
        return ObsCompensator.solver(ridge);
    }

    static Map<String, Tensor> values(List<Edit> edits) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        edits.forEach(edit -> values.put(((Edit.SetConstant) edit).constant(), ((Edit.SetConstant) edit).value()));
        return values;
    }

    static Tensor random(SplittableRandom random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.floats(Arrays.stream(shape).boxed().toList(), values);
    }

    static InMemory data(long[] input, int examples, long seed) {
        long[] shape = new long[input.length + 1];
        shape[0] = examples;
        System.arraycopy(input, 0, shape, 1, input.length);
        Tensor x = random(new SplittableRandom(seed), shape);
        return new InMemory(examples, Map.of("x", x));
    }

    /** A file that can hold everything, or nothing, whose nodes are called after their outputs. */
    record File(boolean holdsAll) implements RefittedFile {

        @Override
        public Set<String> names(String node) {
            return Set.of("layers/" + node);
        }

        @Override
        public Optional<String> refusal(List<Edit> edits) {
            return holdsAll ? Optional.empty() : Optional.of("files of this kind cannot gain one");
        }
    }

    record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    /** Nothing was cut. */
    record All(Graph graph) implements KeptPositions {

        @Override
        public Optional<int[]> ofValue(String value, int axis) {
            long extent =
                    Operators.standard().infer(graph).require(value).get(axis).constant();
            return Optional.of(IntStream.range(0, (int) extent).toArray());
        }

        @Override
        public Optional<int[]> ofInput(String node, int slot, int axis) {
            return Optional.empty();
        }
    }
}
