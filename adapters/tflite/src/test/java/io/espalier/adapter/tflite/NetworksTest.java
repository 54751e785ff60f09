package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.run.Decision;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRequest.Costs;
import io.espalier.engine.run.PruningRequest.Data;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Proof;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.PruningRun;
import io.espalier.engine.verify.Verification;
import io.espalier.plugin.allocators.UniformAllocator;
import io.espalier.plugin.magnitude.L1Criterion;
import io.espalier.spi.option.Options;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.lite.schema.Model;

/** Networks of TensorFlow's converter and of MediaPipe: each is cut to half of its channels, and proved. */
class NetworksTest {

    private static final long SEED = 20261122;
    private static final int ALIGNMENT = 16;
    /** What a half of the channels leaves of the multiplications at most; usually a good third. */
    private static final double MACS = 0.51;
    /** What they leave where a loop keeps its neighbours. */
    private static final Map<String, Double> MORE_MACS = Map.of(
            "lstm-loop.float", 0.95,
            "lstm-loop.fp16", 0.95,
            "lstm-loop.dynamic", 0.95);

    /** One network of each number format, whose plan is carried out once more. */
    private static final Set<String> REPLAYED =
            Set.of("lstm.float", "densenet.fp16", "unet.dynamic", "transformer.int8");

    private static final Decision HALF =
            Decision.of(new L1Criterion(), Options.none(), new UniformAllocator(), Target.parse("channels=50%"), SEED);

    @TempDir
    private Path folder;

    static Stream<Path> files() throws IOException, URISyntaxException {
        return Stream.concat(files("/networks"), files("/mediapipe"));
    }

    private static Stream<Path> files(String resources) throws IOException, URISyntaxException {
        Path directory = Path.of(NetworksTest.class.getResource(resources).toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".tflite")).sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("Half of the channels go, the rest is proved in the interpreter; a replay writes the same bytes")
    @MethodSource("files")
    void prune(Path file) throws IOException {
        Path target = folder.resolve("pruned.tflite");
        PruningReport report =
                run(file, target, Optional.of(HALF), Optional.empty()).prune();

        assertThat(report.verification().outcome())
                .as("%s", report.verification())
                .isEqualTo(Verification.Outcome.PROVED);
        double macs = (double) report.pruned().cost().macs()
                / report.original().cost().macs();
        assertThat(macs).isLessThanOrEqualTo(MORE_MACS.getOrDefault(name(file), MACS));
        assertThat(report.pruned().cost().parameters())
                .isEqualTo(report.plan().predicted().parameters());
        assertThat(Files.size(target)).isLessThan(Files.size(file));
        assertThat(unaligned(target)).isEmpty();
        if (REPLAYED.contains(name(file))) {
            Path again = folder.resolve("again.tflite");
            run(file, again, Optional.empty(), Optional.of(report.plan())).prune();
            assertThat(again).as("the replay of the plan").hasSameBinaryContentAs(target);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".tflite", "");
    }

    private static PruningRun run(Path file, Path target, Optional<Decision> decision, Optional<Plan> replay) {
        return new PruningRun(new PruningRequest(
                new Input(file, SharedInterpreters.adapter(), new OnnxExecutor(), List.of()),
                decision,
                replay,
                Costs.DEFAULT,
                Optional.of(target),
                new Data(Optional.empty(), Optional.empty()),
                Optional.empty(),
                Proof.DEFAULT,
                new Trail(
                        "networks",
                        "espalier test",
                        "prune",
                        Map.of(),
                        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                        List.of()),
                1));
    }

    /** Buffers whose bytes do not begin at a multiple of 16, which the interpreter reads as they lie. */
    private static List<Integer> unaligned(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        Model model = Model.getRootAsModel(bytes);
        return Stream.iterate(0, i -> i + 1)
                .limit(model.buffersLength())
                .filter(i -> model.buffers(i).dataLength() > 0)
                .filter(i -> model.buffers(i).dataAsByteBuffer().position() % ALIGNMENT != 0)
                .toList();
    }
}
