package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Discrimination;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Greedy: beginning with no channel, that one is selected next along whose weights the loss has the largest gradient, {@code
 * argmax_k ||dL/dW_k||^2}, and the weights of all selected channels are optimised. The loss of a layer is the squared error of its
 * outputs, {@code 1/(2 Q) ||O - O_b||^2} for {@code Q} of them, plus {@code lambda} times the cross-entropy of the first classifier behind it.
 *
 * <p>Discrimination-aware channel pruning of Zhuang et al. (arXiv 1810.11809, algorithms 1 and 2), with the classifiers of
 * {@link Discrimination} as the additional losses of the middle of the network. Theirs optimises weights and classifiers by stochastic
 * gradients; here the cross-entropy is replaced by what is known of it at the uncut network, its gradient {@code G} and its curvature with
 * Kronecker factors, {@code S} of the outputs and {@code H} of the inputs. Then the loss is a quadratic form, {@code 1/2 tr(M D H D^T) + lambda <G, D>}
 * for a change {@code D} of the weight and {@code M = I / outputs + lambda S}, and each optimum is exact: an elimination of the inputs that
 * were selected. Fine-tuning with the additional losses is left to training.
 *
 * <p>A channel scores what its selection takes off the loss, and no less than any that is selected later, so that ranking by score
 * repeats the order.
 *
 * <p>Not where examples have no class, and not for large networks in a hurry: every example is run alone, and a weight of {@code n} inputs costs
 * {@code n^3} operations.
 */
public final class DcpCriterion implements ChannelCriterion {

    private static final String LAMBDA = "lambda";
    private static final String RIDGE = "ridge";

    @Override
    public String name() {
        return "dcp";
    }

    @Override
    public String description() {
        return "Greedy: error of the layers that read the channel and loss of classifiers behind them (discrimination-aware).";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(LAMBDA, 1, 0, 1e6, "how much the loss of the classifiers counts"),
                OptionSpec.number(
                        RIDGE, 1e-3, 1e-9, 1e3, "added to the second moments, in mean squares of the inputs"));
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.WEIGHT_INPUTS, Evidence.DISCRIMINATION);
    }

    /** Only channels that weights read. */
    @Override
    public boolean scores(ChannelGroup group, ScoringContext context) {
        return !context.evidence(Evidence.WEIGHT_INPUTS).of(group).isEmpty();
    }

    @Override
    public double[] score(ChannelGroup group, ScoringContext context) {
        double lambda = context.options().number(LAMBDA);
        double ridge = context.options().number(RIDGE);
        Discrimination discrimination = context.evidence(Evidence.DISCRIMINATION);
        List<SelectedMatrix> matrices = context.evidence(Evidence.WEIGHT_INPUTS).of(group).stream()
                .flatMap(reader -> IntStream.range(0, reader.groups())
                        .mapToObj(matrix ->
                                new SelectedMatrix(reader, matrix, group.size(), discrimination, lambda, ridge)))
                .toList();
        return SelectionOrder.scores(
                group.size(),
                context,
                channel -> matrices.stream()
                        .mapToDouble(each -> each.slope(channel))
                        .sum(),
                channel -> matrices.stream()
                        .mapToDouble(each -> each.select(channel))
                        .sum());
    }
}
