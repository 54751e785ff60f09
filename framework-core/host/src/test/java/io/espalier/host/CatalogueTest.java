package io.espalier.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.provider.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

    private final Catalogue catalogue =
            Catalogue.of(new TestingCriterion("l2"), new TestingCriterion("l1"), new TestingCriterion("bn-scale"));

    @Test
    void findsByKindAndName() {
        assertThat(catalogue.get(ImportanceCriterion.class, "l1").name()).isEqualTo("l1");
        assertThat(catalogue.names(ImportanceCriterion.class)).containsExactly("bn-scale", "l1", "l2");
        assertThat(catalogue.all(ImportanceCriterion.class))
                .extracting(Provider::name)
                .containsExactly("l2", "l1", "bn-scale");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "l3       | no criterion 'l3'; did you mean 'l1'? available: bn-scale, l1, l2",
                "bnscale  | no criterion 'bnscale'; did you mean 'bn-scale'? available: bn-scale, l1, l2",
                "taylor   | no criterion 'taylor'; available: bn-scale, l1, l2",
            })
    void unknownNameIsAnsweredWithWhatThereIs(String name, String message) {
        assertThatThrownBy(() -> catalogue.get(ImportanceCriterion.class, name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    @Test
    void unknownNameOfAKindNobodyOffers() {
        assertThatThrownBy(() -> catalogue.get(SparsityAllocator.class, "global"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no plug-in offers any allocator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "L1", "l_1", "-l", "l-", "l--1", "1l", "é", "l 1"})
    void namesAreKebabCase(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Catalogue.of(new TestingCriterion(name)))
                .withMessageContaining("kebab-case");
    }

    @Test
    void namesHaveAtMost64Characters() {
        assertThat(NameRule.violation("a".repeat(64))).isEmpty();
        assertThat(NameRule.violation("a".repeat(65)))
                .hasValueSatisfying(text -> assertThat(text).contains("65"));
    }

    @Test
    void namesAreUniqueWithinAKind() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Catalogue.of(new TestingCriterion("l1"), new TestingCriterion("l1")))
                .withMessageContaining("taken");
    }

    @Test
    void unknownNameMayBeQuarantined() {
        assertThatThrownBy(() -> Catalogue.fromClassPath().get(ImportanceCriterion.class, "no-such"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("no criterion 'no-such'; available: from-class-path"
                        + " (quarantined: 1, the plug-in doctor says why)");
    }

    @Test
    void classPathWorksWithoutPlugins() {
        Catalogue found = Catalogue.fromClassPath();
        assertThat(found.names(ImportanceCriterion.class)).containsExactly("from-class-path");
        assertThat(found.quarantined()).singleElement().satisfies(one -> {
            assertThat(one.subject()).isEqualTo("io.espalier.host.NoSuchCriterion of the class path");
            assertThat(one.reason()).contains("does not contain");
        });
    }

    @Test
    void distanceCountsLettersToChange() {
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.distance("same", "same")).isZero();
        assertThat(NearestName.to("x", List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.1.0-SNAPSHOT, 0.1.0", "1.2.3, 1.2.3", "1.2.3+build, 1.2.3"})
    void spiVersionHasNoQualifier(String version, String expected) {
        assertThat(SpiVersion.withoutQualifier(version)).isEqualTo(expected);
        assertThat(SpiVersion.current()).matches("\\d+\\.\\d+\\.\\d+");
    }
}
