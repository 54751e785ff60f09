package io.espalier.engine.recover;

import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.compensator.WeightFit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One question for a weight, whatever number of nodes apply it: moments are summed over the nodes. Where each node adds a
 * bias of its own, its samples are taken relative to their means, so that the best bias follows from the weight; where its
 * bias is fixed, that is taken from the targets. Not thread-safe.
 */
final class JointFit {

    private final FittableWeight weight;
    /** Whether all samples are one question as they are. */
    private final boolean isPlain;

    private final List<Share> shares = new ArrayList<>();
    private Moments fit;
    private Moments judge;
    private double before;
    private double squares;

    /** What one node contributes: what it computes now, and what is taken from its inputs and targets. */
    private record Share(LinearMap now, double[] input, double[] target, boolean hasOwnBias) {}

    /** Sums of nothing. */
    JointFit(FittableWeight weight) {
        this.weight = weight;
        this.isPlain = !weight.isTied() || weight.sharesBias();
    }

    /** Adds the moments of the next application. */
    void add(Application application, MomentSums sums, LinearMap now) {
        before += sums.toJudge().error(now);
        squares += Arrays.stream(sums.toJudge().targetSquares()).sum();
        if (isPlain) {
            add(sums.toFit(), sums.toJudge());
            shares.add(new Share(now, new double[0], new double[0], false));
            return;
        }
        boolean own = application.hasBias();
        double[] input = own
                ? means(sums.toFit().inputSums(), sums)
                : new double[sums.toFit().inputSums().length];
        double[] target = own ? means(sums.toFit().targetSums(), sums) : now.bias();
        add(ShiftedMoments.shifted(sums.toFit(), input, target), ShiftedMoments.shifted(sums.toJudge(), input, target));
        shares.add(new Share(now, input, target, own));
    }

    private static double[] means(double[] of, MomentSums sums) {
        return Arrays.stream(of).map(sum -> sum / sums.toFit().samples()).toArray();
    }

    private void add(Moments moreToFit, Moments moreToJudge) {
        fit = fit == null ? moreToFit : ShiftedMoments.sum(fit, moreToFit);
        judge = judge == null ? moreToJudge : ShiftedMoments.sum(judge, moreToJudge);
    }

    /** What a solver is asked. */
    WeightFit question() {
        LinearMap now = shares.get(0).now();
        return new WeightFit(
                weight.node().id(),
                weight.name(),
                isPlain ? now : new LinearMap(now.weight(), new double[now.bias().length]),
                isPlain && weight.first().hasBias(),
                fit);
    }

    /** The error on what was held back as the cut has left it, relative to the squares of the targets. */
    double before() {
        return relative(before);
    }

    /** The same error with an answer to the question. */
    double judged(LinearMap answer) {
        return relative(judge.error(answer));
    }

    private double relative(double error) {
        return error / Math.max(Double.MIN_NORMAL, squares);
    }

    /** What an application computes with an answer to the question: its own bias with the common weight. */
    LinearMap of(int application, LinearMap answer) {
        Share share = shares.get(application);
        if (isPlain) {
            return answer;
        }
        return share.hasOwnBias()
                ? withBias(share, answer)
                : new LinearMap(answer.weight(), share.now().bias());
    }

    private LinearMap withBias(Share share, LinearMap answer) {
        double[] bias = share.target().clone();
        for (int row = 0; row < bias.length; row++) {
            int group = row / fit.outputs();
            for (int i = 0; i < fit.inputs(); i++) {
                bias[row] -= answer.weight()[row * fit.inputs() + i] * share.input()[group * fit.inputs() + i];
            }
        }
        return new LinearMap(answer.weight(), bias);
    }
}
