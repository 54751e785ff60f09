package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.depth.ResidualBlock;
import io.espalier.engine.depth.ResidualBlocks;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.lite.schema.ActivationFunctionType;

/** Residual blocks are left out of files, and it is proved. */
class ResidualBlocksTest {

    private static final Path NETWORKS = Path.of("src", "test", "resources", "networks");

    @TempDir
    Path folder;

    private Verification without(Model model, Shapes shapes, Shortened rest) {
        Path target = folder.resolve("shorter.tflite");
        model.write(target, new ArrayList<Edit>(rest.edits()), Map.of());
        Coupling coupling = CouplingAnalysis.analyse(rest.graph(), shapes, Operators.standard());
        try (Model pruned = SharedInterpreters.adapter().open(target)) {
            assertThat(pruned.graph().nodes()).hasSameSizeAs(rest.graph().nodes());
            assertThat(pruned.byteSize()).isLessThan(model.byteSize());
            return Verifier.verify(
                    model,
                    rest.edits(),
                    coupling,
                    shapes,
                    Removal.of(List.of()),
                    pruned,
                    new OnnxExecutor(),
                    VerificationOptions.DEFAULT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet.float",
                "resnet.fp16",
                "resnet.dynamic",
                "resnet.int8",
                "mobilenet-v2.float",
                "mobilenet-v2-open.float",
                "efficientnet-lite.float",
                "transformer.float",
                "transformer.int8"
            })
    void networksWithoutTheirFirstAndLastBlock(String name) {
        try (Model model = SharedInterpreters.adapter().open(NETWORKS.resolve(name + ".tflite"))) {
            Shapes shapes = Operators.standard().infer(model.graph());
            List<ResidualBlock> blocks =
                    ResidualBlocks.of(Shortened.whole(model.graph()), shapes, Operators.standard());
            assertThat(blocks).isNotEmpty();
            Shortened whole = Shortened.whole(model.graph());
            for (ResidualBlock block : List.of(blocks.get(0), blocks.get(blocks.size() - 1))) {
                Verification verification = without(model, shapes, whole.without(block));
                assertThat(verification.outcome())
                        .as("%s without %s: %s", name, block.branch(), verification)
                        .isEqualTo(Outcome.PROVED);
            }
        }
    }

    @Test
    void sumsWithActivationsBecomeActivations() throws IOException {
        for (byte activation : List.of(
                ActivationFunctionType.NONE,
                ActivationFunctionType.RELU,
                ActivationFunctionType.RELU6,
                ActivationFunctionType.RELU_N1_TO_1)) {
            TestingTflite file = new TestingTflite(5);
            TestingLayers layers = new TestingLayers(file);
            int x = layers.conv(file.input(1, 8, 8, 3), 8);
            int first = layers.add(x, layers.conv(layers.conv(x, 6), 8), activation);
            int second = layers.add(layers.conv(first, 8), first, activation);
            Path path = Files.write(
                    folder.resolve("sums.tflite"),
                    file.bytes(layers.dense(layers.mean(second), 5, ActivationFunctionType.NONE)));
            try (Model model = SharedInterpreters.adapter().open(path)) {
                Shapes shapes = Operators.standard().infer(model.graph());
                Shortened rest = Shortened.whole(model.graph());
                int left = 2;
                while (left > 0) {
                    List<ResidualBlock> blocks = ResidualBlocks.of(rest, shapes, Operators.standard());
                    assertThat(blocks).hasSize(left--);
                    rest = rest.without(blocks.get(0));
                    assertThat(without(model, shapes, rest).outcome())
                            .as("activation %d", activation)
                            .isEqualTo(Outcome.PROVED);
                }
            }
        }
    }

    @Test
    void operandsOfSumsOfManyAreLeftOut() throws IOException {
        TestingTflite file = new TestingTflite(5);
        TestingLayers layers = new TestingLayers(file);
        int x = layers.conv(file.input(1, 8, 8, 3), 8);
        int many = layers.addAll(layers.conv(layers.conv(x, 6), 8), x, layers.conv(layers.conv(x, 5), 8));
        int chain = layers.add(
                layers.add(layers.conv(many, 8), layers.conv(many, 8), ActivationFunctionType.NONE),
                many,
                ActivationFunctionType.RELU);
        Path path = Files.write(
                folder.resolve("many.tflite"),
                file.bytes(layers.dense(layers.mean(chain), 5, ActivationFunctionType.NONE)));
        try (Model model = SharedInterpreters.adapter().open(path)) {
            Shapes shapes = Operators.standard().infer(model.graph());
            for (int first = 0; first < 4; first++) {
                Shortened rest = Shortened.whole(model.graph());
                for (int left = 4; left > 0; left--) {
                    List<ResidualBlock> blocks = ResidualBlocks.of(rest, shapes, Operators.standard());
                    assertThat(blocks).as("%s", rest.edits()).hasSize(left);
                    rest = rest.without(blocks.get(first % left));
                    assertThat(without(model, shapes, rest).outcome())
                            .as("%s", rest.edits())
                            .isEqualTo(Outcome.PROVED);
                }
            }
        }
    }
}
