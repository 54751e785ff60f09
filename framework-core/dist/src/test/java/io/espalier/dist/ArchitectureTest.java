package io.espalier.dist;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The doors between the rooms: who may see whom. */
class ArchitectureTest {

    private static final String OURS = "io.espalier..";

    private static JavaClasses all;

    @BeforeAll
    static void readClasses() {
        all = new ClassFileImporter().importPackages("io.espalier").that(DescribedPredicate.not(thisPackage()));
    }

    @ParameterizedTest(name = "{0} sees {1}")
    @DisplayName("A room sees only the rooms it may see")
    @CsvSource({
        "spi,           none",
        "events,        none",
        "testkit,       spi",
        "host,          spi events",
        "graph,         spi",
        "engine,        spi events graph",
        "kafka,         events",
        "metrics,       events",
        "monitor,       events",
        "cli,           spi events graph engine host kafka metrics monitor",
        "adapter.onnx,  spi",
        "adapter.tflite, spi",
        "adapter.dl4j,  spi",
        "plugin,        spi",
    })
    void doors(String room, String mayBeSeen) {
        String[] seen = Stream.concat(Stream.of(room), Stream.of(mayBeSeen.split(" ")))
                .map(ArchitectureTest::packagesOf)
                .toArray(String[]::new);

        noClasses()
                .that(resideInAPackage(packagesOf(room)))
                .should()
                .dependOnClassesThat(ours().and(DescribedPredicate.not(resideInAnyPackage(seen))))
                .allowEmptyShould(true)
                .check(all);
    }

    @Test
    @DisplayName("Every class lives in one of the rooms")
    void noClassOutsideTheRooms() {
        classes()
                .should()
                .resideInAnyPackage(Stream.of(
                                "spi", "events", "testkit", "host", "kafka", "metrics", "monitor", "graph", "engine",
                                "cli", "adapter", "plugin")
                        .map(ArchitectureTest::packagesOf)
                        .toArray(String[]::new))
                .check(all);
    }

    @Test
    @DisplayName("The SPI stands on the JDK alone")
    void spiStandsOnTheJdk() {
        classes()
                .that(resideInAPackage("io.espalier.spi.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "io.espalier.spi.."))
                .check(all);
    }

    @Test
    @DisplayName("Plug-ins do not know each other")
    void pluginsDoNotKnowEachOther() {
        slices().matching("io.espalier.plugin.(**)")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(all);
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
        "com.sun.net.httpserver, monitor",
        "picocli, cli"
    })
    void librariesBehindOneDoor(String library, String room) {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(packagesOf(room))))
                .should()
                .dependOnClassesThat(resideInAPackage(library + ".."))
                .check(all);
    }

    @ParameterizedTest(name = "{0} imports {1}")
    @DisplayName("One package imports PF4J, one Kafka's client; the broker for tests is apart")
    @CsvSource({"io.espalier.host.pf4j, org.pf4j", "io.espalier.kafka, org.apache.kafka"})
    void onePackageImports(String importing, String library) {
        Set<String> packages = all.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(d -> d.getTargetClass().getPackageName().startsWith(library)))
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("io.espalier.testkit.kafka"))
                .collect(Collectors.toSet());

        assertThat(packages).containsExactly(importing);
    }

    @Test
    @DisplayName("No cycles between packages")
    void noCycles() {
        slices().matching("io.espalier.(**)").should().beFreeOfCycles().check(all);
    }

    @Test
    @DisplayName("The classes of the whole tree were read")
    void somethingWasRead() {
        assertThat(all.stream().map(JavaClass::getPackageName))
                .contains("io.espalier.spi", "io.espalier.events", "io.espalier.testkit");
    }

    private static String packagesOf(String room) {
        return "io.espalier." + room + "..";
    }

    private static DescribedPredicate<JavaClass> ours() {
        return resideInAPackage(OURS);
    }

    private static DescribedPredicate<JavaClass> thisPackage() {
        return resideInAPackage("io.espalier.dist..");
    }
}
