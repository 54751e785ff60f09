package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.run.Decision;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRequest.Costs;
import io.espalier.engine.run.PruningRequest.Data;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Proof;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.PruningRun;
import io.espalier.plugin.allocators.UniformAllocator;
import io.espalier.plugin.magnitude.L1Criterion;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.ForwardingModel;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.ForwardingAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.util.ModelSerializer;

/** Saving, running and pruning networks in tests. */
final class Testing {

    private Testing() {}

    static Path save(org.deeplearning4j.nn.api.Model network, Path file) {
        try {
            ModelSerializer.writeModel(network, file.toFile(), true);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Random inputs; symbols are small numbers, codes lie within a small table. */
    static Map<String, Tensor> inputs(Graph graph, long seed, Map<String, Long> symbols) {
        Random random = new Random(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Long> shape = shape(type, symbols);
            int size = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                values[i] = type.type() == DataType.INT64 ? random.nextInt(5) : random.nextGaussian();
            }
            inputs.put(name, Tensors.fromDoubles(type.type(), shape, values));
        });
        return inputs;
    }

    private static List<Long> shape(ValueType type, Map<String, Long> symbols) {
        List<Long> shape = new ArrayList<>();
        for (Dimension dimension : type.shape().orElseThrow()) {
            shape.add(
                    dimension instanceof Dimension.Fixed fixed
                            ? fixed.extent()
                            : symbols.get(((Dimension.Symbol) dimension).name()));
        }
        return shape;
    }

    static final Map<String, Long> SYMBOLS = Map.of("batch", 3L, "time", 6L, "height", 12L, "width", 10L, "depth", 9L);

    /** Runs the neutral graph and DL4J on the same inputs and compares. */
    static void assertLiftedAsDl4jComputes(Path file) {
        try (Model model = new Dl4jAdapter().open(file);
                Runner nativeRunner = model.runner();
                Runner neutral = new OnnxExecutor().prepare(model.graph(), Settings.PLAIN)) {
            for (long seed = 0; seed < 2; seed++) {
                Map<String, Tensor> inputs = inputs(model.graph(), seed, SYMBOLS);
                Map<String, Tensor> expected = nativeRunner.run(inputs);
                Map<String, Tensor> actual = neutral.run(inputs);
                assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
                expected.forEach((name, tensor) -> assertClose(name, tensor, actual.get(name), 1e-5));
            }
        }
    }

    static void assertClose(String name, Tensor expected, Tensor actual, double tolerance) {
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        double[] one = Tensors.toDoubles(expected);
        double[] other = Tensors.toDoubles(actual);
        double largest = 1e-3;
        double difference = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i]));
            difference = Math.max(difference, Math.abs(one[i] - other[i]));
        }
        assertThat(difference / largest).as(name + " differs by").isLessThan(tolerance);
    }

    static PruningRequest request(Path input, Path output, String target) {
        return new PruningRequest(
                new Input(input, new Dl4jAdapter(), new OnnxExecutor(), List.of()),
                Optional.of(Decision.of(
                        new L1Criterion(), Options.none(), new UniformAllocator(), Target.parse(target), 5)),
                Optional.empty(),
                Costs.DEFAULT,
                Optional.of(output),
                new Data(Optional.empty(), Optional.empty()),
                Optional.empty(),
                Proof.DEFAULT,
                new Trail(
                        "run-1",
                        "espalier test",
                        "prune",
                        Map.of(),
                        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                        List.of()),
                1);
    }

    static PruningReport prune(Path input, Path output, String target) {
        return new PruningRun(request(input, output, target)).prune();
    }

    /** Prunes, and returns the edits that the adapter was asked to write last. */
    static List<Edit> prunedWith(Path input, Path output, String target) {
        List<Edit> written = new ArrayList<>();
        FrameworkAdapter recording =
                new ForwardingAdapter(new Dl4jAdapter(), model -> new RecordingModel(model, written));
        PruningRequest request = request(input, output, target);
        new PruningRun(new PruningRequest(
                        new Input(input, recording, request.input().executor(), List.of()),
                        request.decision(),
                        request.replay(),
                        request.costs(),
                        request.output(),
                        request.data(),
                        request.repair(),
                        request.verification(),
                        request.trail(),
                        1))
                .prune();
        return written;
    }

    /** Records the edits of the last write. */
    private static final class RecordingModel extends ForwardingModel {

        private final List<Edit> written;

        RecordingModel(Model model, List<Edit> written) {
            super(model);
            this.written = written;
        }

        @Override
        public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
            written.clear();
            written.addAll(edits);
            super.write(target, edits, provenance);
        }
    }
}
