package io.espalier.host;

import static io.espalier.host.TestingPlugin.criterion;
import static io.espalier.host.TestingPlugin.criterionSource;
import static io.espalier.host.TestingPlugin.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.Stability;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plug-ins share with the host and with each other, and who goes first. */
class PluginRulesTest {

    @TempDir
    Path root;

    @Test
    void pluginThatCarriesTheSpiWorksAndIsToldSo() {
        criterion("carries-spi", "c.Carries", "carries-spi")
                .bundle(
                        ImportanceCriterion.class,
                        Provider.class,
                        Stability.class,
                        ParameterAxis.class,
                        ParameterRole.class)
                .jar(root.resolve("carries-spi.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("carries-spi");
            assertThat(Doctor.examine(catalogue)).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Finding.Level.WARNING);
                assertThat(finding.message()).contains("io.espalier.spi");
                assertThat(finding.advice()).contains("provided");
            });
        }
    }

    @Test
    void pluginThatCarriesAnOlderSpiGetsThatOfTheHost() {
        criterion("older-spi", "o.Older", "older-spi")
                .source(
                        ImportanceCriterion.class.getName(),
                        "package io.espalier.spi.criterion; public interface ImportanceCriterion { String title(); }")
                .jar(root.resolve("older-spi.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            assertThat(catalogue.get(ImportanceCriterion.class, "older-spi").options())
                    .isEmpty();
        }
    }

    @Test
    void libraryForOtherPluginsNeedsNoProvider() {
        plugin("library")
                .descriptor("Plugin-Version", "1.2.0")
                .source("l.Library", "package l; public class Library { public static int ANSWER() { return 42; } }")
                .jar(root.resolve("z-library.jar"));
        plugin("user")
                .sources(Map.of(
                        "u.User",
                        criterionSource("u.User", "user", "int x = l.Library.ANSWER();"),
                        "l.Library",
                        "package l; public class Library { public static int ANSWER() { return 42; } }"))
                .withoutClass("l.Library")
                .service("u.User")
                .descriptor("Plugin-Dependencies", "library@>=1.0.0 & <2.0.0")
                .jar(root.resolve("a-user.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            assertThat(catalogue.plugins()).extracting(PluginInfo::id).containsExactly("user", "library");
        }
    }

    @Test
    void whatNeedsAQuarantinedPluginIsQuarantinedToo() {
        criterion("base", "b.Base", "base")
                .descriptor("Plugin-Requires", ">=9.0.0")
                .jar(root.resolve("base.jar"));
        criterion("middle", "m.Middle", "middle")
                .descriptor("Plugin-Dependencies", "base")
                .jar(root.resolve("middle.jar"));
        criterion("top", "t.Top", "top")
                .descriptor("Plugin-Dependencies", "middle")
                .jar(root.resolve("top.jar"));
        criterion("optional", "t.Optional", "optional")
                .descriptor("Plugin-Dependencies", "base?")
                .jar(root.resolve("optional.jar"));
        criterion("old", "t.Old", "old")
                .descriptor("Plugin-Dependencies", "optional@>=2.0.0")
                .jar(root.resolve("old.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("optional");
            assertThat(catalogue.quarantined())
                    .extracting(Quarantined::plugin)
                    .extracting(Optional::orElseThrow)
                    .containsExactlyInAnyOrder("base", "middle", "top", "old");
        }
    }

    @Test
    void firstRootHasPrecedence() throws IOException {
        Path shipped = Files.createDirectory(root.resolve("z-shipped"));
        Path dropped = Files.createDirectory(root.resolve("a-dropped"));
        criterion("shipped", "s.Shipped", "l1").jar(shipped.resolve("z.jar"));
        criterion("dropped", "d.Dropped", "l1").jar(dropped.resolve("a.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(shipped, dropped))) {
            assertThat(catalogue.plugins()).extracting(PluginInfo::id).containsExactly("shipped");
            assertThat(catalogue.quarantined())
                    .singleElement()
                    .satisfies(one ->
                            assertThat(one.reason()).contains("'dropped'").contains("'shipped'"));
        }
    }

    @Test
    void doctorAsksForAFloorAndACeiling() throws IOException {
        criterion("floorless", "f.Floorless", "floorless")
                .without("Plugin-Requires")
                .jar(root.resolve("a.jar"));
        criterion("ceilingless", "f.Ceilingless", "ceilingless")
                .descriptor("Plugin-Requires", ">=0.2.0")
                .jar(root.resolve("b.jar"));
        criterion("bare", "f.Bare", "bare")
                .descriptor("Plugin-Requires", "0.2.0")
                .jar(root.resolve("c.jar"));
        criterion("tilde", "f.Tilde", "tilde")
                .descriptor("Plugin-Requires", "~0.2.0")
                .jar(root.resolve("d.jar"));
        TestingPlugin.criterion("readme", "f.Readme", "readme").jar(root.resolve("e.jar"));
        Files.writeString(root.resolve("README.txt"), "plug-ins");

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            assertThat(Doctor.examine(catalogue))
                    .extracting(Finding::level)
                    .containsExactly(
                            Finding.Level.WARNING,
                            Finding.Level.WARNING,
                            Finding.Level.WARNING,
                            Finding.Level.OK,
                            Finding.Level.OK,
                            Finding.Level.WARNING);
            assertThat(Doctor.examine(catalogue).get(5).subject()).endsWith("README.txt");
        }
    }
}
