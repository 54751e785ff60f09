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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds the residual blocks of a graph. No topology is known here: a block is an operand {@code f} of a sum {@code x + f} where
 *
 * <ul>
 *   <li>all operands and the sum have the same type and shape, so that the others can stand for the sum;
 *   <li>weights multiply data in what computes {@code f} and nothing else;
 *   <li>{@code f} is computed from another operand, or from a value that another is computed from, too, as with a projection in the
 *       shortcut; where this is true of all operands, the one that multiplies least is the shortcut;
 *   <li>without it every input that was read is read still, and no random number is drawn less.
 * </ul>
 *
 * Sums that nothing but another sum reads are one sum with that.
 */
public final class ResidualBlocks {

    private final Shortened rest;
    private final Graph graph;
    private final Shapes shapes;
    private final Operators operators;
    private final GraphIndex index;
    private final Set<String> outermost = new HashSet<>();
    /** The values that depend on inputs. */
    private final Set<String> varying;
    /** For each of them, those that it is computed from, itself included. */
    private final Map<String, Set<String>> sources = new HashMap<>();

    /** An operand of a sum. */
    private record Operand(Node sum, int slot) {

        String value() {
            return sum.inputs().get(slot);
        }
    }

    private ResidualBlocks(Shortened rest, Shapes shapes, Operators operators) {
        this.rest = rest;
        this.graph = rest.graph();
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
     * The blocks of what is left of a graph, in the order of their sums. One may hold others.
     *
     * @param shapes shapes of the values of the original
     */
    public static List<ResidualBlock> of(Shortened rest, Shapes shapes, Operators operators) {
        ResidualBlocks blocks = new ResidualBlocks(rest, shapes, operators);
        return rest.graph().nodes().stream()
                .flatMap(node -> blocks.endingIn(node).stream())
                .toList();
    }

    private List<ResidualBlock> endingIn(Node sum) {
        if (!canShrink(sum) || isAddedAlone(sum)) {
            return List.of();
        }
        List<Operand> operands = operands(sum).toList();
        List<ResidualBlock> found = operands.stream()
                .flatMap(operand -> block(operand, operands).stream())
                .toList();
        if (found.size() < operands.size()) {
            return found;
        }
        ResidualBlock shortcut =
                found.stream().min(Comparator.comparingLong(this::weights)).orElseThrow();
        return found.stream().filter(block -> block != shortcut).toList();
    }

    /** Whether any operands of a node can take its place. */
    private boolean canShrink(Node sum) {
        boolean adds = operators.is(sum, Trait.ADDS) || operators.is(sum, Trait.ADDS_ALL);
        return adds
                && sum.inputs().size() > 1
                && index.readers(sum.id()).stream()
                        .allMatch(reader -> outermost.contains(reader.node().id()))
                && !index.isReturned(sum.id())
                && shapes.type(sum.id()).filter(DataType::isFloating).isPresent()
                && shapes.shape(sum.id()).isPresent()
                && sum.inputs().stream().allMatch(operand -> isVarying(operand) && isAlike(operand, sum.id()));
    }

    /** Whether nothing but one other sum reads a sum. */
    private boolean isAddedAlone(Node sum) {
        List<GraphIndex.Reader> readers = index.readers(sum.id());
        return readers.size() == 1 && canShrink(readers.get(0).node());
    }

    /** The operands of a sum; those of an operand that is a sum itself, which nothing else reads, in its place. */
    private Stream<Operand> operands(Node sum) {
        return IntStream.range(0, sum.inputs().size())
                .boxed()
                .flatMap(slot -> index.producer(sum.inputs().get(slot))
                        .filter(inner -> canShrink(inner) && isAddedAlone(inner))
                        .map(this::operands)
                        .orElseGet(() -> Stream.of(new Operand(sum, slot))));
    }

    private boolean isAlike(String one, String other) {
        return shapes.type(one).equals(shapes.type(other)) && shapes.shape(one).equals(shapes.shape(other));
    }

    private Optional<ResidualBlock> block(Operand operand, List<Operand> operands) {
        String sum = operand.sum().id();
        String branch = operand.value();
        List<String> others = operands.stream()
                .filter(other -> other != operand)
                .map(Operand::value)
                .toList();
        if (others.stream().anyMatch(other -> other.equals(branch) || isBehind(branch, other))) {
            return Optional.empty();
        }
        Graph without = GraphEdits.apply(graph, List.of(new Edit.Omit(sum, operand.slot())));
        Set<String> remaining = new HashSet<>();
        without.nodes().forEach(node -> remaining.add(node.id()));
        List<Node> nodes = graph.nodes().stream()
                .filter(node -> !remaining.contains(node.id()) && node != operand.sum())
                .toList();
        List<Node> weighted = nodes.stream().filter(this::multipliesWeights).toList();
        ResidualBlock block = new ResidualBlock(sum, rest.slot(sum, operand.slot()), branch, nodes, weighted);
        boolean sound = !weighted.isEmpty()
                && nodes.stream().noneMatch(node -> operators.is(node, Trait.RANDOM))
                && reads(without).containsAll(reads(graph))
                && others.stream().anyMatch(other -> isBehind(other, branch) || sharesSource(block, other));
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
