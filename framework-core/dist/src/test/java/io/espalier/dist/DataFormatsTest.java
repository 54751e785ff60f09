package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same images in any format give the same network and the same accuracy. */
class DataFormatsTest {

    private static final int EXAMPLES = 300;
    private static final int CALIBRATION = 64;
    private static final String[] SCALING = {
        "--data-option", "scale=1/255", "--data-option", "mean=0.2860", "--data-option", "std=0.3530"
    };

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Compressed idx files with labels beside them are as good as npz")
    void idx() throws IOException {
        TestingImages test = TestingImages.of("fashion-mnist-test.npz", 0, EXAMPLES);
        TestingImages training = TestingImages.of("fashion-mnist-calibration.npz", 0, CALIBRATION);
        Path expected =
                prune("npz", test.npz(folder.resolve("test.npz")), training.npz(folder.resolve("training.npz")));
        Path found = prune("idx", test.idx(folder, "t10k"), training.idx(folder, "train"));
        assertThat(found).hasSameBinaryContentAs(expected);
        assertThat(accuracies("idx")).isEqualTo(accuracies("npz")).contains("\"accuracy\"");
    }

    @Test
    @DisplayName("Folders of images, a folder for each class, are as good as npz in the same order")
    void folders() throws IOException {
        TestingImages test =
                TestingImages.of("fashion-mnist-test.npz", 0, EXAMPLES).sorted();
        TestingImages training = TestingImages.of("fashion-mnist-calibration.npz", 0, CALIBRATION)
                .sorted();
        Path expected =
                prune("npz", test.npz(folder.resolve("test.npz")), training.npz(folder.resolve("training.npz")));
        Path found = prune("folders", test.images(folder.resolve("test")), training.images(folder.resolve("train")));
        assertThat(found).hasSameBinaryContentAs(expected);
        assertThat(accuracies("folders")).isEqualTo(accuracies("npz"));
    }

    @Test
    @DisplayName("Synthetic calibration recovers something, and plan and report call it synthetic; bn refuses it")
    void synthetic() throws IOException {
        Path data = TestingImages.of("fashion-mnist-test.npz", 0, EXAMPLES).npz(folder.resolve("test.npz"));
        prune("synthetic", data, Path.of("synthetic:64"));
        assertThat(Files.readString(folder.resolve("synthetic.onnx.plan.json")))
                .contains("\"calibration\" : \"synthetic\"");
        assertThat(Files.readString(folder.resolve("synthetic.onnx.report.json")))
                .contains("The calibration is synthetic");
        Result refused = new Launcher(folder)
                .run(
                        "prune",
                        Launcher.example("fashion-resnet20.onnx"),
                        "--target",
                        "macs=50%",
                        "--repair",
                        "bn",
                        "--calibration",
                        "synthetic:16",
                        "-o",
                        folder.resolve("bn.onnx"));
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("synthetic inputs would ruin the normalisation");
    }

    @Test
    @DisplayName("Data is packed as the model sees it, the same bytes each time, and inspected")
    void packed() throws IOException {
        Path images = TestingImages.of("fashion-mnist-test.npz", 0, 40).idx(folder, "t10k");
        Path once = pack(images, "once.npz");
        assertThat(pack(images, "twice.npz")).hasSameBinaryContentAs(once);
        Result inspected = new Launcher(folder)
                .run("data", "inspect", once, "--for", Launcher.example("fashion-resnet20.onnx"), "--json");
        assertThat(inspected.exitCode()).as(inspected.err()).isZero();
        assertThat(inspected.out())
                .contains("\"examples\" : 25", "\"input\" : \"image\"", "\"float32\"", "\"classes\"");
    }

    private Path pack(Path images, String name) {
        Path output = folder.resolve(name);
        Object[] arguments = {
            "data", "pack", images, "--count", "25", "--for", Launcher.example("fashion-resnet20.onnx"), "-o", output
        };
        Result result = new Launcher(folder).run(both(arguments, SCALING));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return output;
    }

    @Test
    @DisplayName("Examples that both calibrate and measure are counted")
    void shared() throws IOException {
        Path data = TestingImages.of("fashion-mnist-test.npz", 0, 60).npz(folder.resolve("data.npz"));
        Path some = TestingImages.of("fashion-mnist-test.npz", 40, 64).idx(folder, "calibration");
        prune("shared", data, some);
        assertThat(Files.readString(folder.resolve("shared.onnx.report.json")))
                .contains("20 of 64 different calibration examples are also in the data");
    }

    private Path prune(String name, Path data, Path calibration) {
        Path output = folder.resolve(name + ".onnx");
        Object[] arguments = {
            "prune",
            Launcher.example("fashion-resnet20.onnx"),
            "--target",
            "macs=50%",
            "--normalise",
            "mean",
            "--repair",
            "obs",
            "--calibration",
            calibration,
            "--data",
            data,
            "--no-latency",
            "-o",
            output
        };
        Result result = new Launcher(folder).run(both(arguments, SCALING));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return output;
    }

    private String accuracies(String name) throws IOException {
        String report = Files.readString(folder.resolve(name + ".onnx.report.json"));
        return String.join(
                "\n", report.lines().filter(line -> line.contains("accuracy")).toList());
    }

    private static Object[] both(Object[] first, Object[] second) {
        Object[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
