package io.espalier.plugin.obs;

import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.testkit.contract.ProviderContract;

/** What every provider owes; what it computes is tested where graphs can be walked, in the engine. */
final class ObsCompensatorTest extends ProviderContract<WeightCompensator> {

    ObsCompensatorTest() {
        super(WeightCompensator.class);
    }

    @Override
    protected WeightCompensator provider() {
        return new ObsCompensator();
    }
}
