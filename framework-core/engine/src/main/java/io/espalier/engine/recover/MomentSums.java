package io.espalier.engine.recover;

import io.espalier.graph.operator.WeightMatrix;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/** The moments of one application of a weight: those to fit it by, and those to judge the fit by. Not thread-safe. */
final class MomentSums {

    /** How far the error from the moments may be from the error of the node: further, the node is not linear in its weight. */
    private static final double LINEAR = 1e-3;

    private final MomentGraph graph;
    private Moments fit;
    private Moments judge;
    /** What the node itself differs from the targets by, on what was held back. */
    private double direct;

    /** Sums of nothing. */
    MomentSums(MomentGraph graph, WeightMatrix matrix) {
        this.graph = graph;
        this.fit = Moments.none(matrix.groups(), matrix.inputs(), matrix.outputs());
        this.judge = Moments.none(matrix.groups(), matrix.inputs(), matrix.outputs());
    }

    /** Adds what the graph gives for a batch. */
    void add(Map<String, Tensor> results, boolean heldBack) {
        if (heldBack) {
            direct += graph.error(results);
            judge = graph.add(results, judge);
        } else {
            fit = graph.add(results, fit);
        }
    }

    Moments toFit() {
        return fit;
    }

    Moments toJudge() {
        return judge;
    }

    /** Whether all sums are numbers. */
    boolean isFinite() {
        return Double.isFinite(direct)
                && Double.isFinite(squares(fit))
                && Double.isFinite(squares(judge))
                && Arrays.stream(fit.gram()).allMatch(Double::isFinite)
                && Arrays.stream(judge.gram()).allMatch(Double::isFinite);
    }

    /** Whether the node computes what its weight gives as a matrix. */
    boolean isLinear(LinearMap weight) {
        return Math.abs(judge.error(weight) - direct) <= LINEAR * squares(judge);
    }

    private static double squares(Moments moments) {
        return Arrays.stream(moments.targetSquares()).sum();
    }
}
