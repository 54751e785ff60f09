package io.espalier.host;

import static io.espalier.host.TestingPlugin.criterion;
import static io.espalier.host.TestingPlugin.criterionSource;
import static io.espalier.host.TestingPlugin.plugin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.criterion.ImportanceCriterion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be wrong with a plug-in: alone beside a sound one, and all in one folder. */
class BrokenPluginsTest {

    @TempDir
    Path root;

    /** A way to be broken: what is put into the folder, and what is said about it. */
    private record Broken(String file, UnaryOperator<Path> build, String reason) {}

    private static final List<Broken> BROKEN = broken();

    private static List<Broken> broken() {
        return List.of(
                new Broken("zero-byte.jar", file -> write(file, ""), "the file is empty (0 bytes)"),
                new Broken("text.jar", file -> write(file, "I am not a jar"), "the file is not a jar"),
                new Broken("text.zip", file -> write(file, "I am not a zip"), "the file is not a zip"),
                new Broken(
                        "no-id.jar", criterion("no-id", "b.NoId", "no-id").without("Plugin-Id")::jar, "no Plugin-Id"),
                new Broken(
                        "no-id.zip",
                        criterion("no-id-z", "b.NoIdZ", "no-id-z").without("Plugin-Id")::zip,
                        "no plug-in id"),
                new Broken(
                        "odd-properties.zip",
                        criterion("odd-properties", "b.Odd", "odd").descriptor("Plugin-Description", "\\u00zz")::zip,
                        "its descriptor cannot be read: "),
                new Broken(
                        "no-version.jar",
                        criterion("no-version", "b.NoVersion", "no-version").without("Plugin-Version")::jar,
                        "it has no version"),
                new Broken(
                        "odd-version.jar",
                        criterion("odd-version", "b.OddVersion", "odd-version").descriptor("Plugin-Version", "latest")
                                ::jar,
                        "its version 'latest' is not of the form 1.2.3"),
                new Broken(
                        "requires-future.jar",
                        criterion("requires-future", "b.Future", "future").descriptor("Plugin-Requires", ">=9.0.0")
                                ::jar,
                        "it requires SPI version >=9.0.0, this is " + SpiVersion.current()),
                new Broken(
                        "requires-bare-future.jar",
                        criterion("requires-bare-future", "b.BareFuture", "bare-future")
                                .descriptor("Plugin-Requires", "9.0.0")::jar,
                        "it requires SPI version 9.0.0"),
                new Broken(
                        "requires-nonsense.jar",
                        criterion("requires-nonsense", "b.Nonsense", "nonsense")
                                .descriptor("Plugin-Requires", "the best one")::jar,
                        "'the best one' is not a range of versions"),
                new Broken(
                        "missing-dependency.jar",
                        criterion("missing-dependency", "b.Dependent", "dependent")
                                .descriptor("Plugin-Dependencies", "nobody@>=1.0.0")::jar,
                        "it needs the plug-in 'nobody', which is missing or quarantined"),
                new Broken(
                        "circle.jar",
                        criterion("circle", "b.Circle", "circle").descriptor("Plugin-Dependencies", "circle")::jar,
                        "lead back to itself"),
                new Broken(
                        "no-services.jar",
                        plugin("no-services").source("b.Unnamed", criterionSource("b.Unnamed", "unnamed", ""))::jar,
                        "no provider declared"),
                new Broken(
                        "missing-class.jar",
                        plugin("missing-class").service("b.DoesNotExist")::jar,
                        "names the class b.DoesNotExist, which the plug-in does not contain"),
                new Broken(
                        "not-a-criterion.jar",
                        plugin("not-a-criterion")
                                .source("b.Other", "package b; public class Other {}")
                                .service("b.Other")::jar,
                        "b.Other does not implement io.espalier.spi.criterion.ImportanceCriterion"),
                new Broken(
                        "newer-java.jar",
                        criterion("newer-java", "b.Newer", "newer").classVersion("b.Newer", 44 + 99)::jar,
                        "b.Newer needs Java 99, this is Java "
                                + Runtime.version().feature()),
                new Broken(
                        "static-initialiser.jar",
                        withMembers("static-initialiser", "b.Static", "static int x = Integer.parseInt(\"x\");")::jar,
                        "the static initialiser of b.Static fails: java.lang.NumberFormatException"),
                new Broken(
                        "static-error.jar",
                        withMembers(
                                "static-error",
                                "b.StaticError",
                                "static { if (true) throw new AssertionError(\"no\"); }")::jar,
                        "b.StaticError cannot be used: java.lang.AssertionError: no"),
                new Broken(
                        "constructor.jar",
                        withMembers(
                                "constructor",
                                "b.Constructor",
                                "public Constructor() { throw new IllegalStateException(\"no licence\"); }")::jar,
                        "the constructor of b.Constructor fails: java.lang.IllegalStateException: no licence"),
                new Broken(
                        "constructor-arguments.jar",
                        withMembers("constructor-arguments", "b.Arguments", "public Arguments(int x) {}")::jar,
                        "b.Arguments has no public constructor without arguments"),
                new Broken(
                        "not-public.jar",
                        plugin("not-public")
                                .source(
                                        "b.Hidden",
                                        criterionSource("b.Hidden", "hidden", "")
                                                .replace("public class", "class"))
                                .service("b.Hidden")::jar,
                        "b.Hidden is not public"),
                new Broken(
                        "abstract.jar",
                        plugin("abstract")
                                .source(
                                        "b.Abstract",
                                        criterionSource("b.Abstract", "abstract", "")
                                                .replace("public class", "public abstract class"))
                                .service("b.Abstract")::jar,
                        "b.Abstract is abstract"),
                new Broken(
                        "old-criterion.jar",
                        plugin("old-criterion")
                                .sources(Map.of(
                                        "io.espalier.spi.criterion.ImportanceCriterion", """
                                        package io.espalier.spi.criterion;
                                        public interface ImportanceCriterion extends io.espalier.spi.provider.Provider {
                                            double[] score(ParameterAxis axis, io.espalier.spi.option.Options options,
                                                    io.espalier.spi.RunContext context);
                                        }""", "b.OldCriterion", """
                                        package b;
                                        public class OldCriterion implements io.espalier.spi.criterion.ImportanceCriterion {
                                            public String name() { return "old"; }
                                            public String description() { return "Old."; }
                                            public double[] score(io.espalier.spi.criterion.ParameterAxis axis,
                                                    io.espalier.spi.option.Options options,
                                                    io.espalier.spi.RunContext context) { return null; }
                                        }"""))
                                .withoutClass("io.espalier.spi.criterion.ImportanceCriterion")
                                .service("b.OldCriterion")::jar,
                        "b.OldCriterion was built for another version of the SPI: "),
                new Broken(
                        "old-allocator.jar",
                        plugin("old-allocator")
                                .sources(Map.of(
                                        "io.espalier.spi.allocator.SparsityAllocator", """
                                        package io.espalier.spi.allocator;
                                        public interface SparsityAllocator extends io.espalier.spi.provider.Provider {
                                            java.util.List<String> pools(java.util.List<ScoredGroup> groups);
                                        }""", "b.OldAllocator", """
                                        package b;
                                        import java.util.List;
                                        import io.espalier.spi.allocator.*;
                                        public class OldAllocator implements SparsityAllocator {
                                            public String name() { return "old"; }
                                            public String description() { return "Old."; }
                                            public List<String> pools(List<ScoredGroup> groups) { return null; }
                                        }"""))
                                .withoutClass("io.espalier.spi.allocator.SparsityAllocator")
                                .entry(
                                        "META-INF/services/io.espalier.spi.allocator.SparsityAllocator",
                                        "b.OldAllocator")::jar,
                        "b.OldAllocator was built for another version of the SPI: it lacks"
                                + " SparsityAllocator.allocate(List, Options, RunContext)"),
                new Broken(
                        "missing-library.jar",
                        plugin("missing-library")
                                .sources(Map.of(
                                        "b.User",
                                        criterionSource("b.User", "user", "Object x = new b.Library();"),
                                        "b.Library",
                                        "package b; public class Library {}"))
                                .withoutClass("b.Library")
                                .service("b.User")::jar,
                        "b.User needs the class b.Library, which the plug-in does not bring"),
                new Broken(
                        "looks-into-host.jar",
                        withMembers("looks-into-host", "b.Snoop", "Object x = io.espalier.host.Catalogue.of();")::jar,
                        "b.Snoop needs the class io.espalier.host.Catalogue, which the plug-in does not bring"),
                new Broken(
                        "odd-name.jar",
                        criterion("odd-name", "b.OddName", "Odd_Name")::jar,
                        "its name 'Odd_Name' is not kebab-case"),
                new Broken(
                        "name-throws.jar",
                        plugin("name-throws")
                                .source(
                                        "b.NameThrows",
                                        criterionSource("b.NameThrows", "x", "")
                                                .replace(
                                                        "return \"x\"",
                                                        "throw new IllegalStateException(\"who am I\")"))
                                .service("b.NameThrows")::jar,
                        "b.NameThrows cannot be used: java.lang.IllegalStateException: who am I"),
                new Broken(
                        "plugin-class.jar",
                        criterion("plugin-class", "b.Fine", "fine")
                                .source(
                                        "b.Main",
                                        "package b; public class Main extends org.pf4j.Plugin { public void start() { throw new IllegalStateException(\"cold\"); } }")
                                .descriptor("Plugin-Class", "b.Main")::jar,
                        "its Plugin-Class does not start: java.lang.IllegalStateException: cold"),
                new Broken(
                        "zz-taken-id.jar",
                        criterion("good", "b.TakenId", "taken-id")::jar,
                        "the plug-in id 'good' is taken by "),
                new Broken(
                        "zz-taken-name.jar",
                        criterion("zz-taken-name", "b.TakenName", "good")::jar,
                        "the criterion 'good' of plug-in 'zz-taken-name' has a name that is taken by plug-in 'good'"));
    }

