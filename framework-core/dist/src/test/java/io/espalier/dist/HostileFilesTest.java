package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that mutation damaged, and small files that ask for enormous work: each ends with a documented sentence, or works,
 * and nothing is written beside an error.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileFilesTest {

    private static final Path CASES = Path.of("src", "test", "resources");
    private static final int WORKS = 0;
    private static final int BROKEN_MODEL = 5;

    private Path folder;
    private TestingPruner pruned;

    @BeforeAll
    void open(@TempDir Path where) {
        folder = where;
        pruned = new TestingPruner(folder);
    }

    @AfterAll
    void close() {
        pruned.close();
    }

    @TestFactory
    Stream<DynamicTest> damagedFilesEndWithASentence() throws IOException {
        return files("damaged", "BUG|SLOW|OOM.*")
                .map(file -> dynamicTest(name(file), () -> {
                    assertThat(pruned.inspect(file).fault()).isEmpty();
                    assertThat(pruned.prune(file).fault()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> bombsAreRefusedByTheBudget() throws IOException {
        return files("bombs", "")
                .map(file -> dynamicTest(name(file), () -> {
                    TestingPruner.Result result = pruned.prune(file);
                    assertThat(result.fault()).isEmpty();
                    assertThat(result.sentence()).get().asString().contains("asks for more work than is allowed");
                }));
    }

    /** The runtime loads them, and then accepts no input: an operator of theirs makes no sense. */
    @TestFactory
    Stream<DynamicTest> brokenOperatorsAreNamed() throws IOException {
        return files("damaged", "BUG-09c30ac2|BUG-c28370db")
                .map(file -> dynamicTest(
                        name(file),
                        () -> assertThat(pruned.prune(file).sentence())
                                .get()
                                .asString()
                                .contains("The model makes no sense: the Gather that makes")));
    }

    /** What could end the process, take its heap, or reach the terminal is tried in a process of its own. */
    @TestFactory
    Stream<DynamicTest> damagedFilesDoNotEndTheProcess() throws IOException {
        return files("damaged", "CRASH|ANSI|OOM-f|BUG-b275e0ab|BUG-bdb82ca8")
                .map(file -> dynamicTest(name(file), () -> {
                    HostileRun.Result run = HostileRun.of(file, folder);
                    assertThat(run.fault()).isEmpty();
                    assertThat(run.exitCode()).as(run.err()).isIn(WORKS, BROKEN_MODEL);
                }));
    }

    private static Stream<Path> files(String kind, String prefixes) throws IOException {
        try (Stream<Path> files = Files.list(CASES.resolve(kind))) {
            return files.filter(file -> name(file).matches("(" + prefixes + ").*")).sorted().toList().stream();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
