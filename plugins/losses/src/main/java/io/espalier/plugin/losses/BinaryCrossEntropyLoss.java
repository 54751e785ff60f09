package io.espalier.plugin.losses;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;
import java.util.Map;

/**
 * Binary cross-entropy of each score x, before the sigmoid, with a label t from 0 to 1: log(1 + e^x) - t x, which is
 * -t log s(x) - (1 - t) log(1 - s(x)) with the sigmoid s. Without labels t is 1 where the score is positive.
 */
public final class BinaryCrossEntropyLoss implements Loss {

    @Override
    public String name() {
        return "binary-cross-entropy";
    }

    @Override
    public String description() {
        return "Binary cross-entropy of each score, taken before its sigmoid, with a label from 0 to 1.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(Target.OUTPUT, Target.LABELS, Own.TRUTH);
    }

    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        String scores = context.producer(target.name())
                .filter(node -> node.qualifiedOperator().equals("Sigmoid"))
                .map(node -> node.inputs().get(0))
                .orElse(target.name());
        String truth = Own.labels(context, target, List.of(target.alike()))
                .orElseGet(() -> context.apply(
                        "Cast",
                        Map.of("to", new Attribute.Int(1)),
                        context.apply("Greater", scores, context.scalar(0))));
        return context.apply("Sub", context.apply("Softplus", scores), context.apply("Mul", truth, scores));
    }
}
