package io.espalier.plugin.regularizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.testkit.TestingChannels;
import io.espalier.testkit.contract.RegularizerContract;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResRepRegularizerTest extends RegularizerContract {

    private static final int CHANNELS = 14;
    private static final long STEPS = 400;
    private static final long HALF = STEPS / 2;
    private static final double SHRUNK = 0.1;

    @Override
    protected Regularizer regularizer() {
        return new ResRepRegularizer();
    }

    private TestingChannels channels(long seed) {
        Options options = Options.resolve("regularizer", regularizer().options(), Map.of("strength", "0.2"));
        return new TestingChannels(seed, options, STEPS, 10);
    }

    @Test
    @DisplayName("As many rows as the target asks for shrink to nothing, the others stay, and no layer is touched")
    void forgets() {
        for (long seed = 1; seed <= 10; seed++) {
            TestingChannels channels = channels(seed).withCompactors();
            channels.train(regularizer().start(channels), HALF);
            assertThat(rows(channels, 0, SHRUNK)).as("seed %d", seed).isEqualTo(CHANNELS / 2);
            assertThat(rows(channels, 0.5, 1)).as("seed %d", seed).isEqualTo(CHANNELS / 2);
            TestingChannels without = channels(seed);
            without.train(new GroupLassoRegularizer().start(free(seed)), HALF);
            without.weights()
                    .forEach((name, values) ->
                            assertThat(channels.weights().get(name)).as(name).containsExactly(values));
        }
    }

    private static TestingChannels free(long seed) {
        Map<String, String> none = Map.of("strength", "0");
        return new TestingChannels(
                seed, Options.resolve("regularizer", new GroupLassoRegularizer().options(), none), STEPS, 10);
    }

    @Test
    @DisplayName("At the end what was forgotten is zero")
    void ends() {
        TestingChannels channels = channels(4).withCompactors();
        channels.train(regularizer().start(channels), STEPS);
        assertThat(rows(channels, 0, 0)).isEqualTo(CHANNELS / 2);
    }

    /** How many rows of compactors are so long. */
    private static long rows(TestingChannels channels, double least, double most) {
        Channels rows = Channels.of(channels.groups(), channels.compactors());
        return IntStream.range(0, rows.count())
                .mapToDouble(channel -> rows.norm(channel, channels.weights()))
                .filter(norm -> norm >= least && norm <= most)
                .count();
    }

    @Test
    @DisplayName("A training without compactors is refused")
    void needsCompactors() {
        assertThatThrownBy(() -> regularizer().start(channels(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("matrices");
    }
}
