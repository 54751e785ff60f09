package io.espalier.plugin.magnitude;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/**
 * The p-th power of the Lp norm of a slice: the sum of {@code |w|^p} over its elements, without a root.
 *
 * <p>The element score of DepGraph (arXiv 2301.12900) and SPA (arXiv 2403.18955). {@code p = 1} equals {@code l1} and
 * {@code p = 2} equals {@code l2}; the default 1.5 lies between them. Small {@code p} counts weights, large {@code p}
 * looks at the largest ones only. All trained parameters take part. Weights beyond {@code 1e30} overflow at {@code p =
 * 10}; such models are refused by the engine, which wants finite scores.
 */
public final class LpCriterion implements SliceCriterion {

    private static final String POWER = "p";

    @Override
    public String name() {
        return "lp";
    }

    @Override
    public String description() {
        return "Sum of absolute weights to the power p, without a root.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.number(POWER, 1.5, 0.01, 10, "power of each absolute weight"));
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double power = context.options().number(POWER);
        return ElementSum.of(axis, value -> Math.pow(Math.abs(value), power));
    }
}
