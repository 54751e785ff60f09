package io.espalier.plugin.redundancy;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.compensator.UncutWeight;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.compensator.WeightFit;
import io.espalier.testkit.contract.ProviderContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What merging makes of whole graphs is tested where graphs can be walked, in the engine. */
final class MergeCompensatorTest extends ProviderContract<WeightCompensator> {

    MergeCompensatorTest() {
        super(WeightCompensator.class);
    }

    @Override
    protected WeightCompensator provider() {
        return new MergeCompensator();
    }

    @Test
    @DisplayName("A removed input is added to the one that explains most of it, in their proportion")
    void byHand() {
        // Input 1 is twice input 2 and hardly like input 0; of two outputs the second is left.
        double[] gram = {4, 1, 0.5, /**/ 1, 16, 8, /**/ 0.5, 8, 4};
        UncutWeight uncut = new UncutWeight(1, 3, 2, new double[] {1, 2, 3, 10, 20, 30}, gram, new int[] {3, 5});
        WeightFit fit = new WeightFit(
                "y", "w", new LinearMap(new double[] {10, 30}, new double[] {7}), false, Moments.none(1, 2, 1));

        LinearMap merged = MergeCompensator.merged(fit, uncut);

        assertThat(merged.weight()).containsExactly(10, 30 + 20 * 2);
        assertThat(merged.bias()).containsExactly(7);
    }

    @Test
    @DisplayName("An input that nothing else explains is lost")
    void alone() {
        double[] gram = {0, 0, /**/ 0, 9};
        UncutWeight uncut = new UncutWeight(1, 2, 1, new double[] {1, 2}, gram, new int[] {0});
        WeightFit fit =
                new WeightFit("y", "w", new LinearMap(new double[] {1}, new double[1]), false, Moments.none(1, 1, 1));

        assertThat(MergeCompensator.merged(fit, uncut).weight()).containsExactly(1);
    }
}