    @TestFactory
    Stream<DynamicTest> oneBrokenPluginBesideASoundOne() {
        return BROKEN.stream()
                .map(broken -> DynamicTest.dynamicTest(broken.file(), () -> {
                    Path folder = Files.createDirectory(root.resolve("beside-" + broken.file()));
                    criterion("good", "good.Good", "good").jar(folder.resolve("good.jar"));
                    Path path = broken.build().apply(folder.resolve(broken.file()));
                    try (Catalogue catalogue = PluginHost.load(List.of(folder))) {
                        assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("good");
                        assertThat(catalogue.plugins())
                                .extracting(PluginInfo::id)
                                .containsExactly("good");
                        assertThat(catalogue.quarantined()).singleElement().satisfies(one -> {
                            assertThat(one.path()).isEqualTo(path);
                            assertThat(one.reason()).contains(broken.reason());
                            assertThat(one.advice()).isNotBlank();
                        });
                    }
                }));
    }

    @Test
    void allBrokenPluginsInOneFolder() {
        criterion("good", "good.Good", "good").jar(root.resolve("good.jar"));
        BROKEN.forEach(broken -> broken.build().apply(root.resolve(broken.file())));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("good");
            for (Broken broken : BROKEN) {
                assertThat(catalogue.quarantined())
                        .filteredOn(one -> one.path().equals(root.resolve(broken.file())))
                        .singleElement()
                        .satisfies(one -> assertThat(one.reason()).contains(broken.reason()));
            }
            assertThat(Doctor.examine(catalogue))
                    .filteredOn(finding -> finding.level() == Finding.Level.QUARANTINED)
                    .hasSize(BROKEN.size())
                    .allSatisfy(finding -> assertThat(finding.advice()).isNotBlank());
        }
    }

    @Test
    void oldPluginsAreToldWhatToChange() {
        BROKEN.stream()
                .filter(broken -> broken.file().startsWith("old-"))
                .forEach(broken -> broken.build().apply(root.resolve(broken.file())));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(Doctor.examine(catalogue))
                    .extracting(Finding::advice)
                    .containsExactlyInAnyOrder(
                            "implement io.espalier.spi.criterion.SliceCriterion or"
                                    + " io.espalier.spi.criterion.ChannelCriterion and build against espalier-spi "
                                    + SpiVersion.current() + "; docs/spi-changes.md shows each change",
                            "implement it and build against espalier-spi " + SpiVersion.current()
                                    + "; docs/spi-changes.md shows each change");
        }
    }

    @Test
    void brokenExtensionLeavesTheOthersOfItsPluginUsable() {
        criterion("half", "h.Sound", "sound")
                .source(
                        "h.Unsound",
                        criterionSource("h.Unsound", "unsound", "int x = 1 / (getClass() == null ? 1 : 0);"))
                .service("h.Unsound", "h.Sound # the good one")
                .jar(root.resolve("half.jar"));

        try (Catalogue catalogue = PluginHost.load(List.of(root))) {
            assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("sound");
            assertThat(catalogue.plugins())
                    .singleElement()
                    .satisfies(plugin -> assertThat(plugin.state()).isEqualTo(PluginInfo.State.PARTLY_ACTIVE));
            assertThat(catalogue.quarantined()).singleElement().satisfies(one -> {
                assertThat(one.provider()).contains("h.Unsound");
                assertThat(one.subject()).isEqualTo("h.Unsound of plug-in 'half'");
                assertThat(one.reason()).contains("/ by zero");
            });
        }
    }

    @Test
    void errorsOfTheVirtualMachineAreNotAPluginsFault() {
        withMembers("vm", "v.Vm", "public Vm() { throw new InternalError(\"out of order\"); }")
                .jar(root.resolve("vm.jar"));
        assertThatThrownBy(() -> PluginHost.load(List.of(root)))
                .isExactlyInstanceOf(InternalError.class)
                .hasMessage("out of order");
    }

    private static TestingPlugin withMembers(String id, String className, String members) {
        return plugin(id)
                .source(className, criterionSource(className, id, members))
                .service(className);
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
