package io.espalier.plugin.obs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.RefitSettings.Inputs;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.option.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What options ask of the engine. */
final class ObsOptionsTest {

    @Test
    void withoutOptionsWeightsAreFittedOneAfterTheOtherAndNoBiasIsAdded() {
        assertThat(settings(Map.of())).isEqualTo(new RefitSettings(64, Inputs.SEQUENTIAL, List.of(), false, 0));
    }

    @Test
    void optionsAreHandedOn() {
        Map<String, String> typed = Map.of(
                "rows", "5", "mode", "one-shot", "biases", "add", "leave-out", " head*, layer1.?,", "curvature", "0.5");

        assertThat(settings(typed))
                .isEqualTo(new RefitSettings(5, Inputs.ONE_SHOT, List.of("head*", "layer1.?"), true, 0.5));
    }

    @Test
    void curvatureAloneNeedsALoss() {
        ObsCompensator obs = new ObsCompensator();

        assertThat(obs.loss(Options.resolve("obs", obs.options(), Map.of()))).isEmpty();
        assertThat(obs.loss(Options.resolve("obs", obs.options(), Map.of("curvature", "0.1"))))
                .contains(NamedLoss.CROSS_ENTROPY);
    }

    @ParameterizedTest
    @CsvSource({"curvature,2", "mode,backwards", "biases,none", "rows,-1", "ridge,-1", "ridge,nan", "order,last"})
    void absurdOptionsAreRefused(String name, String value) {
        assertThatThrownBy(() -> settings(Map.of(name, value)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(name);
    }

    private static RefitSettings settings(Map<String, String> typed) {
        ObsCompensator obs = new ObsCompensator();
        Asked asked = new Asked(Options.resolve("obs", obs.options(), typed), new ArrayList<>());
        obs.compensate(asked);
        return asked.settings().get(0);
    }

    /** Remembers what it is asked, and has nothing else. */
    private record Asked(Options options, List<RefitSettings> settings) implements CompensationContext {

        @Override
        public List<Edit> refit(WeightSolver solver, RefitSettings asked) {
            settings.add(asked);
            return List.of();
        }

        @Override
        public Graph original() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Graph pruned() {
            throw new UnsupportedOperationException();
        }

        @Override
        public KeptPositions kept() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Batches calibration() {
            throw new UnsupportedOperationException();
        }

        @Override
        public GraphExecutor executor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkCancelled() {}

        @Override
        public void progress(String what, long done, long total) {}

        @Override
        public RandomGenerator random(String provider, String subject) {
            throw new UnsupportedOperationException();
        }
    }
}
