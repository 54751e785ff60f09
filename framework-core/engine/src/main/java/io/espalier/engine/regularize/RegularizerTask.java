package io.espalier.engine.regularize;

import io.espalier.spi.RunContext;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.CoupledGroup;
import io.espalier.spi.regularizer.RegularizerContext;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a regularizer is told of a training.
 *
 * @param name name of the regularizer, which its randomness follows from
 * @param options its validated options
 * @param network the channels, and what the cut is to leave
 * @param steps how often weights are updated, at least 1
 * @param epochs how often all examples are seen, at least 1
 * @param context gives randomness
 */
public record RegularizerTask(
        String name, Options options, RegularizedNetwork network, long steps, int epochs, RunContext context)
        implements RegularizerContext {

    @Override
    public List<CoupledGroup> groups() {
        return network.groups();
    }

    @Override
    public Set<String> compactors() {
        return network.compactors();
    }

    @Override
    public boolean[][] weakest(double[][] scores, double progress) {
        return network.weakest(scores, progress);
    }

    @Override
    public RandomGenerator random(String subject) {
        return context.random(name, subject);
    }
}
