package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of adapters sees what it is for: the toy adapter with one fault fails the test that asks about it. */
class AdapterFaultsTest {

    private static TestingProject toy;

    @BeforeAll
    static void make(@TempDir Path folder) {
        toy = TestingProject.make(folder, "adapter", "toy");
    }

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
        assertThat(toy.test(test, sound, fault).getTotalFailureCount()).isPositive();
    }
}
