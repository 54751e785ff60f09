package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;
import java.util.Set;

/** Sums over slices what each element is worth by a number that was measured for it. */
abstract class ElementCriterion implements SliceCriterion {

    private final Evidence<Map<String, Tensor>> kind;

    ElementCriterion(Evidence<Map<String, Tensor>> kind) {
        this.kind = kind;
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(kind);
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] scores = new double[axis.size()];
        Tensor found = context.evidence(kind).get(axis.parameter());
        if (found == null) {
            return scores;
        }
        double[] measured = Tensors.toDoubles(found);
        int[] next = new int[1];
        axis.forEachRun((slice, step, values, from, to) -> {
            int at = slice;
            for (int i = from; i < to; i++) {
                scores[at] += ofElement(values[i], measured[next[0]++]);
                at += step;
            }
        });
        return scores;
    }

    /** What an element is worth. */
    abstract double ofElement(double weight, double measured);
}
