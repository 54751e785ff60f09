package io.espalier.engine.depth;

import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.GraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A network of sums of a value and some branches of it: by one operator, or by a chain of pairs in a random order.
 *
 * @param branches how many there are in all sums
 */
record TestingSums(Graph graph, int branches) {

    private static final int WIDTH = 8;
    private static final int SUMS = 3;
    private static final int MOST_BRANCHES = 3;

    static TestingSums of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GraphBuilder builder = new GraphBuilder("sums", seed);
        String x = builder.relu(builder.gemm("in", builder.input("x", "batch", WIDTH), WIDTH));
        int branches = 0;
        for (int sum = 0; sum < SUMS; sum++) {
            List<String> operands = new ArrayList<>(List.of(x));
            int more = 1 + random.nextInt(MOST_BRANCHES);
            for (int branch = 0; branch < more; branch++) {
                operands.add(random.nextInt(operands.size() + 1), branch(builder, random, x, sum + "." + branch));
            }
            branches += more;
            x = builder.relu(
                    random.nextBoolean()
                            ? builder.sum(operands.toArray(String[]::new))
                            : chain(builder, random, operands));
        }
        return new TestingSums(builder.output(builder.gemm("out", x, 3)).build(), branches);
    }

    private static String branch(GraphBuilder builder, SplittableRandom random, String x, String name) {
        String hidden = builder.relu(builder.gemm(name + ".first", x, 4 + random.nextInt(6)));
        return builder.gemm(name + ".second", hidden, WIDTH);
    }

    private static String chain(GraphBuilder builder, SplittableRandom random, List<String> operands) {
        List<String> left = new ArrayList<>(operands);
        while (left.size() > 1) {
            String one = left.remove(random.nextInt(left.size()));
            String other = left.remove(random.nextInt(left.size()));
            left.add(builder.add(one, other));
        }
        return left.get(0);
    }
}
