package io.espalier.engine.coupling.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.testkit.model.HardCase;
import io.espalier.testkit.model.HardCases;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is coupled in each hard case, as written down in {@code hard-cases.txt}: how many channels the groups have, what
 * the second channel (the only one, where there is one) of each group removes, what is blocked by which operator, and
 * which operators take statistics.
 */
final class HardCasesTest {

    private static final String OUTPUT = "output";

    @TestFactory
    Stream<DynamicTest> couplingIsAsExpected() {
        Map<String, List<String>> expected = read();
        return HardCases.all().stream()
                .map(hard -> dynamicTest(
                        hard.name(),
                        () -> assertThat(found(hard))
                                .as(hard.says())
                                .containsExactlyElementsOf(expected.getOrDefault(hard.name(), List.of()))));
    }

    @Test
    void expectationsNameCasesThatExist() {
        assertThat(HardCases.all()).extracting(HardCase::name).containsExactlyElementsOf(read().keySet());
    }

    private static List<String> found(HardCase hard) {
        TestingPruning pruning = TestingPruning.of(hard.graph());
        Coupling coupling = pruning.coupling();
        List<String> lines = new ArrayList<>();
        for (Group group : pruning.groups()) {
            int size = group.channels().size();
            CoupledChannel shown = group.channels().get(Math.min(1, size - 1));
            lines.add(size + " x " + String.join(", ", TestingChannels.describe(coupling, shown)));
        }
        Blocked.in(coupling).stream()
                .filter(blocked -> !blocked.barrier().operator().equals(OUTPUT))
                .map(blocked ->
                        blocked.classes() + " blocked by " + blocked.barrier().operator())
                .forEach(lines::add);
        coupling.statistics().stream()
                .map(statistic -> "statistic by " + statistic.operator())
                .distinct()
                .forEach(lines::add);
        return lines;
    }

    /** Names at the start of a line, facts indented below them. */
    private static Map<String, List<String>> read() {
        Map<String, List<String>> facts = new LinkedHashMap<>();
        String name = "";
        for (String line : text().split("\n")) {
            if (line.startsWith("  ")) {
                facts.get(name).add(line.trim());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                name = line.trim();
                facts.put(name, new ArrayList<>());
            }
        }
        return facts;
    }

    private static String text() {
        try (InputStream stream = HardCasesTest.class.getResourceAsStream("hard-cases.txt")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
