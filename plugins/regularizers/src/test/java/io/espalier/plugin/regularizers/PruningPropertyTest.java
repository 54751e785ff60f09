package io.espalier.plugin.regularizers;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.testkit.TestingChannels;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PruningPropertyTest {

    private static final int CHANNELS = 14;

    static Stream<Regularizer> exact() {
        return Stream.of(
                new HessoRegularizer(),
                new DhspgRegularizer(),
                new SfpRegularizer(),
                new AsfpRegularizer(),
                new DpfRegularizer());
    }

    @ParameterizedTest
    @MethodSource("exact")
    @DisplayName("As many channels as the target asks for end at exactly zero, with what reads them")
    void zeros(Regularizer regularizer) {
        for (long seed = 1; seed <= 10; seed++) {
            TestingChannels channels = channels(regularizer, seed, Map.of());
            channels.train(regularizer.start(channels), channels.steps());
            assertThat(zeros(channels))
                    .as("%s, seed %d", regularizer.name(), seed)
                    .isEqualTo(CHANNELS / 2);
        }
    }

    static Stream<Regularizer> growing() {
        return Stream.of(new GReg1Regularizer(), new GReg2Regularizer());
    }

    @ParameterizedTest
    @MethodSource("growing")
    @DisplayName("A growing ridge makes the chosen half smaller than without it, and leaves the others")
    void shrinks(Regularizer regularizer) {
        for (long seed = 1; seed <= 10; seed++) {
            TestingChannels with = channels(regularizer, seed, Map.of("ceiling", "20"));
            with.train(regularizer.start(with), with.steps());
            long small = Stream.of(norms(with)).filter(each -> each < 0.2).count();
            assertThat(small).as("%s, seed %d", regularizer.name(), seed).isEqualTo(CHANNELS / 2);
        }
    }

    @Test
    @DisplayName("A strong half-space projection makes channels exactly zero")
    void projects() {
        HspgRegularizer regularizer = new HspgRegularizer();
        for (long seed = 1; seed <= 10; seed++) {
            TestingChannels channels = channels(regularizer, seed, Map.of("strength", "3"));
            channels.train(regularizer.start(channels), channels.steps());
            assertThat(zeros(channels)).as("seed %d", seed).isPositive();
        }
    }

    private static TestingChannels channels(Regularizer regularizer, long seed, Map<String, String> typed) {
        return new TestingChannels(seed, Options.resolve("regularizer", regularizer.options(), typed), 200, 10);
    }

    private static int zeros(TestingChannels channels) {
        int zeros = 0;
        for (boolean[] group : channels.zeros()) {
            for (boolean each : group) {
                zeros += each ? 1 : 0;
            }
        }
        return zeros;
    }

    private static Double[] norms(TestingChannels testing) {
        Channels channels = Channels.made(testing.groups());
        Double[] norms = new Double[channels.count()];
        for (int channel = 0; channel < norms.length; channel++) {
            norms[channel] = channels.norm(channel, testing.weights());
        }
        return norms;
    }
}
