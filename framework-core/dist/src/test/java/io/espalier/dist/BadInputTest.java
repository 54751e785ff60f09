package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input that cannot be used: one clear sentence, the right exit code, and nothing that existed is damaged. */
class BadInputTest {

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int MODEL = 5;

    private static final Path MODEL_FILE = Launcher.example("fashion-resnet20.onnx");
    private static final Path DATA = Launcher.example("fashion-mnist-test.npz");

    @TempDir
    private Path folder;

    static Stream<Arguments> brokenModels() {
        return Stream.of(
                broken("cut in half", BadModels::truncated, "truncated.onnx"),
                broken("random bytes", BadModels::randomBytes, "random.onnx"),
                broken("a text", BadModels::text, "text.onnx"),
                broken("empty", BadModels::empty, "empty.onnx"),
                broken("missing", models -> Path.of("no-such.onnx"), "there is no file"),
                broken("a folder", models -> Path.of("."), "is a folder"),
                broken("a cyclic graph", BadModels::cyclic, "cycle"),
                broken("external data that is missing", BadModels::externalDataMissing, "no-such-file.bin"),
                broken("external data that is too short", BadModels::externalDataShort, "short.bin"),
                broken("external data outside of its folder", BadModels::externalDataOutside, "../secret.bin"),
                broken("an unknown element type", BadModels::unknownType, "99"),
                broken("two values of one name", BadModels::duplicateNames, "duplicate.onnx"));
    }

