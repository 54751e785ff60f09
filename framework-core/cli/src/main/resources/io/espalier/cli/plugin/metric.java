package {package};

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Mean over the classes of the share of their examples that are right. Put your formula and its source here. */
public final class {class} implements Metric {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Share of right answers, in which every class counts alike.";
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public boolean higherIsBetter(Options options) {
        return true;
    }

    @Override
    public Labels labels() {
        return Labels.CLASSES;
    }

    @Override
    public Measurement start(Options options, RunContext context) {
        return new Shares();
    }

    private static final class Shares implements Measurement {

        /** How many examples of a class were right, and how many there were. */
        private final Map<Long, long[]> counts = new TreeMap<>();

        @Override
        public void add(Batch batch, Map<String, Tensor> outputs) {
            Map.Entry<String, Tensor> first = outputs.entrySet().iterator().next();
            long[] classes = batch.classes().orElseThrow();
            List<Long> shape = first.getValue().shape();
            if (shape.size() != 2 || shape.get(0) != classes.length) {
                throw new InvalidInputException("The metric '{name}' needs a row of scores an example, but the output "
                        + Quoted.name(first.getKey()) + " has shape " + shape + ". Choose another metric.");
            }
            float[] scores = Tensors.toFloats(first.getValue());
            int width = scores.length / classes.length;
            for (int row = 0; row < classes.length; row++) {
                long[] count = counts.computeIfAbsent(classes[row], each -> new long[2]);
                count[0] += largest(scores, row * width, width) == classes[row] ? 1 : 0;
                count[1]++;
            }
        }

        private static int largest(float[] scores, int start, int width) {
            int largest = 0;
            for (int i = 1; i < width; i++) {
                largest = scores[start + i] > scores[start + largest] ? i : largest;
            }
            return largest;
        }

        @Override
        public double value() {
            return counts.values().stream()
                    .mapToDouble(count -> (double) count[0] / count[1])
                    .average()
                    .orElseThrow();
        }
    }
}
