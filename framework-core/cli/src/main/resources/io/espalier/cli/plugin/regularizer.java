package {package};

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.CoupledGroup;
import io.espalier.spi.regularizer.CoupledSlices;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;
import java.util.Map;

/** Half the square of all that a channel removes. Put your formula and its source here. */
public final class {class} implements Regularizer {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Pulls all weights of coupled channels towards zero.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.number("strength", 1e-4, 0, 1e3, "how much the penalty counts"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context.groups(), context.options().number("strength"));
    }

    private record Worker(List<CoupledGroup> groups, double strength) implements RegularizerWorker {

        @Override
        public double penalty(Map<String, float[]> weights) {
            double squares = 0;
            for (CoupledGroup group : groups) {
                for (CoupledSlices slices : group.slices()) {
                    float[] weight = weights.get(slices.weight());
                    for (int[] channel : slices.elements()) {
                        for (int element : channel) {
                            squares += (double) weight[element] * weight[element];
                        }
                    }
                }
            }
            return strength * squares / 2;
        }

        @Override
        public void addGradient(RegularizerStep step) {
            for (CoupledGroup group : groups) {
                for (CoupledSlices slices : group.slices()) {
                    float[] weight = step.weights().get(slices.weight());
                    float[] gradient = step.gradients().get(slices.weight());
                    for (int[] channel : slices.elements()) {
                        for (int element : channel) {
                            gradient[element] += (float) (strength * weight[element]);
                        }
                    }
                }
            }
        }
    }
}
