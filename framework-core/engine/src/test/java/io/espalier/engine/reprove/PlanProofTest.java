package io.espalier.engine.reprove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.reprove.Difference.Kind;
import io.espalier.engine.run.TestingRun;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.Budget;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a run writes is proved from files; what somebody changed is not, whether a run of the model shows it or not. */
final class PlanProofTest {

    private static final List<String> NETWORKS = List.of(
            "vgg-flatten.s11",
            "chooses.s13",
            "decoder.s17",
            "detector.s11",
            "inception.s13",
            "normalised.s17",
            "signals.s11",
            "swin.s13",
            "vit-multihead.s14",
            "volumes.s13");
    private static final int SEEDS = 4;

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> filesOfARunAreProved() {
        return networks()
                .map(file -> dynamicTest(name(file), () -> {
                    Path pruned = prune(file);
                    PlanProof.Result result = prove(file, pruned);
                    assertThat(result.differences()).isEmpty();
                    assertThat(result.verification().outcome())
                            .as(result.verification().reason())
                            .isEqualTo(Outcome.PROVED);
                }));
    }

    @TestFactory
    Stream<DynamicTest> changedFilesAreNot() {
        return networks()
                .map(file -> dynamicTest(name(file), () -> {
                    Path pruned = prune(file);
                    for (Tampering tampering : Tampering.values()) {
                        for (long seed = 0; seed < SEEDS; seed++) {
                            refuse(file, pruned, tampering, seed);
                        }
                    }
                }));
    }

    private void refuse(Path original, Path pruned, Tampering tampering, long seed) throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(pruned)).toBuilder();
        if (!tampering.apply(model, new Random(seed))) {
            return;
        }
        Path changed = Files.createDirectories(folder.resolve("changed")).resolve(pruned.getFileName());
        Files.write(changed, model.build().toByteArray());
        Files.copy(plan(pruned), plan(changed), StandardCopyOption.REPLACE_EXISTING);
        String what = tampering + ", seed " + seed;
        try {
            PlanProof.Result result = prove(original, changed);
            assertThat(result.verification().outcome()).as(what).isEqualTo(Outcome.FAILED);
            assertThat(result.differences()).as(what).isNotEmpty();
            assertThat(result.differences().stream().map(Difference::kind))
                    .as(what)
                    .containsAnyOf(kinds(tampering));
        } catch (InvalidInputException damaged) {
            assertThat(damaged).as(what).hasMessageEndingWith(".");
        }
    }

    /** What a change is named as. What the graph does not show may be the file as a whole. */
    private static Kind[] kinds(Tampering tampering) {
        return switch (tampering) {
            case WEIGHT, ZEROED, ROWS -> new Kind[] {Kind.CONSTANT};
            case ATTRIBUTE -> new Kind[] {Kind.ATTRIBUTE, Kind.NODE, Kind.INTERFACE, Kind.FILE};
            case OPERATOR, OPERANDS -> new Kind[] {Kind.NODE};
            case NODE -> new Kind[] {Kind.NODE, Kind.FILE};
            case INTERFACE, TYPE -> new Kind[] {Kind.INTERFACE};
            case UNREAD -> new Kind[] {Kind.CONSTANT, Kind.FILE};
        };
    }

    private Path prune(Path original) {
        Path pruned = folder.resolve(name(original) + ".pruned.onnx");
        TestingRun.of(original, pruned).target("channels=60%").prune();
        return pruned;
    }

    private static PlanProof.Result prove(Path original, Path pruned) {
        try (Model before = open(original);
                Model after = open(pruned)) {
            Analysis analysis = Analysis.of(before.graph());
            return new PlanProof(
                            before, analysis.shapes(), analysis.coupling(), PlanFile.read(plan(pruned)), Budget.DEFAULT)
                    .prove(
                            after,
                            new Rebuilding(pruned.getFileName().toString(), PlanProofTest::open),
                            new OnnxExecutor(),
                            new VerificationOptions(1, 1, Map.of(), Optional.empty()));
        }
    }

    private static Model open(Path file) {
        return new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()));
    }

    private static Path plan(Path pruned) {
        return pruned.resolveSibling(pruned.getFileName() + ".plan.json");
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".onnx", "");
    }

    private static Stream<Path> networks() {
        try (Stream<Path> files =
                Files.list(Path.of(PlanProofTest.class.getResource("/exported").toURI()))) {
            List<Path> found =
                    files.filter(file -> NETWORKS.contains(name(file))).sorted().toList();
            assertThat(found).hasSameSizeAs(NETWORKS);
            return found.stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
