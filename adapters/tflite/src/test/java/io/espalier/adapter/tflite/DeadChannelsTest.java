package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse training leaves filters that are zero; a cut that removes nothing but these changes no output. */
class DeadChannelsTest {

    private static final int SEEDS = Boolean.getBoolean("espalier.thorough") ? 4 : 1;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @DisplayName("Nothing but dead channels is removed: proved in every number format, and where no neutral graph runs")
    @ValueSource(
            strings = {
                "vgg-open.float",
                "vgg-open.int8",
                "densenet.int8",
                "detector.int8",
                "mobilenet-v2.dynamic",
                "unet.fp16",
                "resnet.int8",
                "lstm.float",
                "lstm.int8",
                "lstm-loop.float",
                "lstm-loop.dynamic"
            })
    void dead(String network) throws URISyntaxException {
        Path file = Path.of(DeadChannelsTest.class
                .getResource("/networks/" + network + ".tflite")
                .toURI());
        for (int seed = 0; seed < SEEDS; seed++) {
            Path dead = folder.resolve("dead.tflite");
            try (TestingPruner pruner = TestingPruner.open(file)) {
                pruner.model.write(dead, silenced(pruner, chosen(pruner, seed)), Map.of());
            }
            try (TestingPruner pruner = TestingPruner.open(dead)) {
                Verification proof = pruner.prune(chosen(pruner, seed), folder.resolve("pruned.tflite"));
                assertThat(proof.outcome()).as("seed %d: %s", seed, proof).isEqualTo(Outcome.PROVED);
            }
        }
    }

    /** A third of the channels of one group. */
    private static Removal chosen(TestingPruner pruner, int seed) {
        Random random = new Random(seed);
        List<Group> groups = pruner.groups();
        List<CoupledChannel> channels =
                new ArrayList<>(groups.get(random.nextInt(groups.size())).channels());
        Collections.shuffle(channels, random);
        return Removal.of(channels.subList(0, Math.max(1, channels.size() / 3)));
    }

    /** Sets everything that computes the channels to zero. */
    private static List<Edit> silenced(TestingPruner pruner, Removal removal) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (LabelledAxis axis : pruner.coupling.labelledAxes()) {
            String constant = axis.use().constant();
            Tensor weights = pruner.graph().constants().get(constant);
            boolean computes = axis.role() == ParameterRole.PRODUCER || axis.role() == ParameterRole.BIAS;
            if (computes && weights != null && axis.extents().size() == 1) {
                int[] classes = pruner.coupling.classesAt(axis);
                values.put(constant, silenced(values.getOrDefault(constant, weights), axis.axis(), classes, removal));
            }
        }
        List<Edit> edits = new ArrayList<>();
        values.forEach((constant, value) -> edits.add(new Edit.SetConstant(constant, value)));
        return edits;
    }

    private static Tensor silenced(Tensor weights, int axis, int[] classes, Removal removal) {
        double[] values = Tensors.toDoubles(weights);
        int inner = 1;
        for (int behind = axis + 1; behind < weights.shape().size(); behind++) {
            inner *= weights.shape().get(behind).intValue();
        }
        for (int i = 0; i < values.length; i++) {
            int channel = classes[i / inner % classes.length];
            values[i] = channel >= 0 && removal.removes(channel) ? 0 : values[i];
        }
        return Tensors.fromDoubles(weights.type(), weights.shape(), values);
    }
}
