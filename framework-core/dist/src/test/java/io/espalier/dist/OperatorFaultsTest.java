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

/** The contract of operators sees what it is for: the operator of the documentation with one fault fails the test that asks about it. */
class OperatorFaultsTest {

    private static TestingProject dense;

    @BeforeAll
    static void make(@TempDir Path folder) {
        dense = TestingProject.make(folder, "operator", "dense");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("operatorsHaveADomainAndAnApplication", "\"my.domain.Dense\"", "\"Dense\""),
                arguments("operatorsHaveADomainAndAnApplication", "\"my.domain.Dense\"", "\"my.domain.Other\""),
                arguments("theNotationHasAnOperandForEverySlotAndALetterForEveryAxis", " b[o] ->", " ->"),
                arguments("theNotationHasAnOperandForEverySlotAndALetterForEveryAxis", "y[n o]", "y[o]"),
                arguments(
                        "equalQuestionsHaveEqualAnswersAndUnknownRanksAnAnswer", "\"x[n", "System.nanoTime() + \"x[n"),
                arguments(
                        "equalQuestionsHaveEqualAnswersAndUnknownRanksAnAnswer",
                        "\"x[n",
                        "\"x\".repeat(inputRanks.get(0)) + \"[n"),
                arguments("positionsGoAsTheNotationSays", "y[n o]", "y[o n]"),
                arguments("positionsGoAsTheNotationSays", "w[i o]", "w[o i]"),
                arguments("partsComputeWhatTheOperatorComputes", "\"Add\"", "\"Sub\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    @DisplayName("A fault fails the test that asks about it")
    void aFaultIsFound(String test, String sound, String fault) throws IOException {
        assertThat(dense.test(test, sound, fault).getTotalFailureCount()).isPositive();
    }
}
