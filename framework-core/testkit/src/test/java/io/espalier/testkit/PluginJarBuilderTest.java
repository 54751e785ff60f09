package io.espalier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.allocator.SparsityAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginJarBuilderTest {

    @TempDir
    Path folder;

    @Test
    void jarHoldsClassesServicesEntriesAndManifest() throws IOException {
        Path jar = PluginJarBuilder.plugin("demo")
                .source("demo.Outer", "package demo; public class Outer { static class Inner {} }")
                .service(SparsityAllocator.class, "demo.Outer")
                .entry("data.txt", new byte[] {1, 2})
                .manifest("Plugin-Version", "2.1.0")
                .withoutManifest("Plugin-Provider")
                .build(folder.resolve("demo.jar"));
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.stream().map(Object::toString))
                    .containsExactly(
                            "META-INF/MANIFEST.MF",
                            "META-INF/services/" + SparsityAllocator.class.getName(),
                            "data.txt",
                            "demo/Outer$Inner.class",
                            "demo/Outer.class");
            Attributes manifest = file.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Plugin-Id")).isEqualTo("demo");
            assertThat(manifest.getValue("Plugin-Version")).isEqualTo("2.1.0");
            assertThat(manifest.getValue("Plugin-Requires")).isEqualTo(">=0.2.0 & <1.0.0");
            assertThat(manifest.getValue("Plugin-Provider")).isNull();
            byte[] classFile =
                    file.getInputStream(file.getEntry("demo/Outer.class")).readAllBytes();
            assertThat(classFile[7]).as("class file version of Java 17").isEqualTo((byte) 61);
        }
    }

    @Test
    void twoBuildsAreEqualByteForByte() throws IOException {
        PluginJarBuilder builder = PluginJarBuilder.plugin("demo").source("Demo", "class Demo {}");
        byte[] first = Files.readAllBytes(builder.build(folder.resolve("first.jar")));
        assertThat(Files.readAllBytes(builder.build(folder.resolve("second.jar"))))
                .isEqualTo(first);
    }

    @Test
    void entriesGoBeforeCompiledClasses() throws IOException {
        byte[] odd = "no class".getBytes(StandardCharsets.UTF_8);
        Path jar = PluginJarBuilder.plugin("demo")
                .source("Demo", "class Demo {}")
                .entry("Demo.class", odd)
                .build(folder.resolve("demo.jar"));
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.getInputStream(file.getEntry("Demo.class")).readAllBytes())
                    .isEqualTo(odd);
        }
    }

    @Test
    void sourcesThatDoNotCompileAreNamed() {
        PluginJarBuilder builder =
                PluginJarBuilder.plugin("demo").source("demo.Broken", "package demo; class Broken {");
        assertThatThrownBy(() -> builder.build(folder.resolve("broken.jar")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Broken.java:1");
        assertThat(folder.resolve("broken.jar")).doesNotExist();
    }
}
