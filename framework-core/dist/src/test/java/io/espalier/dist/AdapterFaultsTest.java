package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.PluginJarBuilder;
import io.espalier.testkit.contract.AdapterContract;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The contract of adapters sees what it is for: the toy adapter with one fault fails the test that asks about it. */
class AdapterFaultsTest {

    private static final List<String> CLASSES = List.of("ToyAdapter", "ToyModel", "ToyRunner");

    private static FrameworkAdapter faulty;

    @TempDir
    private Path folder;

    static Stream<Arguments> faults() {
        String head = "new String(head, StandardCharsets.UTF_8).startsWith(\"toy\\n\")";
        String caught =
                "IOException | IllegalArgumentException e) {\n            throw new InvalidInputException(\"'\"";
        String anyCaught = "IOException e) {\n            throw new InvalidInputException(\"'\"";
        String open = "return ToyModel.parse(";
        return Stream.of(
                arguments("recognisesItsFiles", head, "file.toString().endsWith(\".toy\")"),
                arguments("recognisesNothingElse", head, "head.length > 0"),
                arguments("liftParity", "y[i] = bias[column];", "y[i] = 0;"),
                arguments("writesWithoutEdits", "\" \" + (float) value", "\" \" + Math.round(value)"),
                arguments("edits", "old, keep.axis(), keep.indices()", "old, keep.axis(), new int[] {0, 1, 2, 3}"),
                arguments("setsConstants", "constants.put(set.constant(), set.value())", "set.value()"),
                arguments("provenance", "edited.metadata.putAll(provenance)", "edited.metadata.clear()"),
                arguments("writesOverTheOpenFile", "new LinkedHashMap<>(constants)", "constants"),
                arguments("unwritablePlaces", "Files.deleteIfExists(pending)", "pending.getParent()"),
                arguments("writesReproducibly", "edited.text()", "edited.text() + System.nanoTime()"),
                arguments("digests", ".digest(bytes)", ".digest(new byte[0])"),
                arguments(
                        "leavesNothingBehind",
                        open,
                        "Files.createTempFile(\"toy\", \"\").toFile().deleteOnExit();" + open),
                arguments("opensInSeveralThreads", "\"weight\" + layer", "Thread.currentThread().getName() + layer"),
                arguments("refusesWhatIsNoFile", "\"'\" + file + \"' cannot be", "\"it cannot be"),
                arguments("truncatedFiles", caught, anyCaught),
                arguments("flippedBytes", caught, anyCaught),
                arguments("noise", caught, anyCaught));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    @DisplayName("A fault fails the test that asks about it")
    void aFaultIsFound(String test, String sound, String fault) throws IOException {
        try (URLClassLoader plugin = build(sound, fault)) {
            faulty = ServiceLoader.load(FrameworkAdapter.class, plugin).stream()
                    .filter(found -> found.type().getClassLoader() == plugin)
                    .map(ServiceLoader.Provider::get)
                    .findFirst()
                    .orElseThrow();
            SummaryGeneratingListener summary = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectMethod(FaultyAdapter.class, test))
                                    .build(),
                            summary);

            assertThat(summary.getSummary().getTestsFoundCount()).isPositive();
            assertThat(summary.getSummary().getTotalFailureCount()).isPositive();
        }
    }

    /** The toy adapter with one piece of its code replaced wherever it occurs. */
    private URLClassLoader build(String sound, String fault) throws IOException {
        PluginJarBuilder builder =
                PluginJarBuilder.plugin("adapter-toy").service(FrameworkAdapter.class, "com.example.ToyAdapter");
        boolean replaced = false;
        for (String name : CLASSES) {
            String code = Files.readString(
                    Launcher.example("adapter-plugin/src/main/java/com/example").resolve(name + ".java"));
            replaced |= code.contains(sound);
            builder.source("com.example." + name, code.replace(sound, fault));
        }
        assertThat(replaced).as("code to replace: %s", sound).isTrue();
        URL jar = builder.build(folder.resolve("toy.jar")).toUri().toURL();
        return new URLClassLoader(new URL[] {jar}, FrameworkAdapter.class.getClassLoader());
    }

    /** Not found by the build, as its name does not end in Test. */
    static final class FaultyAdapter extends AdapterContract {

        @Override
        protected FrameworkAdapter adapter() {
            return faulty;
        }

        @Override
        protected List<Path> models(Path target) throws IOException {
            return List.of(Files.copy(Launcher.example("adapter-plugin/small.toy"), target.resolve("small.toy")));
        }

        @Override
        protected List<Edit> edits(Path file, Graph graph) {
            return ToyAdapterTest.CUT;
        }
    }
}
