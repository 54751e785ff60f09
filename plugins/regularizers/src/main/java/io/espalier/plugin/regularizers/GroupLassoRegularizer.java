package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;
import java.util.Map;

/**
 * Group lasso on coupled channels (Wen et al., Learning Structured Sparsity in Deep Neural Networks, NIPS 2016; Li et al., OICSR,
 * CVPR 2019, which takes the filter and the inputs that read it as one group).
 *
 * <pre>
 * R = strength * sum over channels of sqrt(size) * ||w||
 * </pre>
 *
 * <p>with all that is removed with a channel as w. The gradient is 0 where w is 0. The strength is ours. Not for networks that are
 * trained for a few hundred steps with Adam or AdamW, which scale the pull of every weight alike.
 */
public final class GroupLassoRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";

    @Override
    public String name() {
        return "group-lasso";
    }

    @Override
    public String description() {
        return "Group lasso on coupled channels (SSL, OICSR): pulls every channel alike, whatever its norm.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.number(STRENGTH, 1e-4, 0, 1e3, "how much the penalty counts"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        double strength = context.options().number(STRENGTH);
        return new PenaltyWorker(Channels.whole(context.groups())) {
            @Override
            double of(int channel, Map<String, float[]> weights) {
                return strength * Math.sqrt(channels.size(channel)) * channels.norm(channel, weights);
            }

            @Override
            double factor(int channel, Map<String, float[]> weights) {
                double norm = channels.norm(channel, weights);
                return norm == 0 ? 0 : strength * Math.sqrt(channels.size(channel)) / norm;
            }
        };
    }
}
