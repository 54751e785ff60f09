package io.espalier.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFormsTest {

    @TempDir
    Path root;

    @Test
    void jarWithManifestAsOurOwnPluginsHaveIt() {
        Path jar = TestingPlugin.criterion("espalier-criterion-one", "one.One", "one")
                .descriptor("Plugin-Provider", "Espalier")
                .descriptor("Plugin-License", "Apache-2.0")
                .descriptor("Plugin-Description", "Importance of one")
                .jar(root.resolve("espalier-criterion-one-0.1.0-SNAPSHOT.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("one");
            assertThat(catalogue.plugins())
                    .containsExactly(new PluginInfo(
                            "espalier-criterion-one",
                            "0.1.0-SNAPSHOT",
                            TestingPlugin.RANGE,
                            "Importance of one",
                            PluginInfo.State.ACTIVE,
                            jar,
                            List.of(new ProviderInfo("criterion", "one", "All ones."))));
            assertThat(Doctor.examine(catalogue))
                    .containsExactly(new Finding(
                            Finding.Level.OK,
                            "plug-in 'espalier-criterion-one'",
                            "version 0.1.0-SNAPSHOT offers criterion one",
                            ""));
        }
    }

    @Test
    void folderWithLibraries() throws IOException {
        Path folder = TestingPlugin.plugin("folder")
                .sources(Map.of(
                        "f.InFolder",
                        TestingPlugin.criterionSource("f.InFolder", "in-folder", "int x = lib.Library.ANSWER();"),
                        "lib.Library",
                        "package lib; public class Library { public static int ANSWER() { return 42; } }"))
                .withoutClass("lib.Library")
                .service("f.InFolder")
                .folder(root.resolve("folder"), "classes");
        TestingPlugin.bare()
                .source(
                        "lib.Library",
                        "package lib; public class Library { public static int ANSWER() { return 42; } }")
                .jar(Files.createDirectory(folder.resolve("lib")).resolve("library.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            assertThat(catalogue.get(ImportanceCriterion.class, "in-folder").name())
                    .isEqualTo("in-folder");
        }
    }

    @Test
    void librariesStayClosedUntilTheyAreNeeded() throws IOException {
        String library = "package lib; public class Library { public static int answer() { return 42; } }";
        Path folder = TestingPlugin.plugin("lazy")
                .sources(Map.of("f.Lazy", TestingPlugin.criterionSource("f.Lazy", "lazy", """
                                public boolean scores(ParameterRole role) { return lib.Library.answer() == 42; }"""), "lib.Library", library))
                .withoutClass("lib.Library")
                .service("f.Lazy")
                .folder(root.resolve("lazy"), "classes");
        Path jar = Files.createDirectory(folder.resolve("lib")).resolve("library.jar");
        Files.writeString(jar, "a class loader that opens this now passes over it for ever");

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            SliceCriterion criterion = (SliceCriterion) catalogue.get(ImportanceCriterion.class, "lazy");
            TestingPlugin.bare().source("lib.Library", library).jar(jar);
            assertThat(criterion.scores(ParameterRole.PRODUCER)).isTrue();
        }
    }

    @Test
    void zipIsExpandedOnceForEachContent() throws IOException {
        Path zip = root.resolve("zipped.zip");
        TestingPlugin.criterion("zipped", "z.Zipped", "old").zip(zip);
        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.quarantined()).isEmpty();
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("old");
            assertThat(catalogue.plugins().get(0).path()).isEqualTo(zip);
        }
        PluginHost.load(List.of(root)).close();
        assertThat(list(root.resolve(".expanded"))).hasSize(1);

        TestingPlugin.criterion("zipped", "z.Zipped", "new").zip(zip);
        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("new");
        }
    }

    @Test
    void whereNothingCanBeWrittenJarsAndFoldersWorkAndZipsSayWhy() throws IOException {
        TestingPlugin.criterion("jar", "j.J", "in-jar").jar(root.resolve("a.jar"));
        TestingPlugin.criterion("folder", "f.F", "in-folder").folder(root.resolve("b"), "classes");
        TestingPlugin.criterion("zipped", "z.Z", "in-zip").zip(root.resolve("c.zip"));
        // Tests may run as root, whom permissions do not stop; a file in the way does.
        Files.writeString(root.resolve(".expanded"), "in the way");

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("in-folder", "in-jar");
            assertThat(catalogue.quarantined()).singleElement().satisfies(one -> {
                assertThat(one.path()).isEqualTo(root.resolve("c.zip"));
                assertThat(one.reason()).contains("cannot be expanded");
                assertThat(one.advice()).contains("unpack");
            });
        }
    }

    @Test
    void sourceFolderInDevelopment() throws IOException {
        TestingPlugin.criterion("dev", "d.Dev", "in-development").folder(root.resolve("dev"), "target/classes");
        Files.createDirectories(root.resolve("not-compiled"));
        Files.writeString(root.resolve("not-compiled/plugin.properties"), "plugin.id=n\nplugin.version=1.0.0\n");
        Files.createDirectories(root.resolve("docs"));

        try (Catalogue catalogue = PluginHost.load(List.of(), List.of(root))) {
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("in-development");
            assertThat(catalogue.quarantined())
                    .singleElement()
                    .satisfies(one -> assertThat(one.reason()).contains("not compiled"));
            assertThat(Doctor.examine(catalogue))
                    .filteredOn(finding -> finding.level() == Finding.Level.WARNING)
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.subject()).endsWith("docs"));
        }
    }

    @Test
    void foldersThatAreNotThereCountAsEmpty() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "x");
        try (Catalogue catalogue = PluginHost.load(List.of(root.resolve("nowhere"), file))) {
            assertThat(catalogue.plugins()).isEmpty();
            assertThat(Doctor.examine(catalogue))
                    .extracting(Finding::message)
                    .containsExactly("does not exist", "is not a folder");
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
