package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerWorker;
import io.espalier.testkit.TestingChannels;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a {@link Regularizer} owes: gradients that are those of its penalty, finite numbers, and nothing kept but its state. */
public abstract class RegularizerContract extends ProviderContract<Regularizer> {

    private static final int SEEDS = 5;
    private static final long STEPS = 60;
    private static final int EPOCHS = 6;
    private static final double NEAR = 1e-4;

    protected RegularizerContract() {
        super(Regularizer.class);
    }

    /** A new instance of the regularizer under test. */
    protected abstract Regularizer regularizer();

    @Override
    protected final Regularizer provider() {
        return regularizer();
    }

    private TestingChannels channels(long seed) {
        TestingChannels channels = new TestingChannels(seed, options(), STEPS, EPOCHS);
        return regularizer().compacts() ? channels.withCompactors() : channels;
    }

    @Test
    void gradientIsThatOfThePenalty() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            TestingChannels channels = channels(seed);
            RegularizerWorker worker = regularizer().start(channels);
            channels.train(worker, STEPS / 2);
            Map<String, float[]> weights = channels.weights();
            channels.gradients().values().forEach(each -> Arrays.fill(each, 0));
            worker.addGradient(channels.step(STEPS / 2 + 1));
            SplittableRandom random = new SplittableRandom(seed);
            for (Map.Entry<String, float[]> each : weights.entrySet()) {
                float[] values = each.getValue();
                int element = random.nextInt(values.length);
                float before = values[element];
                if (Math.abs(before) < 1e-2) {
                    continue;
                }
                float width = 2e-3f * Math.abs(before);
                values[element] = before + width;
                float above = values[element];
                double high = worker.penalty(weights);
                values[element] = before - width;
                double slope = (high - worker.penalty(weights)) / ((double) above - values[element]);
                values[element] = before;
                assertThat((double) channels.gradients().get(each.getKey())[element])
                        .as("%s[%d], seed %d", each.getKey(), element, seed)
                        .isCloseTo(slope, within(NEAR + 0.02 * Math.abs(slope)));
            }
        }
    }

    @Test
    void staysFiniteWhereChannelsAreZero() {
        TestingChannels channels = channels(3);
        channels.weights().values().forEach(each -> Arrays.fill(each, 0));
        channels.train(regularizer().start(channels), STEPS);
        channels.weights().forEach((name, values) -> {
            for (float each : values) {
                assertThat(each).as(name).isFinite();
            }
        });
    }

    @Test
    void isPreparedAtTheEnd() {
        TestingChannels channels = channels(7);
        RegularizerWorker worker = regularizer().start(channels);
        channels.train(worker, STEPS);
        assertThat(worker.isPrepared(STEPS)).isTrue();
    }

    @Test
    void goesOnFromItsState() {
        for (long at : new long[] {1, STEPS / EPOCHS, STEPS / 2}) {
            TestingChannels whole = channels(5);
            whole.train(regularizer().start(whole), STEPS);
            TestingChannels parted = channels(5);
            RegularizerWorker first = regularizer().start(parted);
            parted.train(first, at);
            Map<String, float[]> kept = new LinkedHashMap<>();
            first.state().forEach((name, array) -> kept.put(name, array.clone()));
            RegularizerWorker second = regularizer().start(parted);
            assertThat(second.state().keySet()).containsExactlyElementsOf(kept.keySet());
            second.state().forEach((name, array) -> System.arraycopy(kept.get(name), 0, array, 0, array.length));
            parted.train(second, STEPS);
            whole.weights()
                    .forEach((name, values) -> assertThat(parted.weights().get(name))
                            .as("%s, interrupted after step %d", name, at)
                            .containsExactly(values));
        }
    }
}
