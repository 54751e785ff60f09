package io.espalier.engine.evidence;

import io.espalier.engine.evidence.OutputGradientSweep.Found;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.criterion.Discrimination;
import io.espalier.spi.criterion.WeightInputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits linear classifiers in the middle of a network and measures how the loss of the first one behind each weight depends on it; behind
 * the last of them that is the loss of the network.
 */
final class DiscriminationSweep {

    /** Parts of a network, each with a loss at its end. */
    private static final int PARTS = 3;

    private final SweepContext context;
    private final Shapes shapes;

    DiscriminationSweep(SweepContext context) {
        this.context = context;
        this.shapes = context.coupling().operators().infer(context.graph());
    }

    Discrimination run() {
        Operators operators = context.coupling().operators();
        List<AppliedWeight> all = AppliedWeight.all(context.graph(), operators, shapes);
        List<MiddlePoint> points = MiddlePoint.of(context.graph(), context.coupling(), shapes, all, PARTS);
        List<AppliedWeight> left = new ArrayList<>(all);
        Map<String, Found> found = new HashMap<>();
        for (MiddleLoss loss : new MiddleClassifiers(context, shapes, points).fitted()) {
            List<AppliedWeight> own =
                    left.stream().filter(loss.point().weights()::contains).toList();
            found.putAll(measured(loss.chosen(), own));
            left.removeAll(own);
        }
        found.putAll(measured(context.chosen(), left));
        return new Measured(found);
    }

    private Map<String, Found> measured(ChosenLoss loss, List<AppliedWeight> weights) {
        return weights.isEmpty() ? Map.of() : new OutputGradientSweep(context.with(loss), weights, true).run();
    }

    private record Measured(Map<String, Found> found) implements Discrimination {

        private static final Found NOTHING = new Found(new double[0], new double[0]);

        @Override
        public double[] gradient(WeightInputs reader) {
            return found.getOrDefault(reader.node(), NOTHING).gradient();
        }

        @Override
        public double[] outputMoments(WeightInputs reader) {
            return found.getOrDefault(reader.node(), NOTHING).moments();
        }
    }
}
