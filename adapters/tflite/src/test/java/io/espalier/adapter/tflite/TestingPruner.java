package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.RandomInputs;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.lite.schema.TensorT;

/** An open model with what the engine found in it: the steps of a run, one by one. */
final class TestingPruner implements AutoCloseable {

    private static final GraphExecutor EXECUTOR = new OnnxExecutor();

    final Model model;
    final Shapes shapes;
    final Coupling coupling;

    private TestingPruner(Model model) {
        this.model = model;
        this.shapes = Operators.standard().infer(model.graph());
        this.coupling = CouplingAnalysis.analyse(model.graph(), shapes, Operators.standard());
    }

    static TestingPruner open(Path file) {
        return new TestingPruner(SharedInterpreters.adapter().open(file));
    }

    Graph graph() {
        return model.graph();
    }

    List<Group> groups() {
        return Groups.of(coupling, each -> each);
    }

    /** Largest difference between the interpreter and the lifted graph, relative to the largest magnitude. */
    double parity(long seed) {
        double worst = 0;
        try (Runner original = model.runner();
                Runner lifted = EXECUTOR.prepare(graph(), GraphExecutor.Settings.DEFAULT)) {
            for (int i = 0; i < 3; i++) {
                Map<String, Tensor> inputs =
                        new RandomInputs(graph(), shapes, coupling.operators()).make(seed + i, Map.of());
                Map<String, Tensor> expected = original.run(inputs);
                Map<String, Tensor> actual = lifted.run(inputs);
                for (String output : expected.keySet()) {
                    assertThat(actual.get(output).shape())
                            .as("shape of '%s', seed %d", output, seed)
                            .isEqualTo(expected.get(output).shape());
                    worst = Math.max(worst, difference(expected.get(output), actual.get(output)));
                }
            }
        }
        return worst;
    }

    private static double difference(Tensor expected, Tensor actual) {
        double[] one = Tensors.toDoubles(expected);
        double[] other = Tensors.toDoubles(actual);
        double largest = 1e-6;
        double difference = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i]));
            difference = Math.max(difference, Math.abs(one[i] - other[i]));
        }
        return difference / largest;
    }

    /** Removes channels of every group that a seed chooses. */
    Removal random(double share, long seed) {
        Random random = new Random(seed);
        List<CoupledChannel> gone = new ArrayList<>();
        for (Group group : groups()) {
            List<CoupledChannel> shuffled = new ArrayList<>(group.channels());
            Collections.shuffle(shuffled, random);
            gone.addAll(shuffled.subList(0, (int) (share * shuffled.size())));
        }
        return Removal.of(gone);
    }

    List<Edit> edits(Removal removal) {
        return Surgery.prune(graph(), shapes, coupling, removal).edits();
    }

    /** Cuts, writes, checks the shapes that the file declares, and compares with the masked original. */
    Verification prune(Removal removal, Path target) {
        model.write(target, edits(removal), Map.of());
        try (TestingPruner pruned = open(target)) {
            pruned.checkShapes(target);
            return Verifier.verify(
                    model, coupling, shapes, removal, pruned.model, EXECUTOR, VerificationOptions.DEFAULT);
        }
    }

    private void checkShapes(Path file) {
        for (TensorT tensor : TestingFiles.decode(file).subgraphs().get(0).getTensors()) {
            shapes.shape(tensor.getName()).filter(TestingPruner::isKnown).ifPresent(shape -> {
                if (!graph().constants().containsKey(tensor.getName())) {
                    assertThat(tensor.getShape())
                            .as("declared shape of '%s'", tensor.getName())
                            .containsExactly(shape.stream()
                                    .mapToInt(extent -> (int) extent.constant())
                                    .toArray());
                }
            });
        }
    }

    private static boolean isKnown(List<Dim> shape) {
        return shape.stream().allMatch(Dim::isConstant);
    }

    @Override
    public void close() {
        model.close();
    }
}
