package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * No class reaches itself through other classes of its package. Nested classes count as their outermost class. The classes that still do
 * are listed in {@code class-cycles.txt}: a class that joins a cycle fails this test, and so does a listed class that has left its cycle.
 */
class ClassCyclesTest {

    private static final String LIST = "/class-cycles.txt";
    private static final Set<String> GENERATED = Set.of("io.espalier.adapter.onnx.proto", "io.espalier.events.v1");

    @Test
    @DisplayName("Classes of a package form no cycles but those of a list that only gets shorter")
    void noNewCycles() throws IOException {
        Set<String> listed = listed();
        Set<String> found = classesInCycles(dependenciesWithinPackages());

        assertThat(difference(found, listed))
                .as("classes that now depend on each other in a cycle: break the cycle")
                .isEmpty();
        assertThat(difference(listed, found))
                .as("classes that no longer form a cycle: remove them from class-cycles.txt")
                .isEmpty();
    }

    @Test
    @DisplayName("Cycles are found, and what merely leads to one is not part of it")
    void cyclesAreFound() {
        Map<String, Set<String>> dependencies =
                Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"), "d", Set.of());

        assertThat(classesInCycles(dependencies)).containsExactly("b", "c");
    }

    @Test
    @DisplayName("Dependencies within packages were read")
    void dependenciesWereRead() {
        assertThat(dependenciesWithinPackages().get("io.espalier.spi.graph.Graph"))
                .contains("io.espalier.spi.graph.Node");
    }

    private static Map<String, Set<String>> dependenciesWithinPackages() {
        Map<String, Set<String>> dependencies = new TreeMap<>();
        for (JavaClass type : OurClasses.ALL) {
            if (GENERATED.contains(type.getPackageName())) {
                continue;
            }
            Set<String> targets = dependencies.computeIfAbsent(outermost(type), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .filter(target -> target.getPackageName().equals(type.getPackageName()))
                    .map(target -> outermost(target.getBaseComponentType()))
                    .filter(target -> !target.equals(outermost(type)))
                    .forEach(targets::add);
        }
        return dependencies;
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    private static Set<String> classesInCycles(Map<String, Set<String>> dependencies) {
        return dependencies.keySet().stream()
                .filter(type -> reachedFrom(type, dependencies).contains(type))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> reachedFrom(String type, Map<String, Set<String>> dependencies) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of(type));
        while (!open.isEmpty()) {
            for (String target : dependencies.getOrDefault(open.pop(), Set.of())) {
                if (reached.add(target)) {
                    open.push(target);
                }
            }
        }
        return reached;
    }

    private static String difference(Set<String> of, Set<String> without) {
        return of.stream().filter(name -> !without.contains(name)).collect(Collectors.joining("\n"));
    }

    private static Set<String> listed() throws IOException {
        try (InputStream list = ClassCyclesTest.class.getResourceAsStream(LIST)) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
