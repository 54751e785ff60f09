package io.espalier.engine.search;

import io.espalier.graph.cost.Cost;
import java.util.Optional;
import java.util.SplittableRandom;

/** A model whose value falls with the budget, along a curve that a seed bends. */
final class TestingCurve {

    static final double ORIGINAL = 0.94;

    private final long seed;
    private final double bend;
    private final double steepness;
    private final int lowest;
    private final double noise;

    /**
     * A curve.
     *
     * @param noise how far values lie beside the curve at most
     */
    TestingCurve(long seed, double noise) {
        SplittableRandom random = new SplittableRandom(seed);
        this.seed = seed;
        this.bend = 1 + 4 * random.nextDouble();
        this.steepness = 0.1 + 2 * random.nextDouble();
        this.lowest = random.nextInt(300);
        this.noise = noise;
    }

    /** Of a curve of models whose cost is a multiple of a width, as far as so little can remain. */
    Trial trial(int budget, int width) {
        return new Trial(
                budget,
                trial(Math.max(budget / width * width, Math.min(budget, lowest)))
                        .point());
    }

    /** The same value for the same budget, whenever it is asked for. */
    Trial trial(int budget) {
        if (budget < lowest) {
            return new Trial(budget, Optional.empty());
        }
        double beside = noise * (2 * new SplittableRandom(seed * 31 + budget).nextDouble() - 1);
        return new Trial(
                budget, Optional.of(new Trial.Point(new Cost(budget, budget, budget), value(budget) + beside)));
    }

    double value(int budget) {
        return ORIGINAL - steepness * removed(budget);
    }

    /** What is removed of all importance. */
    double removed(int budget) {
        return Math.pow(1 - budget / (double) Trial.WHOLE, bend);
    }

    /** The smallest budget of all that can remain and keeps a value, without noise. */
    int smallest(double least) {
        int budget = Trial.WHOLE;
        while (budget > Math.max(1, lowest) && value(budget - 1) >= least) {
            budget--;
        }
        return budget;
    }
}
