package io.espalier.plugin.losses;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The sum of all elements of an output, averaged over the examples: what SynFlow differentiates. It has no labels. What stands
 * before a softmax at the end is taken, for shares always add up to 1.
 */
public final class SumLoss implements Loss {

    @Override
    public String name() {
        return "sum";
    }

    @Override
    public String description() {
        return "Sum of an output, without labels.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(Target.OUTPUT);
    }

    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        if (target.rank() == 1) {
            return context.apply("Identity", target.name());
        }
        String scores = Classes.scores(context, target);
        String axes = context.constant(
                Tensors.vector(LongStream.range(1, target.rank()).toArray()));
        return context.apply("ReduceSum", Map.of("keepdims", new Attribute.Int(0)), scores, axes);
    }
}
