package io.espalier.engine.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CorrectionSearchTest {

    private static final double GOAL = 0.6;

    /** Tries until the time is near, with decisions that meet the goal by what is predicted. */
    private static CorrectionSearch<Double> tried(DoubleUnaryOperator measured, int most) {
        CorrectionSearch<Double> search = new CorrectionSearch<>(GOAL, 1);
        for (int i = 0; i < most && (i == 0 || !search.isNear()); i++) {
            double correction = search.correction();
            search.add(correction, GOAL, measured.applyAsDouble(correction));
        }
        return search;
    }

    @Test
    @DisplayName("Savings that are predicted twice too large need one more decision")
    void proportional() {
        // 1 - share is half of what is predicted without correction: (1 - GOAL) / correction.
        CorrectionSearch<Double> search = tried(correction -> 1 - 0.5 * (1 - GOAL) / correction, 2);

        assertThat(search.isNear()).isTrue();
        assertThat(search.best()).isEqualTo(search.bestCorrection());
        assertThat(search.bestCorrection()).isEqualTo(0.5, within(1e-12));
    }

    @Test
    @DisplayName("Of cuts that come in large steps the slowest one that meets the goal is taken")
    void steps() {
        CorrectionSearch<Double> search = tried(
                correction -> correction > 0.9 ? 0.75 : correction > 0.7 ? 0.62 : correction > 0.6 ? 0.55 : 0.3, 6);

        assertThat(search.isMet()).isTrue();
        assertThat(search.isNear()).isFalse();
        assertThat(search.best()).isBetween(0.6, 0.7);
    }

    @Test
    @DisplayName("Where nothing meets the goal the fastest is taken, and the corrections go on falling")
    void unmet() {
        CorrectionSearch<Double> search = tried(correction -> 0.8, 3);

        assertThat(search.isMet()).isFalse();
        assertThat(search.correction()).isLessThan(0.3);
    }
}
