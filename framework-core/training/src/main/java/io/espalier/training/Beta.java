package io.espalier.training;

import java.util.random.RandomGenerator;

/** Draws from beta distributions, as quotients of gamma variates. */
final class Beta {

    private Beta() {}

    /** A share whose distribution has both parameters alike. */
    static double symmetric(double parameter, RandomGenerator random) {
        double one = gamma(parameter, random);
        double other = gamma(parameter, random);
        return one + other == 0 ? (random.nextBoolean() ? 1 : 0) : one / (one + other);
    }

    /** Marsaglia and Tsang, A simple method for generating gamma variables, ACM TOMS 26 (2000). */
    private static double gamma(double shape, RandomGenerator random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double v = Math.pow(1 + c * normal, 3);
            if (v > 0 && Math.log(random.nextDouble()) < normal * normal / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
