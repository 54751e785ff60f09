package io.espalier.dist;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The doors between the rooms: who may see whom. */
class ArchitectureTest {

    private static final JavaClasses ALL = OurClasses.ALL;

    /** Each room and the rooms it may see. */
    private static final Map<String, List<String>> DOORS = Map.ofEntries(
            entry("spi", List.of()),
            entry("events", List.of()),
            entry("testkit", List.of("spi")),
            entry("host", List.of("spi", "events")),
            entry("graph", List.of("spi")),
            entry("engine", List.of("spi", "events", "graph")),
            entry("training", List.of("spi", "events", "graph", "engine")),
            entry("kafka", List.of("events")),
            entry("metrics", List.of("events")),
            entry("monitor", List.of("events")),
            entry("api", List.of("spi", "events", "graph", "engine", "training", "host")),
            entry("report", List.of("events", "monitor")),
            entry("cli", List.of("spi", "events", "api", "kafka", "metrics", "monitor", "report")),
            entry("adapter.support", List.of("spi")),
            entry("adapter.onnx", List.of("spi", "adapter.support")),
            entry("adapter.tflite", List.of("spi", "adapter.support")),
            entry("adapter.dl4j", List.of("spi", "adapter.support")),
            entry("plugin", List.of("spi")));

    @ParameterizedTest(name = "{0}")
    @DisplayName("A room sees only the rooms it may see")
    @MethodSource("rooms")
    void doors(String room) {
        assertHoldsClasses(packagesOf(room));
        String[] seen = Stream.concat(Stream.of(room), DOORS.get(room).stream())
                .map(ArchitectureTest::packagesOf)
                .toArray(String[]::new);

        noClasses()
                .that(resideInAPackage(packagesOf(room)))
                .should()
                .dependOnClassesThat(resideInAPackage("io.espalier..").and(not(resideInAnyPackage(seen))))
                .check(ALL);
    }

    @Test
    @DisplayName("Every class lives in one of the rooms")
    void noClassOutsideTheRooms() {
        classes()
                .should()
                .resideInAnyPackage(rooms().map(ArchitectureTest::packagesOf).toArray(String[]::new))
                .check(ALL);
    }

    @Test
    @DisplayName("The SPI stands on the JDK alone")
    void spiStandsOnTheJdk() {
        classes()
                .that(resideInAPackage("io.espalier.spi.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "io.espalier.spi.."))
                .check(ALL);
    }

    @Test
    @DisplayName("Plug-ins do not know each other")
    void pluginsDoNotKnowEachOther() {
        assertHoldsClasses("io.espalier.plugin.*..");
        slices().matching("io.espalier.plugin.(**)")
                .should()
                .notDependOnEachOther()
                .check(ALL);
    }

    @ParameterizedTest(name = "{0} is seen in {1}")
    @DisplayName("A library with a door of its own is seen in one room")
    @CsvSource({
        "org.pf4j, host",
        "ai.onnxruntime, adapter.onnx",
        "org.bytedeco.tensorflowlite, adapter.tflite.run",
        "org.deeplearning4j, adapter.dl4j",
        "org.nd4j, adapter.dl4j",
        "io.micrometer, metrics",
        "org.eclipse.jetty, monitor",
        "org.knowm.xchart, report",
        "de.siegmar.fastcsv, plugin",
        "ai.djl, plugin.text",
        "picocli, cli"
    })
    void librariesBehindOneDoor(String library, String room) {
        assertThat(ALL.that(resideInAPackage(packagesOf(room))).stream().anyMatch(type -> uses(type, library)))
                .as("%s is used in %s", library, room)
                .isTrue();
        noClasses()
                .that(not(resideInAPackage(packagesOf(room))))
                .should()
                .dependOnClassesThat(resideInAPackage(library + ".."))
                .check(ALL);
    }

    @ParameterizedTest(name = "{0} imports {1}")
    @DisplayName("One package imports PF4J, one Kafka's client; the broker for tests is apart")
    @CsvSource({"io.espalier.host.pf4j, org.pf4j", "io.espalier.kafka, org.apache.kafka"})
    void onePackageImports(String importing, String library) {
        Set<String> packages = ALL.stream()
                .filter(type -> uses(type, library))
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("io.espalier.testkit.kafka"))
                .collect(Collectors.toSet());

        assertThat(packages).containsExactly(importing);
    }

    @Test
    @DisplayName("No cycles between packages")
    void noCycles() {
        slices().matching("io.espalier.(**)").should().beFreeOfCycles().check(ALL);
    }

    private static Stream<String> rooms() {
        return DOORS.keySet().stream().sorted();
    }

    private static String packagesOf(String room) {
        return "io.espalier." + room + "..";
    }

    private static boolean uses(JavaClass type, String library) {
        return type.getDirectDependenciesFromSelf().stream()
                .anyMatch(used -> used.getTargetClass().getPackageName().startsWith(library));
    }

    private static void assertHoldsClasses(String packages) {
        assertThat(ALL.that(resideInAPackage(packages)))
                .as("classes read from %s", packages)
                .isNotEmpty();
    }
}
