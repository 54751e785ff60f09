package io.espalier.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds the plug-in that the documentation shows and puts it through the contract of criteria. */
class ExamplePluginTest extends ValueCriterionContract {

    private static final Path PROJECT = Path.of("../../docs/examples/criterion-plugin");

    private static URLClassLoader plugin;

    @BeforeAll
    static void build(@TempDir Path folder) throws IOException {
        Path jar = PluginJarBuilder.project("criterion-linf", PROJECT).build(folder.resolve("linf.jar"));
        plugin = new URLClassLoader(new URL[] {jar.toUri().toURL()}, SliceCriterion.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        plugin.close();
    }

    @Override
    protected SliceCriterion criterion() {
        return (SliceCriterion) ServiceLoader.load(ImportanceCriterion.class, plugin).stream()
                .map(ServiceLoader.Provider::get)
                .filter(criterion -> criterion.name().equals("linf"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(1);
    }

    @Test
    void scoresBySupremumNorm() {
        assertThat(score(TestingParameterAxis.rows(new float[] {1, -3}, new float[] {0, 0.5f})))
                .containsExactly(3, 0.5);
    }

    @Test
    void isShortEnoughToBeShownWhole() {
        Path source = PROJECT.resolve("src/main/java/com/example/LinfCriterion.java");
        try {
            assertThat(Files.readAllLines(source)).hasSizeLessThanOrEqualTo(25);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
