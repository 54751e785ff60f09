package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How far what normalisations see lies from the statistics that they hold: the prior of DeepInversion (Yin and others, Dreaming
 * to Distill, CVPR 2020, section 3.2), which tells inputs of a kind that the network was trained on from noise.
 */
public final class BatchStatistics {

    private static final int CHANNELS = 1;
    private static final int MEAN = 3;
    private static final int VARIANCE = 4;
    private static final double EPSILON = 1e-5;
    private static final double HALF = 0.5;

    private final Emitter e;

    private BatchStatistics(Emitter emitter) {
        this.e = emitter;
    }

    /** The nodes that hold statistics of training data, in the order of the graph. */
    public static List<Node> holders(Graph graph) {
        return graph.nodes().stream()
                .filter(node -> node.qualifiedOperator().equals(Nodes.BATCH_NORMALISATION))
                .filter(node -> node.intAttribute("training_mode", 0) == 0)
                .filter(node ->
                        Stream.of(MEAN, VARIANCE).map(node.inputs()::get).allMatch(graph.constants()::containsKey))
                .toList();
    }

    /**
     * The sum over normalisations of the squared distance of means and of deviations, in units of the deviation held, averaged
     * over channels.
     *
     * @param holders at least one, the channels of their data on the second axis
     */
    public static String distance(Emitter emitter, List<Node> holders) {
        BatchStatistics statistics = new BatchStatistics(emitter);
        return holders.stream().map(statistics::distance).reduce(emitter::add).orElseThrow();
    }

    private String distance(Node node) {
        String data = node.inputs().get(0);
        List<Dim> shape = e.shapeOf(data);
        long[] axes = IntStream.range(0, shape.size())
                .filter(axis -> axis != CHANNELS)
                .asLongStream()
                .toArray();
        String mean = e.single(Nodes.mean(data, e.vector(axes), ""));
        String variance = e.single(Nodes.mean(e.squared(e.subtract(data, mean)), e.vector(axes), ""));
        String epsilon = e.scalar(node.realAttribute("epsilon", EPSILON));
        String held = e.add(node.inputs().get(VARIANCE), epsilon);
        String shift = e.subtract(e.squeeze(mean, axes), node.inputs().get(MEAN));
        String deviation = e.power(e.add(e.squeeze(variance, axes), epsilon), HALF);
        String spread = e.subtract(deviation, e.power(held, HALF));
        String squares = e.add(e.squared(shift), e.squared(spread));
        return e.squeeze(e.single(Nodes.mean(e.divide(squares, held), e.vector(0), "")), 0);
    }
}
