package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.testkit.TestingNpz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Damaged data of each format ends with a documented sentence or is read: see {@link Fuzzing}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DataFuzzTest {

    private static final Path SMALL = Path.of("../engine/src/test/resources/exported/chooses.s13.onnx");

    /** Elements of one row of the input of the small model. */
    private static final int ROW = 6;

    private static final int ROWS = 5;
    private static final int SIDE = 12;

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
    void idx() throws IOException {
        fuzz(".idx", List.of(write("sound.idx", idxFile())), List.of(Mutation::bytes), this::read);
    }

    @Test
    void compressedIdx() throws IOException {
        Path sound = write("sound.idx.gz", packed(idxFile()));
        fuzz(".idx.gz", List.of(sound), List.of(DataFuzzTest::content, Mutation::bytes), this::read);
    }

    @Test
    void npy() throws IOException {
        byte[] array = TestingNpz.npy(
                1,
                TestingNpz.header("<f4", false, "(5, 6)"),
                TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, new float[ROWS * ROW]));
        Path sound = write("sound.npy", array);
        fuzz(".npy", List.of(sound), List.of(Mutation::text, Mutation::bytes), this::read);
    }

    @Test
    void csv() throws IOException {
        List<Path> sound = List.of(
                write("sound.csv", table(",").getBytes(StandardCharsets.UTF_8)),
                write("sound.tsv", table("\t").replace("cat", "\"a \\t cat\"").getBytes(StandardCharsets.UTF_8)));
        fuzz(".csv", sound, List.of(Mutation::text, Mutation::bytes), this::read);
        Path compressed = write("sound.csv.gz", packed(table(",").getBytes(StandardCharsets.UTF_8)));
        fuzz(".csv.gz", List.of(compressed), List.of(DataFuzzTest::content, Mutation::bytes), this::read);
    }

    @Test
    void texts() throws IOException {
        Path words =
                write("words.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\ngood\nfilm\n##s\n".getBytes(StandardCharsets.UTF_8));
        byte[] rows = "one\ta good film\ntwo\tfilms, \"good\" films\none\tño\n".getBytes(StandardCharsets.UTF_8);
        Path sound = write("sound.txt", rows);
        fuzz(
                ".txt",
                List.of(sound),
                List.of(Mutation::bytes),
                (file, seed) -> pruner.data(file, request -> request.options(Map.of("tokenizer", words.toString()))));
        Path tokenizer = write("tokenizer.json", """
                {"version": "1.0", "added_tokens": [{"id": 7, "content": "<pad>", "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true}], "normalizer": {"type": "Lowercase"},
                "pre_tokenizer": {"type": "Whitespace"}, "model": {"type": "WordLevel", "vocab": {"good": 4, "film": 5,
                "<unk>": 6, "<pad>": 7}, "unk_token": "<unk>"}}""".getBytes(StandardCharsets.UTF_8));
        fuzz(
                ".json",
                List.of(tokenizer, words),
                List.of(Mutation::text, Mutation::bytes),
                (file, seed) -> pruner.data(sound, request -> request.options(Map.of("tokenizer", file.toString()))));
    }

    @Test
    void images() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        Files.write(images.resolve("sound.png"), image("png"));
        for (String kind : List.of("png", "jpg")) {
            fuzz("." + kind, List.of(write("sound." + kind, image(kind))), List.of(Mutation::bytes), (file, seed) -> {
                Files.copy(file, images.resolve("damaged." + kind), StandardCopyOption.REPLACE_EXISTING);
                return pruner.data(images, request -> request.options(Map.of("resize", "4x4")));
            });
        }
    }

    @Test
    void preprocessing() throws IOException {
        Path images = Files.createDirectory(folder.resolve("prepared"));
        Files.write(images.resolve("sound.png"), image("png"));
        List<Path> sound = List.of(
                write("processor.json", """
                        {"image_processor_type": "ViTImageProcessor", "do_resize": true, "size": {"height": 8, "width": 8},
                        "resample": 2, "do_center_crop": true, "crop_size": 6, "do_rescale": true,
                        "rescale_factor": 0.0039, "do_normalize": true, "image_mean": [0.5, 0.5, 0.5],
                        "image_std": [0.5, 0.5, 0.5]}""".getBytes(StandardCharsets.UTF_8)),
                write("timm.json", """
                        {"architecture": "a", "pretrained_cfg": {"input_size": [3, 8, 8], "crop_pct": 0.9,
                        "interpolation": "bicubic", "crop_mode": "center", "mean": [0.5, 0.5, 0.5],
                        "std": [0.5, 0.5, 0.5]}}""".getBytes(StandardCharsets.UTF_8)),
                write("own.json", """
                        {"resize": 8, "crop": "6x6", "scale": "1/255", "mean": [0.5], "std": [0.5], "colour": "bgr"}""".getBytes(StandardCharsets.UTF_8)));
        fuzz(
                ".json",
                sound,
                List.of(Mutation::text, Mutation::bytes),
                (file, seed) -> pruner.data(images, request -> request.preprocessing(file)));
    }

    private void fuzz(String ending, List<Path> sound, List<Mutation.Step> damages, Fuzzing.Use use)
            throws IOException {
        for (Path each : sound) {
            for (int seed = 0; seed < 2; seed++) {
                assertThat(use.of(each, seed)).isEqualTo(new TestingPruner.Result(Optional.empty(), Optional.empty()));
            }
        }
        fuzzing.run(ending, sound, damages, use);
    }

    /** Reads data for the small model, and every other time as it is. */
    private TestingPruner.Result read(Path file, long seed) {
        return pruner.data(file, request -> seed % 2 == 0 ? request.forModel(SMALL) : request);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    /** Damage to what a compressed file holds. */
    private static byte[] content(byte[] whole, Random random) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(whole))) {
            return packed(Mutation.bytes(in.readAllBytes(), random));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] idxFile() {
        ByteBuffer bytes = ByteBuffer.allocate(3 * Integer.BYTES + ROWS * ROW);
        bytes.putInt(0x0802).putInt(ROWS).putInt(ROW);
        return bytes.array();
    }

    private static String table(String delimiter) {
        StringBuilder text = new StringBuilder("a,b,c,d,e,f,label\n");
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < ROW; i++) {
                text.append(row * i - 3).append(row % 2 == 0 ? ".25," : ",");
            }
            text.append(row % 2 == 0 ? "cat" : "dog").append('\n');
        }
        return text.toString().replace(",", delimiter);
    }

    private static byte[] image(String kind) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.setRGB(i % SIDE, i / SIDE, i * 7919);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, kind, bytes);
        return bytes.toByteArray();
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
