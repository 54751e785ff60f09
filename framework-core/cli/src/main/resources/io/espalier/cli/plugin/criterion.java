package {package};

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/** The largest magnitude of a slice. Put your formula and its source here. */
public final class {class} implements SliceCriterion {
    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Largest absolute weight of a slice.";
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] largest = new double[axis.size()];
        axis.forEach((slice, weight) -> largest[slice] = Math.max(largest[slice], Math.abs(weight)));
        return largest;
    }
}
