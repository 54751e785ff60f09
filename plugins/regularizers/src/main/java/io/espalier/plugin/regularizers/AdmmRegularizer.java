package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.CoupledSlices;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Alternating directions (Zhang et al., A Systematic DNN Weight Pruning Framework using Alternating Direction Method of Multipliers,
 * ECCV 2018, with whole channels): weights are drawn to the nearest network that meets the target.
 *
 * <pre>
 * R = rho / 2 * ||w - Z + U||^2;   after each epoch  Z = w + U with the weakest channels zero,   U = U + w - Z
 * </pre>
 *
 * <p>Channels of all groups compete by their share of the group's squared norm, with what makes them and not what reads them. The
 * authors' rho was not seen; the default is ours. After the first epoch there is no pull yet: not for trainings of a few epochs.
 */
public final class AdmmRegularizer implements Regularizer {

    private static final String RHO = "rho";

    @Override
    public String name() {
        return "admm";
    }

    @Override
    public String description() {
        return "Alternating directions: weights are drawn to the nearest network that meets the target.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.number(RHO, 1e-2, 0, 1e3, "how much the distance counts"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context, context.options().number(RHO));
    }

    private static final class Worker implements RegularizerWorker {

        private final RegularizerContext context;
        private final double rho;
        private final Channels made;
        /** Whether there is a Z yet. */
        private final float[] begun = new float[1];
        /** Z and U of each slice's elements, channel after channel. */
        private final Map<String, float[]> state = new LinkedHashMap<>();

        private interface Visitor {
            void visit(String slices, int place, String weight, int element, int channel);
        }

        Worker(RegularizerContext context, double rho) {
            this.context = context;
            this.rho = rho;
            this.made = Channels.made(context.groups());
            state.put("begun", begun);
            Map<String, Integer> sizes = new LinkedHashMap<>();
            forEach((slices, place, weight, element, channel) -> sizes.put(slices, place + 1));
            sizes.forEach((slices, size) -> {
                state.put("Z " + slices, new float[size]);
                state.put("U " + slices, new float[size]);
            });
        }

        private void forEach(Visitor visitor) {
            Map<String, Integer> places = new LinkedHashMap<>();
            for (int channel = 0; channel < made.count(); channel++) {
                int number = 0;
                for (CoupledSlices each : made.slices(channel)) {
                    String slices = made.groupOf(channel) + "." + number++;
                    int place = places.getOrDefault(slices, 0);
                    for (int element : made.elements(channel, each)) {
                        visitor.visit(slices, place++, each.weight(), element, channel);
                    }
                    places.put(slices, place);
                }
            }
        }

        @Override
        public Map<String, float[]> state() {
            return state;
        }

        @Override
        public double penalty(Map<String, float[]> weights) {
            double[] sum = new double[1];
            if (begun[0] != 0) {
                forEach((slices, place, weight, element, channel) -> {
                    double apart = weights.get(weight)[element]
                            - (double) state.get("Z " + slices)[place]
                            + state.get("U " + slices)[place];
                    sum[0] += rho / 2 * apart * apart;
                });
            }
            return sum[0];
        }

        @Override
        public void addGradient(RegularizerStep step) {
            if (begun[0] != 0) {
                forEach((slices, place, weight, element, channel) ->
                        step.gradients().get(weight)[element] += (float) (rho
                                * (step.weights().get(weight)[element]
                                        - state.get("Z " + slices)[place]
                                        + state.get("U " + slices)[place])));
            }
        }

        @Override
        public void endEpoch(int epoch, Map<String, float[]> weights) {
            double[] squares = new double[made.count()];
            forEach((slices, place, weight, element, channel) -> {
                double aim = weights.get(weight)[element] + state.get("U " + slices)[place];
                squares[channel] += aim * aim;
            });
            float[] weak = new float[made.count()];
            made.mark(context.weakest(made.byGroup(made.inMeans(squares)), 1), weak);
            forEach((slices, place, weight, element, channel) -> {
                float[] u = state.get("U " + slices);
                float aim = weights.get(weight)[element] + u[place];
                float z = weak[channel] != 0 ? 0 : aim;
                state.get("Z " + slices)[place] = z;
                u[place] = aim - z;
            });
            begun[0] = 1;
        }
    }
}
