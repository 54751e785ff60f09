package io.espalier.testkit;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.CoupledGroup;
import io.espalier.spi.regularizer.CoupledSlices;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Three layers with two groups of channels between them, of which half are to go, trained towards random weights by plain gradient
 * descent. Not thread-safe.
 */
public final class TestingChannels implements RegularizerContext {

    private static final int[] WIDTHS = {5, 8, 6, 3};
    private static final double RATE = 0.05;

    private final Options options;
    private final long steps;
    private final int epochs;
    private final long seed;
    private final List<CoupledGroup> groups = new ArrayList<>();
    private final Map<String, float[]> weights = new LinkedHashMap<>();
    private final Map<String, float[]> aims = new LinkedHashMap<>();
    private final Map<String, float[]> gradients = new LinkedHashMap<>();
    private final Set<String> compactors = new LinkedHashSet<>();
    private long over;

    /**
     * Weights of a seed.
     *
     * @param options validated options of the regularizer
     */
    public TestingChannels(long seed, Options options, long steps, int epochs) {
        this.seed = seed;
        this.options = options;
        this.steps = steps;
        this.epochs = epochs;
        SplittableRandom random = new SplittableRandom(seed);
        for (int layer = 1; layer < WIDTHS.length; layer++) {
            make(random, "weight" + layer, WIDTHS[layer] * WIDTHS[layer - 1], 0);
            if (layer + 1 < WIDTHS.length) {
                make(random, "bias" + layer, WIDTHS[layer], 0);
                make(random, "scale" + layer, WIDTHS[layer], 1);
                groups.add(group(layer));
            }
        }
    }

    /** The same with a compactor behind each layer whose channels can go, trained towards the identity. */
    public TestingChannels withCompactors() {
        for (int layer = 1; layer + 1 < WIDTHS.length; layer++) {
            int width = WIDTHS[layer];
            String name = "compactor" + layer;
            float[] identity = new float[width * width];
            int[][] rows = new int[width][width];
            for (int i = 0; i < identity.length; i++) {
                identity[i] = i % (width + 1) == 0 ? 1 : 0;
                rows[i / width][i % width] = i;
            }
            weights.put(name, identity);
            aims.put(name, identity.clone());
            gradients.put(name, new float[identity.length]);
            CoupledGroup plain = groups.get(layer - 1);
            List<CoupledSlices> slices = new ArrayList<>(plain.slices());
            slices.add(new CoupledSlices(name, ParameterRole.PRODUCER, rows));
            groups.set(layer - 1, new CoupledGroup(plain.name(), slices));
            compactors.add(name);
        }
        return this;
    }

    private void make(SplittableRandom random, String name, int size, double mean) {
        float[] values = new float[size];
        float[] aim = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + random.nextDouble(-0.7, 0.7));
            aim[i] = (float) (mean + random.nextDouble(-0.7, 0.7));
        }
        weights.put(name, values);
        aims.put(name, aim);
        gradients.put(name, new float[size]);
    }

    private static CoupledGroup group(int layer) {
        int width = WIDTHS[layer];
        int before = WIDTHS[layer - 1];
        int after = WIDTHS[layer + 1];
        int[][] rows = new int[width][before];
        int[][] single = new int[width][1];
        int[][] columns = new int[width][after];
        for (int channel = 0; channel < width; channel++) {
            single[channel][0] = channel;
            for (int i = 0; i < before; i++) {
                rows[channel][i] = channel * before + i;
            }
            for (int i = 0; i < after; i++) {
                columns[channel][i] = i * width + channel;
            }
        }
        return new CoupledGroup(
                "weight" + layer,
                List.of(
                        new CoupledSlices("weight" + layer, ParameterRole.PRODUCER, rows),
                        new CoupledSlices("bias" + layer, ParameterRole.BIAS, single),
                        new CoupledSlices("scale" + layer, ParameterRole.NORM_SCALE, single),
                        new CoupledSlices("weight" + (layer + 1), ParameterRole.CONSUMER, columns)));
    }

    /** The weights, by name. */
    public Map<String, float[]> weights() {
        return weights;
    }

    /** The gradients of the last step, by name. */
    public Map<String, float[]> gradients() {
        return gradients;
    }

    /** A step with the weights and gradients as they are. */
    public RegularizerStep step(long number) {
        return new RegularizerStep(number, RATE, weights, gradients, Map.of());
    }

    /** Goes on until so many steps are over. */
    public void train(RegularizerWorker worker, long until) {
        while (over < until) {
            over++;
            Map<String, float[]> previous = new LinkedHashMap<>();
            weights.forEach((name, values) -> {
                previous.put(name, values.clone());
                for (int i = 0; i < values.length; i++) {
                    gradients.get(name)[i] = values[i] - aims.get(name)[i];
                }
            });
            worker.addGradient(step(over));
            weights.forEach((name, values) -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] -= (float) (RATE * gradients.get(name)[i]);
                }
            });
            worker.afterStep(
                    new RegularizerStep(over, RATE, weights, gradients, worker.comparesSteps() ? previous : Map.of()));
            if (over % (steps / epochs) == 0) {
                worker.endEpoch((int) (over / (steps / epochs)), weights);
            }
        }
    }

    /** For each group which channels are zero as a whole. */
    public boolean[][] zeros() {
        boolean[][] zeros = new boolean[groups.size()][];
        for (int group = 0; group < zeros.length; group++) {
            zeros[group] = new boolean[groups.get(group).size()];
            for (int channel = 0; channel < zeros[group].length; channel++) {
                zeros[group][channel] = true;
                for (CoupledSlices slices : groups.get(group).slices()) {
                    for (int element : slices.elements()[channel]) {
                        zeros[group][channel] &= weights.get(slices.weight())[element] == 0;
                    }
                }
            }
        }
        return zeros;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public List<CoupledGroup> groups() {
        return groups;
    }

    @Override
    public Set<String> compactors() {
        return Set.copyOf(compactors);
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public int epochs() {
        return epochs;
    }

    @Override
    public boolean[][] weakest(double[][] scores, double progress) {
        List<int[]> all = new ArrayList<>();
        boolean[][] gone = new boolean[scores.length][];
        for (int group = 0; group < scores.length; group++) {
            gone[group] = new boolean[scores[group].length];
            for (int channel = 0; channel < scores[group].length; channel++) {
                all.add(new int[] {group, channel});
            }
        }
        all.sort(Comparator.comparingDouble(each -> scores[each[0]][each[1]]));
        all.subList(0, (int) Math.round(all.size() * progress / 2)).forEach(each -> gone[each[0]][each[1]] = true);
        return gone;
    }

    @Override
    public RandomGenerator random(String subject) {
        return new SplittableRandom(seed + subject.hashCode());
    }
}
