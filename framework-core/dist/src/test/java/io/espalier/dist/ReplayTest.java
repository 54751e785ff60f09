package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same flags give the same bytes, whatever the machine is set to; a plan gives them again; files prove themselves. */
class ReplayTest {

    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");
    private static final String[] FLAGS = {
        "--target", "params=40%", "--criterion", "lp", "--criterion-option", "p=1.5", "--seed", "11"
    };

    @TempDir
    private Path folder;

    private Path first;

    @BeforeEach
    void prune() {
        first = prune(new Launcher(folder), "first.onnx", FLAGS);
    }

    private Path prune(Launcher launcher, String name, String... flags) {
        Path output = folder.resolve(name);
        List<Object> arguments = new ArrayList<>(List.of("prune", MODEL, "--no-latency", "-o", output));
        arguments.addAll(List.of(flags));
        Result result = launcher.run(arguments.toArray());
        assertThat(result.exitCode()).as(result.err()).isZero();
        return output;
    }

    private static Path planOf(Path model) {
        return model.resolveSibling(model.getFileName() + ".plan.json");
    }

    @Test
    @DisplayName("The same flags give the same bytes under another locale, encoding and time zone")
    void sameBytes() {
        Launcher turkish = new Launcher(folder)
                .jvm(
                        "-Duser.language=tr",
                        "-Duser.country=TR",
                        "-Dfile.encoding=ISO-8859-1",
                        "-Duser.timezone=Asia/Kathmandu");
        Path second = prune(turkish, "second.onnx", FLAGS);

        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(planOf(second)).hasSameBinaryContentAs(planOf(first));
    }

    @Test
    @DisplayName("plan writes the plan that prune writes, and prune --plan replays it to the same bytes")
    void replay() throws IOException {
        Path plan = folder.resolve("my.plan.json");
        List<Object> arguments = new ArrayList<>(List.of("plan", MODEL, "-o", plan));
        arguments.addAll(List.of(FLAGS));

        Result planned = new Launcher(folder).run(arguments.toArray());
        Path replayed = prune(new Launcher(folder), "replayed.onnx", "--plan", plan.toString());

        assertThat(planned.exitCode()).as(planned.err()).isZero();
        assertThat(planned.out()).contains("Groups: ", "Barriers: ", "it is an output of the model");
        assertThat(plan).hasSameBinaryContentAs(planOf(first));
        assertThat(replayed).hasSameBinaryContentAs(first);
    }

    @Test
    @DisplayName("verify proves from files alone, and finds a file that was tampered with")
    void verify() throws IOException {
        Result sound = new Launcher(folder).run("verify", MODEL, planOf(first), first);
        Path tampered = Files.write(folder.resolve("tampered.onnx"), Tampering.largestWeightNegated(first));
        Result bad = new Launcher(folder).run("verify", MODEL, planOf(first), tampered, "--json");
        Result other = new Launcher(folder).run("verify", Launcher.example("fashion-vit.onnx"), planOf(first), first);

        assertThat(sound.exitCode()).as(sound.err()).isZero();
        assertThat(sound.out()).startsWith("proved");
        assertThat(bad.exitCode()).isEqualTo(3);
        assertThat(bad.out()).contains("\"outcome\" : \"failed\"");
        assertThat(other.exitCode()).as(other.out()).isEqualTo(1);
        assertThat(other.err()).contains("fashion-vit.onnx").doesNotContain("\tat ");
    }
}
