package io.espalier.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** During every call into a plug-in its class loader is the context class loader, and afterwards the old one is. */
class ContextLoaderTest {

    private static final String ADAPTER = """
            package a;
            import io.espalier.spi.InvalidInputException;
            import io.espalier.spi.adapter.*;
            import io.espalier.spi.execution.*;
            import io.espalier.spi.graph.Graph;
            import io.espalier.spi.tensor.Tensor;
            import java.nio.file.Path;
            import java.util.*;
            public class Adapter implements FrameworkAdapter {
                static void check() {
                    if (Thread.currentThread().getContextClassLoader() != Adapter.class.getClassLoader()) {
                        throw new IllegalStateException("context class loader is "
                                + Thread.currentThread().getContextClassLoader());
                    }
                }
                public Adapter() { check(); }
                public String name() { check(); return "adapter"; }
                public String description() { check(); return "Checks."; }
                public boolean recognises(Path file, byte[] head) { check(); return true; }
                public Model open(Path file, AdapterContext context) {
                    check();
                    if (file.endsWith("broken")) { throw new InvalidInputException("broken as asked"); }
                    return new OneModel();
                }
                public String toString() { check(); return "the adapter itself"; }
            }
            class OneModel implements Model {
                public Graph graph() { Adapter.check(); return null; }
                public String digest() { Adapter.check(); return "digest"; }
                public long byteSize() { Adapter.check(); return 1; }
                public Map<String, String> metadata() { Adapter.check(); return Map.of(); }
                public Runner runner() { Adapter.check(); return new OneRunner(); }
                public void write(Path target, List<Edit> edits, Map<String, String> provenance) { Adapter.check(); }
                public void close() { Adapter.check(); }
            }
            class OneRunner implements Runner {
                public List<String> inputs() { Adapter.check(); return List.of("in"); }
                public List<String> outputs() { Adapter.check(); return List.of(); }
                public Map<String, Tensor> run(Map<String, Tensor> inputs) { Adapter.check(); return Map.of(); }
                public void close() { Adapter.check(); }
            }
            """;

    @TempDir
    Path root;

    private Catalogue catalogue;
    private FrameworkAdapter adapter;
    private ClassLoader before;

    @BeforeEach
    void load() {
        TestingPlugin.plugin("adapter")
                .source("a.Adapter", ADAPTER)
                .entry("META-INF/services/" + FrameworkAdapter.class.getName(), "a.Adapter\n")
                .jar(root.resolve("adapter.jar"));
        before = Thread.currentThread().getContextClassLoader();
        catalogue = PluginHost.load(List.of(root));
        assertThat(catalogue.quarantined()).isEmpty();
        adapter = catalogue.get(FrameworkAdapter.class, "adapter");
    }

    @AfterEach
    void close() {
        catalogue.close();
    }

    @Test
    void coversProvidersModelsAndRunners() {
        assertThat(adapter.recognises(root, new byte[0])).isTrue();
        try (Model model = adapter.open(root)) {
            assertThat(model.digest()).isEqualTo("digest");
            assertThat(model.graph()).isNull();
            try (Runner runner = model.runner()) {
                assertThat(runner.inputs()).containsExactly("in");
                assertThat(runner.run(Map.of())).isEmpty();
            }
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void coversOtherThreads() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            assertThat(executor.submit(() -> adapter.open(root).runner().outputs())
                            .get())
                    .isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void exceptionsArriveAsThrown() {
        assertThatThrownBy(() -> adapter.open(Path.of("broken")))
                .isExactlyInstanceOf(InvalidInputException.class)
                .hasMessage("broken as asked");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void identityIsThatOfTheExtension() {
        FrameworkAdapter again = catalogue.all(FrameworkAdapter.class).get(0);
        assertThat(adapter).isEqualTo(again).hasSameHashCodeAs(again).hasToString("the adapter itself");
        assertThat(adapter.equals(null)).isFalse();
        assertThat(adapter.open(root)).isNotEqualTo(adapter.open(root));
    }
}
