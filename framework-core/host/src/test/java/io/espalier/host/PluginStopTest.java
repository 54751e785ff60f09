package io.espalier.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PF4J 3.15.0 loses plug-ins while it stops them; the host does not. */
class PluginStopTest {

    private static final String STOPPED = "io.espalier.host.stopped";

    @TempDir
    Path root;

    private final List<String> stopped = new ArrayList<>();

    @BeforeEach
    void listen() {
        System.getProperties().put(STOPPED, stopped);
    }

    @AfterEach
    void forget() {
        System.getProperties().remove(STOPPED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void stopsAllTheLastFirst(int count) {
        IntStream.range(0, count).forEach(i -> stoppable("p" + i, "").jar(root.resolve("p" + i + ".jar")));
        Catalogue catalogue = PluginHost.load(List.of(root));
        assertThat(catalogue.plugins()).hasSize(count);

        catalogue.close();

        assertThat(stopped)
                .containsExactlyElementsOf(IntStream.range(0, count)
                        .mapToObj(i -> "p" + (count - 1 - i))
                        .toList());
        catalogue.close();
        assertThat(stopped).hasSize(count);
    }

    @Test
    void failureToStopLeavesNoOtherRunning() {
        stoppable("p0", "").jar(root.resolve("p0.jar"));
        stoppable("p1", "if (true) throw new IllegalStateException();").jar(root.resolve("p1.jar"));
        stoppable("p2", "if (true) throw new LinkageError();").jar(root.resolve("p2.jar"));
        stoppable("p3", "").jar(root.resolve("p3.jar"));

        PluginHost.load(List.of(root)).close();

        assertThat(stopped).containsExactly("p3", "p2", "p1", "p0");
    }

    private static TestingPlugin stoppable(String id, String then) {
        String main = """
                package %1$s;
                public class Main extends org.pf4j.Plugin {
                    @SuppressWarnings("unchecked")
                    public void stop() {
                        ((java.util.List<String>) System.getProperties().get("%2$s")).add("%1$s");
                        %3$s
                    }
                }
                """.formatted(id, STOPPED, then);
        return TestingPlugin.criterion(id, id + ".Criterion", id)
                .source(id + ".Main", main)
                .descriptor("Plugin-Class", id + ".Main");
    }
}
