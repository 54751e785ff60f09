package io.espalier.engine.verify;

import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Divides a graph into consecutive blocks of bounded weights, cut where few values cross. What is computed from constants
 * alone crosses nothing: every block that reads it computes it again.
 */
final class Blocks {

    /**
     * Some consecutive operators.
     *
     * @param made values that they make
     * @param live values that later blocks read, made here or before
     */
    record Block(Set<String> made, Set<String> live) {}

    private final Graph graph;
    private final Shapes shapes;
    private final List<Node> nodes;
    /** For each value that a run computes, the first and the last place where it is live. */
    private final Map<String, int[]> lives = new LinkedHashMap<>();
    /** How many values are live behind each node; negative where one of them is of no known type. */
    private final int[] crossing;
    /** For each node, the constants it reads, those behind constant expressions included. */
    private final List<Map<String, Long>> weights = new ArrayList<>();

    private Blocks(Graph graph, Shapes shapes, Operators operators) {
        this.graph = graph;
        this.shapes = shapes;
        this.nodes = graph.nodes();
        this.crossing = new int[nodes.size()];
        follow(operators);
        count();
    }

    /**
     * What the weights of a graph take in a runtime on the processor, which computes with four bytes an element at
     * least.
     */
    static long weigh(Graph graph) {
        long bytes =
                graph.constants().values().stream().mapToLong(Blocks::weigh).sum();
        for (Node node : graph.nodes()) {
            bytes += node.bodies().stream().mapToLong(Blocks::weigh).sum();
        }
        return bytes;
    }

    private static long weigh(Tensor tensor) {
        return tensor.size() * Math.max(Float.BYTES, tensor.type().bytes());
    }

    /**
     * Divides a graph.
     *
     * @param bytes what the weights of a block may {@link #weigh}; single operators may weigh more
     */
    static List<Block> of(Graph graph, Shapes shapes, Operators operators, long bytes) {
        return new Blocks(graph, shapes, operators).divide(bytes);
    }

    private void follow(Operators operators) {
        Map<String, Map<String, Long>> fixed = new HashMap<>();
        graph.constants().forEach((name, tensor) -> fixed.put(name, Map.of(name, weigh(tensor))));
        for (int place = 0; place < nodes.size(); place++) {
            Node node = nodes.get(place);
            Map<String, Long> own = new LinkedHashMap<>();
            boolean constant = !operators.is(node, Trait.RANDOM);
            for (String value : node.reads()) {
                Map<String, Long> behind = fixed.get(value);
                if (behind != null) {
                    own.putAll(behind);
                } else if (lives.containsKey(value)) {
                    lives.get(value)[1] = place;
                }
                constant &= behind != null || !isDefined(value);
            }
            for (Graph body : node.bodies()) {
                own.put(node.id() + "/" + body.name(), weigh(body));
            }
            weights.add(own);
            for (String output : node.outputs()) {
                if (!output.isEmpty() && constant) {
                    fixed.put(output, own);
                } else if (!output.isEmpty()) {
                    lives.put(output, new int[] {place, place});
                }
            }
        }
    }

    /** Whether a value that a node reads lies in the main graph; the others belong to its bodies. */
    private boolean isDefined(String value) {
        return lives.containsKey(value) || graph.inputs().containsKey(value);
    }

    private void count() {
        int[] changes = new int[nodes.size() + 1];
        int[] unknown = new int[nodes.size() + 1];
        lives.forEach((value, places) -> {
            int[] counts = shapes.type(value).isPresent() ? changes : unknown;
            counts[places[0]]++;
            counts[places[1]]--;
        });
        int live = 0;
        int untyped = 0;
        for (int place = 0; place < crossing.length; place++) {
            live += changes[place];
            untyped += unknown[place];
            crossing[place] = untyped > 0 ? -1 : live;
        }
    }

    private List<Block> divide(long bytes) {
        List<Block> blocks = new ArrayList<>();
        int start = 0;
        while (start < nodes.size()) {
            int end = end(start, bytes);
            blocks.add(new Block(made(start, end), live(end)));
            start = end + 1;
        }
        return blocks;
    }

    /** The last node of the block that begins at one: where few values cross, in the second half of what it may weigh. */
    private int end(int start, long bytes) {
        Set<String> seen = new HashSet<>();
        long weight = 0;
        int best = -1;
        boolean far = false;
        for (int place = start; place < nodes.size(); place++) {
            for (Map.Entry<String, Long> constant : weights.get(place).entrySet()) {
                weight += seen.add(constant.getKey()) ? constant.getValue() : 0;
            }
            if (weight > bytes && best >= 0) {
                return best;
            }
            boolean half = weight >= bytes / 2;
            if (crossing[place] >= 0 && (best < 0 || half && !far || crossing[place] <= crossing[best])) {
                best = place;
                far = half;
            }
        }
        return nodes.size() - 1;
    }

    private Set<String> made(int start, int end) {
        Set<String> made = new LinkedHashSet<>();
        nodes.subList(start, end + 1).forEach(node -> made.addAll(node.outputs()));
        return made;
    }

    private Set<String> live(int end) {
        Set<String> live = new LinkedHashSet<>();
        lives.forEach((value, places) -> {
            if (places[0] <= end && places[1] > end) {
                live.add(value);
            }
        });
        return live;
    }
}
