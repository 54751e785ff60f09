package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.api.Espalier;
import io.espalier.api.EspalierException;
import io.espalier.api.Proof.Outcome;
import io.espalier.api.VerifyResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Verification of files that somebody changed, in each format: seen on no input or on all, it is never 'proved'. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangedFilesTest {

    private static final Path CASES = Path.of("src", "test", "resources", "changed-files");
    private static final Path TFLITE =
            Path.of("..", "..", "adapters", "tflite", "src", "test", "resources", "networks");
    private static final int SEEDS = 40;

    private Espalier espalier;

    @TempDir
    private Path folder;

    @BeforeAll
    void open() {
        espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build();
    }

    @AfterAll
    void close() {
        espalier.close();
    }

    @TestFactory
    Stream<DynamicTest> whatNoSampledInputShows() {
        return Stream.of(
                        List.of("bert-original", "bert", "bert-outputs-shuffled", "interface"),
                        List.of("bert-original", "bert", "bert-word_embeddings-unseen-rows", "constant"),
                        List.of("boxes-scores", "boxes-scores", "boxes-scores-classes-swapped", "constant"),
                        List.of("choose-round-original", "choose-round", "choose-round-tampered", "node"),
                        List.of("chooses.s13-original", "chooses.s13", "chooses.s13-Greater-4", "node"),
                        List.of("chooses.s13-original", "chooses.s13", "chooses.s13-Greater-thr-4", "node"))
                .map(names -> dynamicTest(names.get(2), () -> {
                    VerifyResult result =
                            verify(file(names.get(0)), CASES.resolve(names.get(1) + ".plan.json"), file(names.get(2)));
                    assertThat(result.proof().outcome()).isEqualTo(Outcome.FAILED);
                    assertThat(result.differences()).extracting("kind").contains(names.get(3));
                }));
    }

    @Test
    void anyByteOfATfliteFile() throws IOException {
        Path model = TFLITE.resolve("resnet.int8.tflite");
        Path pruned = prune(model, "pruned.tflite");
        byte[] bytes = Files.readAllBytes(pruned);
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] changed = bytes.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            requireRefused(model, pruned, changed, seed);
        }
    }

    @Test
    void anyByteOfWhatADl4jArchiveHolds() throws IOException {
        Path model = Launcher.example("fashion-cnn-dl4j.zip");
        Path pruned = prune(model, "pruned.zip");
        for (long seed = 0; seed < SEEDS; seed++) {
            requireRefused(model, pruned, changedArchive(pruned, new Random(seed)), seed);
        }
    }

    private static Path file(String name) {
        return CASES.resolve(name + ".onnx");
    }

    private Path prune(Path model, String name) {
        Path pruned = folder.resolve(name);
        espalier.prune(model).target("channels=60%").withoutLatency().to(pruned);
        VerifyResult result = verify(model, plan(pruned), pruned);
        assertThat(result.differences()).isEmpty();
        assertThat(result.proof().outcome()).as(result.proof().reason()).isEqualTo(Outcome.PROVED);
        return pruned;
    }

    private static Path plan(Path pruned) {
        return pruned.resolveSibling(pruned.getFileName() + ".plan.json");
    }

    private VerifyResult verify(Path original, Path plan, Path pruned) {
        return espalier.verify(original, plan, pruned).threads(1).run();
    }

    private void requireRefused(Path model, Path pruned, byte[] changed, long seed) throws IOException {
        Path file = Files.createDirectories(folder.resolve("changed")).resolve(pruned.getFileName());
        Files.write(file, changed);
        try {
            VerifyResult result = verify(model, plan(pruned), file);
            assertThat(result.proof().outcome()).as("seed %d", seed).isEqualTo(Outcome.FAILED);
            assertThat(result.differences()).as("seed %d", seed).isNotEmpty();
        } catch (EspalierException damaged) {
            assertThat(damaged).as("seed %d", seed).hasMessageNotContaining("should not have happened");
        }
    }

    /** The archive with one bit of one entry changed. */
    private static byte[] changedArchive(Path archive, Random random) throws IOException {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(archive));
                ZipOutputStream out = new ZipOutputStream(changed)) {
            boolean coefficients = random.nextBoolean();
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                copy(in, out, entry, coefficients == entry.getName().endsWith(".bin"), random);
            }
        }
        return changed.toByteArray();
    }

    private static void copy(InputStream in, ZipOutputStream out, ZipEntry entry, boolean change, Random random)
            throws IOException {
        byte[] content = in.readAllBytes();
        if (change && content.length > 0) {
            content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        }
        out.putNextEntry(new ZipEntry(entry.getName()));
        ((OutputStream) out).write(content);
        out.closeEntry();
    }
}
