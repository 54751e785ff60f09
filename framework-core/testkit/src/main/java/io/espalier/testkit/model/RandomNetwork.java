package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A random network, built from seeds. */
final class RandomNetwork {

    private static final int IMAGE_RANK = 4;
    private static final int VECTOR_RANK = 2;

    private final boolean exotic;
    private final SplittableRandom ends;
    private final GraphBuilder graph;
    private final TrackedLayers layers;

    /**
     * Builds a network.
     *
     * @param ends seed of the input and the output
     * @param steps seed of every step in between
     * @param exotic whether steps of doubtful coupling take part
     */
    RandomNetwork(long ends, List<Long> steps, boolean exotic) {
        this.exotic = exotic;
        this.ends = new SplittableRandom(ends);
        this.graph = new GraphBuilder("random", ends);
        this.layers = new TrackedLayers(graph);
        Tracked x = input();
        for (long seed : steps) {
            x = step(x, new SplittableRandom(seed));
        }
        finish(x);
    }

    Graph graph() {
        return graph.build();
    }

    /** Shapes of values, as far as they were followed. */
    Map<String, List<Dimension>> shapes() {
        return graph.shapes();
    }

    /** Coupling as the steps state it, which is complete for networks that are not exotic. */
    Truth truth() {
        return layers.truth().truth();
    }

    private Tracked input() {
        int channels = ends.nextInt(2, 5);
        return switch (ends.nextInt(4)) {
            case 0 -> layers.input(1, "batch", channels + 3);
            case 1 -> layers.input(2, "batch", ends.nextInt(2, 5), channels);
            default -> layers.input(1, "batch", channels, 6, 6);
        };
    }

    private Tracked step(Tracked x, SplittableRandom random) {
        int rank = graph.rank(x.value());
        if (rank > VECTOR_RANK && random.nextInt(10) == 0) {
            return toVector(x, random);
        }
        if (exotic && random.nextInt(3) == 0) {
            return new ExoticSteps(layers, random).any(x);
        }
        RandomSteps steps = new RandomSteps(layers, random);
        return switch (rank) {
            case IMAGE_RANK -> steps.image(x);
            case VECTOR_RANK -> steps.vector(x);
            default -> steps.features(x);
        };
    }

    private Tracked toVector(Tracked x, SplittableRandom random) {
        boolean image = graph.rank(x.value()) == IMAGE_RANK;
        return switch (random.nextInt(3)) {
            case 0 -> layers.flatten(x);
            case 1 -> layers.flatten(image ? layers.transpose(x, 0, 2, 3, 1) : layers.transpose(x, 0, 2, 1));
            default -> mean(x, image);
        };
    }

    private Tracked mean(Tracked x, boolean image) {
        String pooled = image ? graph.mean(x.value(), false, 2, 3) : graph.mean(x.value(), false, 1);
        return new Tracked(pooled, 1, x.labels());
    }

    private void finish(Tracked x) {
        int rank = graph.rank(x.value());
        int choice = ends.nextInt(5);
        if (choice == 0) {
            layers.output(layers.unary("Tanh", x));
        } else if (exotic && choice == 1 && rank == 3) {
            layers.output(new ExoticSteps(layers, ends).lstm(x));
        } else if (rank == IMAGE_RANK && choice == 2) {
            layers.output(layers.conv(x, 3, Window.same(1)));
        } else {
            Tracked vector = rank == VECTOR_RANK ? x : toVector(x, ends);
            layers.output(layers.gemm(vector, 3));
        }
    }
}
