package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** An operator is named in the file of its family and nowhere else: whoever needs to know of it asks its definition. */
class OperatorNamesTest {

    private static final Path CORE = Path.of("..");
    private static final Set<String> FOR_TESTS = Set.of("testkit", "testkit-kafka");

    @TestFactory
    Stream<DynamicTest> oneFileNamesAnOperator() throws IOException {
        List<Path> sources = sources();
        return Stream.of(
                        "BatchNormalization",
                        "Conv",
                        "Gather",
                        "Gemm",
                        "LSTM",
                        "LayerNormalization",
                        "MatMul",
                        "Relu",
                        "Reshape",
                        "Resize",
                        "Slice",
                        "Softmax",
                        "TopK")
                .map(operator -> dynamicTest(operator, () -> check(operator, sources)));
    }

    private static void check(String operator, List<Path> sources) {
        Set<String> naming = sources.stream()
                .filter(source -> read(source).contains('"' + operator + '"'))
                .map(source -> source.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(naming).as("files that name \"%s\"", operator).hasSize(1);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(CORE)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString()
                            .contains(Path.of("src", "main", "java").toString()))
                    .filter(file ->
                            !FOR_TESTS.contains(CORE.relativize(file).getName(0).toString()))
                    .toList();
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
