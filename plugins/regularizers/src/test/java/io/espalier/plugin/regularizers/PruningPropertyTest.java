package io.espalier.plugin.regularizers;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerWorker;
import io.espalier.testkit.TestingChannels;
import java.util.Map;
import java.util.stream.IntStream;
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
                new HspgRegularizer(),
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

    @ParameterizedTest
    @MethodSource("exact")
    @DisplayName("They are zero for a cut that comes as soon as the regularizer is prepared, and for no earlier one")
    void isPrepared(Regularizer regularizer) {
        for (long seed = 1; seed <= 10; seed++) {
            TestingChannels channels = channels(regularizer, seed, Map.of());
            RegularizerWorker worker = regularizer.start(channels);
            long updates = 1;
            channels.train(worker, updates);
            while (!worker.isPrepared(updates)) {
                channels.train(worker, ++updates);
            }
            worker.endEpoch(channels.epochs(), channels.weights());
            assertThat(zeros(channels))
                    .as("%s, seed %d, after %d updates", regularizer.name(), seed, updates)
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
    @DisplayName("What a cut would remove shrinks more from epoch to epoch, and not before the first choice")
    void shrinksByChoice() {
        OcsPrunerRegularizer regularizer = new OcsPrunerRegularizer();
        for (long seed = 1; seed <= 10; seed++) {
            Map<String, String> typed = Map.of("strength", "2", "growth", "2", "start", "0.2");
            TestingChannels with = channels(regularizer, seed, typed);
            TestingChannels without = channels(regularizer, seed, Map.of("strength", "0", "growth", "0"));
            RegularizerWorker worker = regularizer.start(with);
            RegularizerWorker idle = regularizer.start(without);
            with.train(worker, 40);
            without.train(idle, 40);
            assertThat(norms(with)).as("seed %d, before", seed).isEqualTo(norms(without));
            with.train(worker, with.steps());
            without.train(idle, without.steps());
            Double[] small = norms(with);
            Double[] large = norms(without);
            long shrunk = IntStream.range(0, small.length)
                    .filter(channel -> small[channel] < large[channel] / 4)
                    .count();
            assertThat(shrunk).as("seed %d", seed).isEqualTo(CHANNELS / 2);
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
