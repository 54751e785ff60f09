package io.espalier.engine.depth;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the residual blocks of a graph. No topology is known here: a block is an operand {@code f} of a sum {@code x + f} where
 *
 * <ul>
 *   <li>both operands and the sum have the same type and shape, so that {@code x} can stand for the sum;
 *   <li>weights multiply data in what computes {@code f} and nothing else;
 *   <li>{@code f} is computed from {@code x}, or from a value that {@code x} is computed from, too, as with a projection in the
 *       shortcut; of two such operands the one that multiplies more is the block;
 *   <li>without it every input that was read is read still, and no random number is drawn less.
 * </ul>
 */
public final class ResidualBlocks {

    private final Graph graph;
    private final Shapes shapes;
    private final Operators operators;
    private final GraphIndex index;
    private final Set<String> outermost = new HashSet<>();
    /** The values that depend on inputs. */
    private final Set<String> varying;
    /** For each of them, those that it is computed from, itself included. */
    private final Map<String, Set<String>> sources = new HashMap<>();

    private ResidualBlocks(Graph graph, Shapes shapes, Operators operators) {
        this.graph = graph;
        this.shapes = shapes;
        this.operators = operators;
        this.index = GraphIndex.of(graph);
        this.varying = new HashSet<>(graph.inputs().keySet());
        for (Node node : graph.nodes()) {
            outermost.add(node.id());
            if (node.reads().stream().anyMatch(varying::contains)) {
                varying.addAll(node.outputs());
            }
        }
    }

    /**
     * The blocks of a graph, in the order of their sums. One may hold others.
     *
     * @param shapes shapes of its values; those of a graph that it was shortened from serve as well
     */
    public static List<ResidualBlock> of(Graph graph, Shapes shapes, Operators operators) {
        ResidualBlocks blocks = new ResidualBlocks(graph, shapes, operators);
        return graph.nodes().stream()
                .flatMap(node -> blocks.endingIn(node).stream())
                .toList();
    }

    private Optional<ResidualBlock> endingIn(Node sum) {
        if (!operators.is(sum, Trait.ADDS) || sum.inputs().size() != 2 || !canStand(sum)) {
            return Optional.empty();
        }
        List<ResidualBlock> found = new ArrayList<>();
        for (int kept = 0; kept < 2; kept++) {
            block(sum, kept).ifPresent(found::add);
        }
        return found.stream()
                .filter(block -> isBehind(sum.inputs().get(block.kept()), block.branch()))
                .findFirst()
                .or(() -> found.stream().max(Comparator.comparingLong(this::weights)));
    }

    /** Whether either operand can take the place of the sum. */
    private boolean canStand(Node sum) {
        boolean read = index.readers(sum.id()).stream()
                .allMatch(reader -> outermost.contains(reader.node().id()));
        return read
                && !index.isReturned(sum.id())
                && shapes.type(sum.id()).filter(DataType::isFloating).isPresent()
                && shapes.shape(sum.id()).isPresent()
                && sum.inputs().stream().allMatch(operand -> isVarying(operand) && isAlike(operand, sum.id()));
    }

    private boolean isAlike(String one, String other) {
        return shapes.type(one).equals(shapes.type(other)) && shapes.shape(one).equals(shapes.shape(other));
    }

    private Optional<ResidualBlock> block(Node sum, int kept) {
        String branch = sum.inputs().get(1 - kept);
        String other = sum.inputs().get(kept);
        if (branch.equals(other) || isBehind(branch, other)) {
            return Optional.empty();
        }
        Graph without = GraphEdits.apply(graph, List.of(new Edit.Bypass(sum.id(), kept)));
        Set<String> remaining = new HashSet<>();
        without.nodes().forEach(node -> remaining.add(node.id()));
        List<Node> nodes = graph.nodes().stream()
                .filter(node -> !remaining.contains(node.id()) && node != sum)
                .toList();
        List<Node> weighted = nodes.stream().filter(this::multipliesWeights).toList();
        ResidualBlock block = new ResidualBlock(sum.id(), kept, branch, nodes, weighted);
        boolean sound = !weighted.isEmpty()
                && nodes.stream().noneMatch(node -> operators.is(node, Trait.RANDOM))
                && reads(without).containsAll(reads(graph))
                && (isBehind(other, branch) || sharesSource(block, other));
        return sound ? Optional.of(block) : Optional.empty();
    }

    /** The inputs that a graph reads. */
    private static Set<String> reads(Graph graph) {
        Set<String> read = new HashSet<>(graph.outputs());
        graph.nodes().forEach(node -> read.addAll(node.reads()));
        read.retainAll(graph.inputs().keySet());
        return read;
    }

    private boolean multipliesWeights(Node node) {
        return operators
                        .of(node)
                        .flatMap(definition -> definition.macs(new NodeView(node, shapes)))
                        .isPresent()
                && node.inputs().stream().anyMatch(value -> !value.isEmpty() && !isVarying(value));
    }

    /** Elements of the constants that a block reads. */
    private long weights(ResidualBlock block) {
        return block.nodes().stream()
                .flatMap(node -> node.reads().stream())
                .distinct()
                .flatMap(value -> index.constant(value).stream())
                .mapToLong(tensor -> tensor.size())
                .sum();
    }

    /** Whether a block reads something that a value is computed from. */
    private boolean sharesSource(ResidualBlock block, String value) {
        Set<String> made = new HashSet<>();
        block.nodes().forEach(node -> made.addAll(node.outputs()));
        Set<String> known = sources(value);
        return block.nodes().stream()
                .flatMap(node -> node.reads().stream())
                .anyMatch(read -> !made.contains(read) && known.contains(read));
    }

    /** Whether a value is computed from another. */
    private boolean isBehind(String source, String value) {
        return sources(value).contains(source);
    }

    private boolean isVarying(String value) {
        return varying.contains(value);
    }

    private Set<String> sources(String value) {
        return sources.computeIfAbsent(value, this::findSources);
    }

    private Set<String> findSources(String value) {
        Set<String> found = new HashSet<>(Set.of(value));
        index.upstream(List.of(value), Set.of()).forEach(node -> found.addAll(node.reads()));
        found.retainAll(varying);
        return found;
    }
}