    private static Arguments broken(String what, Function<BadModels, Path> model, String says) {
        return Arguments.of(what, model, says);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenModels")
    @DisplayName("A model that cannot be read ends with code 5")
    void brokenModel(String what, Function<BadModels, Path> model, String says) throws IOException {
        assertRefused(MODEL, says, model.apply(new BadModels(folder)), "--target", "macs=50%");
    }

    static Stream<Arguments> unusableWeights() {
        return Stream.of(
                broken("NaN", BadModels::notANumber, "not a finite number"),
                broken("infinity", BadModels::infinite, "not a finite number"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusableWeights")
    @DisplayName("Weights that cannot be used end with code 5")
    void weights(String what, Function<BadModels, Path> model, String says) throws IOException {
        assertRefused(MODEL, says, model.apply(new BadModels(folder)), "--target", "macs=50%");
    }

    @Test
    @DisplayName("A weight without elements fits no operator behind it: code 5")
    void weightWithoutElements() throws IOException {
        assertRefused(
                MODEL,
                "axis 0 of input 1 has 16 positions, which should be 0",
                new BadModels(folder).zeroSized(),
                "--target",
                "macs=50%");
    }

    static Stream<Arguments> contradictions() {
        String data = DATA.toString();
        return Stream.of(
                flags("no target", "--target"),
                flags("a plan and a target", "leave out --target", "--plan", "p.json", "--target", "macs=50%"),
                flags("a plan and a criterion", "leave out --criterion", "--plan", "p.json", "--criterion", "l2"),
                flags("repair without calibration", "--calibration", "--target", "macs=50%", "--repair", "bn"),
                flags(
                        "an option of no criterion",
                        "name one with --criterion",
                        "--target",
                        "macs=50%",
                        "--criterion-option",
                        "p=2"),
                flags("a width that is no number", "or auto", "--target", "macs=50%", "--round-to", "wide"),
                flags(
                        "calibration that is the data",
                        "same file",
                        "--target",
                        "macs=50%",
                        "--repair",
                        "bn",
                        "--calibration",
                        data,
                        "--data",
                        data),
                flags(
                        "latency runs without latency",
                        "--no-latency",
                        "--target",
                        "macs=50%",
                        "--latency-runs",
                        "3",
                        "--no-latency"),
                flags("an unknown criterion", "did you mean 'lamp'", "--target", "macs=50%", "--criterion", "lam"),
                flags(
                        "an unknown normalisation, in either spelling",
                        "sum, none, mean, max, min-max, standard",
                        "--target",
                        "macs=50%",
                        "--normalize",
                        "median"),
                flags("an unknown allocator", "global", "--target", "macs=50%", "--allocator", "gobal"),
                flags(
                        "an unknown compensator",
                        "no compensator 'nb'",
                        "--target",
                        "macs=50%",
                        "--repair",
                        "nb",
                        "--calibration",
                        data),
                flags(
                        "an unknown option of a criterion",
                        "'lp' has no option 'q'; available: p",
                        "--target",
                        "macs=50%",
                        "--criterion",
                        "lp",
                        "--criterion-option",
                        "q=1"),
                flags(
                        "an option out of range",
                        "0.01 to 10",
                        "--target",
                        "macs=50%",
                        "--criterion",
                        "lp",
                        "--criterion-option",
                        "p=-1"),
                flags("a target of nothing", "nothing would remain", "--target", "macs=0%"),
                flags("a target that is none", "METRIC=AMOUNT", "--target", "half"),
                flags("a metric nobody knows", "'flops'", "--target", "flops=50%"),
                flags(
                        "an aggregation nobody knows",
                        "sum, mean, max, product",
                        "--target",
                        "macs=50%",
                        "--aggregate",
                        "x"),
                flags("a width of nothing", "--round-to", "--target", "macs=50%", "--round-to", "0"),
                flags("an option nobody knows", "--tarjet", "--tarjet", "macs=50%"),
                flags("an extent nobody knows", "it has: batch", "--target", "macs=50%", "--dim", "bach=2"),
                flags("an extent of nothing", "at least 1", "--target", "macs=50%", "--dim", "batch=0"),
                flags("a pattern that matches nothing", "names that are near", "--target", "macs=50%", "--only", "x*"),
                flags("patterns that leave nothing", "fewer of them", "--target", "macs=50%", "--ignore", "*"),
                flags("no number of threads", "--threads", "--target", "macs=50%", "--threads", "0"));
    }

    private static Arguments flags(String what, String says, String... flags) {
        return Arguments.of(what, says, flags);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictions")
    @DisplayName("Flags that make no sense end with code 2")
    void usage(String what, String says, String... flags) throws IOException {
        assertRefused(USAGE, says, MODEL_FILE, flags);
    }

    static Stream<Arguments> unreachable() {
        return Stream.of(
                flags("more than can go", "cannot be", "--target", "macs=0.1%"),
                flags("a share without its sign", "did you mean 'macs=50%'", "--target", "macs=50"),
                flags(
                        "a metric file that is missing",
                        "--metric: there is no file 'no-such.onnx'",
                        "--target",
                        "macs=50%",
                        "--data",
                        DATA.toString(),
                        "--metric",
                        "no-such.onnx"),
                flags("data that is missing", "there is no file", "--target", "macs=50%", "--data", "no-such.npz"),
                flags(
                        "data of another kind",
                        "readers: csv, idx, images, npy, npz, text",
                        "--target",
                        "macs=50%",
                        "--data",
                        MODEL_FILE.toString()),
                flags("a plan that is missing", "no-such.json", "--plan", "no-such.json"),
                flags("a plan that is none", "fashion-mnist-test.npz", "--plan", DATA.toString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreachable")
    @DisplayName("What cannot be done ends with code 1")
    void failed(String what, String says, String... flags) throws IOException {
        assertRefused(FAILED, says, MODEL_FILE, flags);
    }

    @Test
    @DisplayName("An output below a file or in no folder is refused with code 1")
    void unwritableOutput() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        for (Path output : List.of(file.resolve("out.onnx"), folder.resolve("none/out.onnx"), folder)) {
            Result result =
                    new Launcher(folder).run("prune", MODEL_FILE, "--target", "macs=50%", "--no-latency", "-o", output);

            assertThat(result.exitCode()).as(result.err()).isEqualTo(FAILED);
            assertOneSentence(result, output.toString());
        }
        assertThat(file).hasContent("kept");
        assertThat(listed()).containsExactly(file);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no pipes in folders")
    @DisplayName("A pipe or a device stays what it is; a link stays, and what it points to is replaced")
    void outputIsNoFile() throws Exception {
        Path pipe = folder.resolve("pipe.onnx");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        Path real = Files.createDirectory(folder.resolve("elsewhere")).resolve("real.onnx");
        Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), Files.writeString(real, "old"));
        Launcher launcher = new Launcher(folder);

        Result refused = launcher.run("prune", MODEL_FILE, "--target", "macs=50%", "--no-latency", "-o", pipe);
        Result followed = launcher.run("prune", MODEL_FILE, "--target", "macs=50%", "--no-latency", "-o", link);

        assertThat(refused.exitCode()).isEqualTo(FAILED);
        assertOneSentence(refused, "is a device or a pipe");
        assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther())
                .isTrue();
        assertThat(followed.exitCode()).as(followed.err()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(Files.size(real)).isGreaterThan(100_000);
    }

    @Test
    @DisplayName("The standard output, and a name that promises another format, are refused as outputs")
    void outputThatIsNoneOfThisModel() throws IOException {
        Launcher launcher = new Launcher(folder);
        for (String command : List.of("prune", "plan")) {
            Result result = launcher.run(command, MODEL_FILE, "--target", "macs=50%", "-o", "-");

            assertThat(result.exitCode()).isEqualTo(USAGE);
            assertOneSentence(result, "not written to the standard output");
        }
        Result other = launcher.run("prune", MODEL_FILE, "--target", "macs=50%", "-o", "small.tflite");

        assertThat(other.exitCode()).isEqualTo(USAGE);
        assertOneSentence(other, "named like a model of tflite");
        assertThat(listed()).isEmpty();
    }

    @Test
    @DisplayName("The model itself is replaced only by force")
    void outputIsTheModel() throws IOException {
        Path copy = Files.copy(MODEL_FILE, folder.resolve("copy.onnx"));

        Result result = new Launcher(folder).run("prune", copy, "--target", "macs=50%", "-o", copy);

        assertThat(result.exitCode()).isEqualTo(USAGE);
        assertOneSentence(result, "--force");
        assertThat(copy).hasSameBinaryContentAs(MODEL_FILE);
    }

    /** Prunes to a file that exists, and expects that file to stay as it was. */
    private void assertRefused(int exitCode, String says, Path model, String... flags) throws IOException {
        Path output = Files.writeString(folder.resolve("pruned.onnx"), "kept");
        List<Object> arguments = new ArrayList<>(List.of("prune", model, "-o", output));
        arguments.addAll(List.of(flags));
        List<Path> before = listed();

        Result result = new Launcher(folder).run(arguments.toArray());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertOneSentence(result, says);
        assertThat(output).hasContent("kept");
        assertThat(listed())
                .as("no temporary files are left")
                .allSatisfy(file -> assertThat(
                                before.contains(file) || file.toString().endsWith(".events"))
                        .isTrue());
    }

    private static void assertOneSentence(Result result, String says) {
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("espalier: ")
                .contains(says)
                .doesNotContain("\tat ", "Exception", "should not have happened");
        // A machine that is slow is told of progress.
        assertThat(result.err()
                        .strip()
                        .lines()
                        .filter(line -> !line.endsWith("shows what there is")
                                && !line.matches(".* (\\d+/\\d+|\\w+, for \\d+:\\d+)")))
                .hasSize(1);
        assertThat(result.err().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1000);
    }

    private List<Path> listed() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
