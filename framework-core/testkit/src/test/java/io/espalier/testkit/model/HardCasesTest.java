package io.espalier.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class HardCasesTest {

    @TestFactory
    Stream<DynamicTest> casesAreWellFormed() {
        return HardCases.all().stream().map(hard -> dynamicTest(hard.name(), () -> WellFormed.check(hard.graph())));
    }

    @Test
    void casesHaveNamesOfTheirOwnAndSayWhatTheyMean() {
        assertThat(HardCases.all()).extracting(HardCase::name).doesNotHaveDuplicates();
        assertThat(HardCases.all()).allSatisfy(hard -> assertThat(hard.says()).endsWith("."));
    }
}
