package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.api.Espalier;
import io.espalier.testkit.TestingNpz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of each format end with a documented sentence or work: no other exception, no output beside an error, no end
 * that does not come. {@link Fuzzing} says how many and how a seed is repeated.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzTest {

    /** A proof takes long: of what can be opened, every so many are pruned. */
    private static final int PRUNED_EVERY = 10;

    private static final Path EXPORTED = Path.of("../engine/src/test/resources/exported");
    private static final Path SMALL = EXPORTED.resolve("chooses.s13.onnx");

    /** Elements of one row of the input of the small model. */
    private static final int ROW = 6;

    private Path folder;
    private TestingPruner pruner;
    private Fuzzing fuzzing;

    @BeforeAll
    void open(@TempDir Path where) {
        folder = where;
        pruner = new TestingPruner(folder);
        fuzzing = new Fuzzing(folder);
    }

    @AfterAll
    void close() {
        pruner.close();
    }

    @Test
    void onnx() throws IOException {
        List<Path> bases = List.of(
                EXPORTED.resolve("chooses.s13.onnx"),
                EXPORTED.resolve("rnn.s11.onnx"),
                EXPORTED.resolve("picks.d18.onnx"),
                EXPORTED.resolve("cuts.d18.onnx"),
                EXPORTED.resolve("repeats.s17.onnx"),
                EXPORTED.resolve("few-bits.nbits.onnx"),
                EXPORTED.resolve("assigns.d18.onnx"),
                EXPORTED.resolve("unfolds.d18.onnx"));
        fuzzing.run(".onnx", bases, List.of(FuzzTest::message, FuzzTest::message, Mutation::bytes), this::opened);
    }

    @Test
    void tflite() throws IOException {
        Path field = Path.of("../../adapters/tflite/src/test/resources/field");
        List<Path> bases =
                List.of(field.resolve("dead-filters.int8.tflite"), field.resolve("flatten-open-batch.tflite"));
        fuzzing.run(".tflite", bases, List.of(Mutation::bytes), this::opened);
    }

    @Test
    void dl4j() throws IOException {
        Path field = Path.of("../../adapters/dl4j/src/test/resources/field");
        List<Path> bases = List.of(
                field.resolve("dl4j-subset-tailonly.zip"),
                field.resolve("dl4j-dilated-same.zip"),
                field.resolve("dl4j-attention-unprojected.zip"));
        fuzzing.run(".zip", bases, List.of(ZipMutation::entry, ZipMutation::entry, Mutation::bytes), this::opened);
    }

    @Test
    void plan() throws IOException {
        Path plan = folder.resolve("sound.plan.json");
        pruner.plan(SMALL, plan);
        fuzzing.run(
                ".plan.json",
                List.of(plan),
                List.of(Mutation::text, Mutation::bytes),
                (file, seed) -> pruner.verify(SMALL, file));
    }

    @Test
    void npz() throws IOException {
        Path data = folder.resolve("sound.npz");
        float[] values = new float[2 * ROW];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7 - 3;
        }
        byte[] zip = new TestingNpz()
                .array("x", "<f4", "(2, 6)", TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, values))
                .array("label", "<i8", "(2,)", TestingNpz.longs(ByteOrder.LITTLE_ENDIAN, 0, 1))
                .deflated();
        Files.write(data, zip);
        assertThat(pruner.prune(SMALL, data).sentence()).isEmpty();
        fuzzing.run(
                ".npz",
                List.of(data),
                List.of(ZipMutation::entry, ZipMutation::entry, Mutation::bytes),
                (file, seed) -> pruner.prune(SMALL, file));
    }

    @Test
    void journal() throws IOException {
        Path journal = folder.resolve("sound.events");
        pruner.journal(SMALL, journal);
        fuzzing.run(".events", List.of(journal), List.of(Mutation::bytes), (file, seed) -> pruner.replay(file));
    }

    @Test
    void plugin() throws IOException {
        Path jar =
                Launcher.home().resolve("plugins").resolve("espalier-criterion-random-" + Espalier.version() + ".jar");
        fuzzing.run(
                ".jar",
                List.of(jar),
                List.of(ZipMutation::entry, ZipMutation::entry, Mutation::bytes),
                (file, seed) -> pruner.load(file, SMALL));
    }

    private TestingPruner.Result opened(Path file, long seed) throws IOException {
        TestingPruner.Result opened = pruner.inspect(file);
        boolean ended = opened.fault().isPresent() || opened.sentence().isPresent();
        return ended || seed % PRUNED_EVERY != 0 ? opened : pruner.prune(file);
    }

    /** Damage to the fields of the message instead of its bytes. */
    private static byte[] message(byte[] whole, Random random) {
        try {
            return ProtoMutation.changed(ModelProto.parseFrom(whole), random).toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }
}
