package io.espalier.engine.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.latency.TimedGroups.TimedWidth;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WidthCurveTest {

    private static WidthCurve curve(TimedWidth... times) {
        return WidthCurve.of(new TimedGroups(List.of("w"), 8, 1, List.of(times)));
    }

    @Test
    @DisplayName("Between two widths the time falls evenly, below the narrowest it stays")
    void between() {
        WidthCurve curve = curve(new TimedWidth(6, 0.9), new TimedWidth(2, 0.5));

        assertThat(curve.saved(8)).isZero();
        assertThat(curve.saved(7)).isEqualTo(0.05, within(1e-12));
        assertThat(curve.saved(6)).isEqualTo(0.1, within(1e-12));
        assertThat(curve.saved(4)).isEqualTo(0.3, within(1e-12));
        assertThat(curve.saved(2)).isEqualTo(0.5, within(1e-12));
        assertThat(curve.saved(1)).isEqualTo(0.5, within(1e-12));
    }

    @Test
    @DisplayName("Fewer channels never take longer: neighbours in the wrong order share their mean")
    void monotone() {
        WidthCurve curve =
                curve(new TimedWidth(7, 1.02), new TimedWidth(6, 0.8), new TimedWidth(5, 0.9), new TimedWidth(4, 0.4));

        assertThat(curve.saved(7)).isZero();
        assertThat(curve.saved(6)).isEqualTo(0.15, within(1e-12));
        assertThat(curve.saved(5)).isEqualTo(0.15, within(1e-12));
        assertThat(curve.saved(4)).isEqualTo(0.6, within(1e-12));
    }

    @Test
    @DisplayName("What was timed at no width saves nothing")
    void nothingTimed() {
        assertThat(curve().saved(1)).isZero();
    }
}
