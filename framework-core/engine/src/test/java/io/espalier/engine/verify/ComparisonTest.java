package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    private static final double NARROWEST = 1e-2;

    private static Map<String, Tensor> output(float... values) {
        return Map.of("y", Tensors.floats(List.of((long) values.length), values));
    }

    @Test
    void anOutputOfOneElementVariesFromRunToRun() {
        Comparison comparison = new Comparison(Set.of(), NARROWEST);
        comparison.add(output(0.9986f), output(0.9986f));
        assertThat(comparison.varies()).isFalse();
        comparison.add(output(0.9998f), output(0.9998f));
        assertThat(comparison.varies()).isTrue();
    }

    @Test
    void anOutputThatHardlyVariesIsJudgedByItsSpread() {
        Comparison comparison = new Comparison(Set.of("y"), NARROWEST);
        comparison.add(output(0.96f, 0.98f), output(0.96f, 0.98f));
        comparison.add(output(0.9986f, 0.9998f), output(0.9986f, 0.9999f));
        assertThat(comparison.maxAbsolute()).isCloseTo(1e-4, within(1e-6));
        assertThat(comparison.maxFineRelative()).isCloseTo(1e-4 / 0.0398, within(1e-4));
        assertThat(comparison.maxRelative()).isCloseTo(1e-4, within(1e-5));
    }

    @Test
    void lastPlacesOfAConstantAreNoDifference() {
        Comparison comparison = new Comparison(Set.of(), NARROWEST);
        comparison.add(output(100, 100), output(100, Math.nextUp(100f)));
        assertThat(comparison.varies()).isFalse();
        assertThat(comparison.isWithin(EquivalenceCheck.FLOAT32_TOLERANCE)).isTrue();
    }

    @Test
    void anOutputOfBothSignsIsJudgedByItsMagnitude() {
        Comparison comparison = new Comparison(Set.of(), NARROWEST);
        comparison.add(output(-2, 1), output(-2, 1.5f));
        assertThat(comparison.maxRelative()).isEqualTo(0.25);
    }

    @Test
    void eachRunIsJudgedByItsOwnMagnitude() {
        Comparison comparison = new Comparison(Set.of(), NARROWEST);
        comparison.add(output(-1000, 1000), output(-1000, 1000));
        comparison.add(output(-1, 1), output(-1, 1.1f));
        assertThat(comparison.maxRelative()).isCloseTo(0.1, within(1e-6));
    }
}
