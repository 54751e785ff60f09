package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import io.espalier.testkit.PluginJarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A criterion written outside of Espalier is dropped into a folder, listed and used, without building anything else. */
class PluginDropTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The criterion of the README is listed, used, and named in the plan")
    void exampleCriterion() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("my-plugins"));
        TestingProject.make(folder, "criterion", "linf").jar(plugins);
        Launcher launcher = new Launcher(folder);
        Path model = Launcher.example("fashion-resnet20.onnx");
        Path output = folder.resolve("pruned.onnx");

        Result without = launcher.run("prune", model, "--target", "macs=50%", "--criterion", "linf", "-o", output);
        Result list = launcher.run("plugins", "list", "--plugins", plugins);
        Result prune = launcher.run(
                "prune",
                model,
                "--target",
                "macs=50%",
                "--criterion",
                "linf",
                "--no-latency",
                "-o",
                output,
                "--plugins",
                plugins);

        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err())
                .contains(
                        "no criterion 'linf'",
                        "available: apoz, bn-scale, channel-lasso, chip, cosine, crop, dcp, fisher, flap, fpgm, gate, grasp, hrank, jacobian, l1, l2, lamp, lp, mean-activation, nisp, obd, obd-kronecker, obs, precrop, random, snap, snip, synflow, taylor, thinet, wanda-sp");
        assertThat(list.out()).contains("linf").contains("[criterion-linf]");
        assertThat(prune.exitCode()).as(prune.err()).isZero();
        assertThat(Files.readString(folder.resolve("pruned.onnx.plan.json"))).contains("\"criterion\" : \"linf\"");
    }

    @Test
    @DisplayName("A criterion that fails is named as a plug-in problem, without a stack trace")
    void failingCriterion() throws Exception {
        PluginJarBuilder.plugin("failing")
                .source("example.Failing", """
                        package example;
                        public final class Failing implements io.espalier.spi.criterion.SliceCriterion {
                            public String name() { return "failing"; }
                            public String description() { return "Fails."; }
                            public double[] score(
                                    io.espalier.spi.criterion.ParameterAxis axis,
                                    io.espalier.spi.criterion.ScoringContext context) {
                                throw new IllegalStateException("on purpose");
                            }
                        }
                        """)
                .service(io.espalier.spi.criterion.ImportanceCriterion.class, "example.Failing")
                .build(folder.resolve("failing.jar"));

        Result result = new Launcher(folder)
                .run(
                        "prune",
                        Launcher.example("fashion-resnet20.onnx"),
                        "--target",
                        "macs=50%",
                        "--criterion",
                        "failing",
                        "-o",
                        "out.onnx",
                        "--plugins",
                        folder);

        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .contains("criterion 'failing' of the plug-in 'failing' breaks its contract", "on purpose")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("out.onnx")).doesNotExist();
    }
}
