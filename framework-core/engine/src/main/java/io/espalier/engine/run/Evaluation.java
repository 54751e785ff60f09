package io.espalier.engine.run;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/**
 * How often the largest element of the first output is the label.
 *
 * @param correct examples whose label was found
 * @param examples examples in all
 */
public record Evaluation(long correct, long examples) {

    private static final int BATCH = 100;

    /** Share of examples whose label was found, from 0 to 1. */
    public double accuracy() {
        return (double) correct / examples;
    }

    /**
     * Measures a model.
     *
     * @param labels the class of each example
     * @throws InvalidInputException when the first output is not one row of scores an example
     */
    static Evaluation measure(Runner runner, Examples examples, long[] labels, String phase, RunContext context) {
        int batch = examples.batch(BATCH);
        long correct = 0;
        for (long start = 0; start < labels.length; start += batch) {
            context.progress(phase, start, labels.length);
            int count = (int) Math.min(batch, labels.length - start);
            int fed = examples.batch(count);
            Tensor output =
                    runner.run(examples.inputs(start, fed)).get(runner.outputs().get(0));
            correct += correct(runner.outputs().get(0), output, fed, labels, (int) start, count);
        }
        return new Evaluation(correct, labels.length);
    }

    private static long correct(String name, Tensor output, int fed, long[] labels, int start, int count) {
        List<Long> shape = output.shape();
        long classes = output.size() / fed;
        if (shape.size() < 2 || shape.get(0) != fed || shape.get(1) != classes) {
            throw new InvalidInputException("Accuracy needs one row of scores an example, but the first output '" + name
                    + "' has shape " + shape + " for " + fed + " examples; leave out the labels.");
        }
        float[] scores = Tensors.toFloats(output);
        long correct = 0;
        for (int row = 0; row < count; row++) {
            int best = 0;
            for (int each = 1; each < classes; each++) {
                if (scores[(int) (row * classes) + each] > scores[(int) (row * classes) + best]) {
                    best = each;
                }
            }
            correct += best == labels[start + row] ? 1 : 0;
        }
        return correct;
    }
}
