package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Random networks: the coupling of plain ones is known, exotic ones are there to be pruned and verified. */
public final class RandomGraphs {

    private static final int FEWEST_STEPS = 2;
    private static final int MOST_STEPS = 10;

    private RandomGraphs() {}

    /**
     * A random network.
     *
     * @param graph valid, with a symbolic {@code batch}
     * @param truth what is coupled; absent for exotic networks
     * @param shapes shapes of values, as far as the builder followed them
     * @param recipe what it was made from
     */
    public record Generated(Graph graph, Optional<Truth> truth, Map<String, List<Dimension>> shapes, Recipe recipe) {}

    /**
     * What a random network is made from: the same recipe gives the same network.
     *
     * @param ends seed of the input and the output
     * @param steps seed of every step in between; steps can be left out
     * @param exotic whether steps of doubtful coupling take part
     */
    public record Recipe(long ends, List<Long> steps, boolean exotic) {

        public Recipe {
            steps = List.copyOf(steps);
        }

        /** This recipe with one step left out. */
        public Recipe without(int step) {
            List<Long> fewer = new ArrayList<>(steps);
            fewer.remove(step);
            return new Recipe(ends, fewer, exotic);
        }
    }

    /** A network with known coupling. */
    public static Generated plain(long seed) {
        return generate(recipe(seed, false));
    }

    /**
     * A network that may also have grouped convolutions, channel shuffles, pixel shuffles, padded channels, attention of
     * several heads and, at its end, a recurrent layer.
     */
    public static Generated exotic(long seed) {
        return generate(recipe(seed, true));
    }

    private static Recipe recipe(long seed, boolean exotic) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = random.nextInt(FEWEST_STEPS, MOST_STEPS + 1);
        long ends = random.nextLong();
        List<Long> steps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            steps.add(random.nextLong());
        }
        return new Recipe(ends, steps, exotic);
    }

    /** The network of a recipe. */
    public static Generated generate(Recipe recipe) {
        RandomNetwork network = new RandomNetwork(recipe.ends(), recipe.steps(), recipe.exotic());
        Graph graph = network.graph();
        Optional<Truth> truth = recipe.exotic() ? Optional.empty() : Optional.of(network.truth());
        return new Generated(graph, truth, network.shapes(), recipe);
    }

    /** The network without every step that does not matter to the failure; truth is known at every point. */
    public static Generated shrink(Generated failing, Predicate<Generated> stillFails) {
        Generated smallest = failing;
        for (Optional<Generated> next = smaller(smallest, stillFails);
                next.isPresent();
                next = smaller(smallest, stillFails)) {
            smallest = next.get();
        }
        return smallest;
    }

    private static Optional<Generated> smaller(Generated failing, Predicate<Generated> stillFails) {
        Recipe recipe = failing.recipe();
        return IntStream.range(0, recipe.steps().size())
                .mapToObj(recipe::without)
                .map(RandomGraphs::generate)
                .filter(stillFails)
                .findFirst();
    }

    /**
     * The graph with as few nodes as possible for which the property still fails.
     *
     * <p>Nodes are left out one by one: an operand of the same shape takes the place of a result, or an operand becomes
     * the output instead. Only values of known shape are exchanged, so that every candidate is valid.
     */
    public static Graph shrink(Graph failing, Map<String, List<Dimension>> shapes, Predicate<Graph> stillFails) {
        return new GraphShrinker(shapes, stillFails).shrink(failing);
    }
}
