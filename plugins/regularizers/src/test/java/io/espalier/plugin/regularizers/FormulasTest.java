package io.espalier.plugin.regularizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.regularizer.CoupledGroup;
import io.espalier.spi.regularizer.CoupledSlices;
import io.espalier.spi.regularizer.RegularizerStep;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FormulasTest {

    private final Channels channels = Channels.made(List.of(new CoupledGroup(
            "w", List.of(new CoupledSlices("w", ParameterRole.PRODUCER, new int[][] {{0, 1}, {2, 3}})))));

    @Test
    @DisplayName("A half-space step pulls along where a channel was, and drops it when it turns away")
    void halfSpace() {
        Map<String, float[]> before = Map.of("w", new float[] {3, 4, 0.3f, 0.4f});
        Map<String, float[]> now = Map.of("w", new float[] {3, 4, 0.3f, 0.4f});
        RegularizerStep step = new RegularizerStep(1, 1, now, Map.of(), before);
        // (3, 4) - 1 * (0.6, 0.8), whose product with (3, 4) is 20 of 25
        assertThat(HalfSpace.step(channels, 0, step, 1, 0.75)).isFalse();
        assertThat(now.get("w")[0]).isCloseTo(2.4f, within(1e-6f));
        assertThat(now.get("w")[1]).isCloseTo(3.2f, within(1e-6f));
        // (0.3, 0.4) - (0.6, 0.8) points the other way
        assertThat(HalfSpace.step(channels, 1, step, 1, 0)).isTrue();
    }

    @Test
    @DisplayName("Three quarters of the way are done at the knee of asfp")
    void knee() {
        double steepness = AsfpRegularizer.steepness(0.125);
        assertThat(AsfpRegularizer.progress(steepness, 0.125)).isCloseTo(0.75, within(1e-9));
        assertThat(AsfpRegularizer.progress(steepness, 1)).isEqualTo(1);
    }

    @Test
    @DisplayName("Cosines of a channel with its gradient, 0 where there is none")
    void cosines() {
        Map<String, float[]> weights = Map.of("w", new float[] {3, 4, 1, 0});
        RegularizerStep step = new RegularizerStep(1, 1, weights, Map.of("w", new float[] {4, 3, 0, 0}), Map.of());
        assertThat(Scores.cosine(channels, 0, step)).isCloseTo(24.0 / 25, within(1e-12));
        assertThat(Scores.cosine(channels, 1, step)).isZero();
    }
}
