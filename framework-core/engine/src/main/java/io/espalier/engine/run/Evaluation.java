package io.espalier.engine.run;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
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

    /** All examples in order. */
    static final BatchOptions BATCHES = BatchOptions.of(100);

    /** Share of examples whose label was found, from 0 to 1. */
    public double accuracy() {
        return (double) correct / examples;
    }

    /**
     * Measures a model.
     *
     * @param examples their labels are classes
     * @throws InvalidInputException when the first output is not one row of scores an example
     */
    static Evaluation measure(Runner runner, Batches examples, String phase, RunContext context) {
        String first = runner.outputs().get(0);
        long done = 0;
        long correct = 0;
        for (Batch batch : examples) {
            context.progress(phase, done, examples.examples());
            correct += correct(first, runner.run(batch.inputs()).get(first), batch);
            done += batch.size();
        }
        return new Evaluation(correct, done);
    }

    private static long correct(String name, Tensor output, Batch batch) {
        long fed = batch.inputs().values().iterator().next().shape().get(0);
        List<Long> shape = output.shape();
        long classes = output.size() / fed;
        if (shape.size() < 2 || shape.get(0) != fed || shape.get(1) != classes) {
            throw new InvalidInputException("Accuracy needs one row of scores an example, but the first output '" + name
                    + "' has shape " + shape + " for " + fed + " examples; leave out the labels.");
        }
        long[] labels = batch.classes().orElseThrow();
        float[] scores = Tensors.toFloats(output);
        long correct = 0;
        for (int row = 0; row < labels.length; row++) {
            int best = 0;
            for (int each = 1; each < classes; each++) {
                if (scores[(int) (row * classes) + each] > scores[(int) (row * classes) + best]) {
                    best = each;
                }
            }
            correct += best == labels[row] ? 1 : 0;
        }
        return correct;
    }
}
