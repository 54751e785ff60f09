package io.espalier.engine.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.allocate.Target.Metric;
import io.espalier.spi.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "params=3.2M, 3200000",
        "params=7, 7",
        "macs=1.5G, 1500000000",
        "macs=12k, 12000",
        "bytes=20MB, 20000000",
        "bytes=20mb, 20000000",
        "bytes=2KiB, 2048",
        "bytes=2Ki, 2048",
        "bytes=1.5MiB, 1572864",
        "bytes=1GiB, 1073741824",
        "bytes=9B, 9",
        "channels=100, 100",
        "latency=2ms, 2000000",
        "latency=1.5 us, 1500",
        "latency=7µs, 7000",
        "latency=0.25s, 250000000",
    })
    void readsAbsoluteAmounts(String text, long amount) {
        Target target = Target.parse(text);

        assertThat(target.isShare()).isFalse();
        assertThat(target.limit(1)).isEqualTo(amount);
        assertThat(target).hasToString(text);
    }

    @Test
    void sharesAreRoundedDown() {
        assertThat(Target.parse("macs=50%").limit(5)).isEqualTo(2);
        assertThat(Target.parse(" MACs = 33.3% ").limit(1000)).isEqualTo(333);
        assertThat(Target.parse("params=100%").limit(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(Target.parse("channels=70%").metric()).isEqualTo(Metric.CHANNELS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "macs",
                "50%",
                "macs=",
                "macs=-5%",
                "macs=101%",
                "macs=0%",
                "params=0",
                "flops=50%",
                "macs=50%%",
                "params=3X",
                "params=3MB",
                "macs=0.5",
                "params=1",
                "macs=1e6",
                "macs=50 % of it",
                "params=0.0001k",
                "latency=0%",
                "latency=2",
                "latency=2min",
                "latency=0ms",
            })
    void whatCannotBeReadIsAnsweredWithExamples(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("The target '" + text + "' cannot be used: ")
                .hasMessageEndingWith("metrics are macs, params, bytes, channels, latency.");
    }

    @Test
    void aForgottenPercentSignIsGuessed() {
        assertThatThrownBy(() -> Target.parse("macs=0.5")).hasMessageContaining("write 50% for a share");
    }
}
