package io.espalier.training;

import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;

/** Small networks whose channels are coupled in different ways, without means over channels: zeros are zeros everywhere. */
enum PrunableNetworks {

    /** Channels around an addition. */
    RESIDUAL("third.0.weight") {
        @Override
        Graph graph() {
            GraphBuilder graph = new GraphBuilder("network", 3);
            String x = graph.relu(graph.bn("first.1", graph.conv("first.0", image(graph), 8, three().withoutBias())));
            String y = graph.relu(graph.bn("second.1", graph.conv("second.0", x, 8, three().withoutBias())));
            y = graph.bn("third.1", graph.conv("third.0", y, 8, three().withoutBias()));
            return classified(graph, graph.relu(graph.add(x, y)));
        }
    },

    /** A convolution in four groups, which keep equally many channels. */
    GROUPS("second.0.weight") {
        @Override
        Graph graph() {
            GraphBuilder graph = new GraphBuilder("network", 3);
            String x = graph.relu(graph.bn("first.1", graph.conv("first.0", image(graph), 12, three().withoutBias())));
            x = graph.relu(graph.bn("second.1", graph.conv("second.0", x, 16, three().groups(4))));
            return classified(graph, graph.relu(graph.bn("third.1", graph.conv("third.0", x, 8, three()))));
        }
    },

    /** Four heads of attention, which go as a whole, and a feed-forward layer. */
    HEADS("v.bias") {
        @Override
        Graph graph() {
            GraphBuilder graph = new GraphBuilder("network", 3);
            String x = graph.linear("embed", graph.input("x", "batch", 5, 7), WIDTH);
            x = graph.add(x, attention(graph, x));
            String hidden = graph.relu(graph.linear("hidden", x, 16));
            x = graph.add(x, graph.linear("back", hidden, WIDTH));
            return graph.output(graph.linear("head", graph.mean(x, false, 1), CLASSES))
                    .build();
        }

        @Override
        TestingTraining.Examples data() {
            return TestingTraining.blobs(3, 40, CLASSES, 5, 7);
        }
    };

    static final int CLASSES = 3;
    private static final int HEAD_COUNT = 4;
    private static final int WIDTH = 3 * HEAD_COUNT;

    private final String coupled;

    PrunableNetworks(String coupled) {
        this.coupled = coupled;
    }

    /** A weight with the channels that are coupled in this way. */
    String coupled() {
        return coupled;
    }

    /** The network, with random weights. */
    abstract Graph graph();

    /** What it can learn. */
    TestingTraining.Examples data() {
        return TestingTraining.blobs(3, 40, CLASSES, 2, 6, 6);
    }

    private static Window three() {
        return Window.same(3);
    }

    private static String image(GraphBuilder graph) {
        return graph.input("x", "batch", 2, 6, 6);
    }

    private static Graph classified(GraphBuilder graph, String x) {
        return graph.output(graph.gemm("head", graph.flatten(graph.globalAveragePool(x), 1), CLASSES))
                .build();
    }

    private static String attention(GraphBuilder graph, String x) {
        String keys = graph.transpose(heads(graph, "k", x), 0, 1, 3, 2);
        String scores = graph.mul(graph.matMul(heads(graph, "q", x), keys), graph.scalar(1 / Math.sqrt(3)));
        String mixed = graph.transpose(graph.matMul(graph.softmax(scores, -1), heads(graph, "v", x)), 0, 2, 1, 3);
        String joined = graph.follow(graph.reshape(mixed, 0, 0, -1), "batch", 5, WIDTH);
        return graph.linear("proj", joined, WIDTH);
    }

    private static String heads(GraphBuilder graph, String name, String x) {
        return graph.transpose(graph.reshape(graph.linear(name, x, WIDTH), 0, 0, HEAD_COUNT, 3), 0, 2, 1, 3);
    }
}
