package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Optional;
import java.util.function.Function;

/** How many elements the vectors have that exporters compute shapes with. */
final class VectorLengths {

    private static final long UNKNOWN = -1;

    private final Function<String, Fact> facts;
    private final Function<String, Optional<Tensor>> constants;

    VectorLengths(Function<String, Fact> facts, Function<String, Optional<Tensor>> constants) {
        this.facts = facts;
        this.constants = constants;
    }

    /** The length of a node's result, which is a vector; -1 when it is not known. */
    long of(Node node) {
        return switch (node.operator()) {
            case "Shape" -> shape(node);
            case "Unsqueeze" -> 1;
            case "Concat" -> concat(node);
            case "Gather" -> gather(node);
            case "Slice" -> slice(node);
            case "Reshape" -> reshape(node);
            case "ConstantOfShape" -> element(node, 0);
            case "Cast", "Identity", "Neg", "Abs", "Floor", "Ceil", "Not", "Relu", "ScatterND", "ScatterElements" ->
                length(node, 0);
            case "Add", "Sub", "Mul", "Div", "Mod", "Max", "Min", "Pow", "Where", "Equal", "Less", "Greater" ->
                broadcast(node);
            default -> UNKNOWN;
        };
    }

    private static long bounded(long position, long size) {
        return Math.max(0, Math.min(size, position < 0 ? position + size : position));
    }

    private long shape(Node node) {
        long rank = fact(node, 0).rank();
        if (rank < 0) {
            return UNKNOWN;
        }
        long start = bounded(node.intAttribute("start", 0), rank);
        return Math.max(0, bounded(node.intAttribute("end", rank), rank) - start);
    }

    private long concat(Node node) {
        long total = 0;
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            long length = length(node, slot);
            if (length < 0) {
                return UNKNOWN;
            }
            total += length;
        }
        return total;
    }

    /** One of data and indices is the vector, the other a scalar or a vector. */
    private long gather(Node node) {
        return fact(node, 0).rank() == 1 ? length(node, 1) : UNKNOWN;
    }

    private long slice(Node node) {
        long size = length(node, 0);
        long start = element(node, 1);
        Optional<Long> end = constantElement(node, 2);
        long step = node.input(4).isPresent() ? element(node, 4) : 1;
        if (size < 0 || step != 1 || end.isEmpty() || constantElement(node, 1).isEmpty()) {
            return UNKNOWN;
        }
        return Math.max(0, bounded(end.get(), size) - bounded(start, size));
    }

    private long reshape(Node node) {
        long target = element(node, 1);
        return target > 0 ? target : length(node, 0);
    }

    private long broadcast(Node node) {
        long longest = 1;
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            if (fact(node, slot).rank() != 0) {
                long length = length(node, slot);
                if (length < 0) {
                    return UNKNOWN;
                }
                longest = length == 1 ? longest : length;
            }
        }
        return longest;
    }

    /** The only element of a constant vector, or -1 when there is none or more. */
    private long element(Node node, int slot) {
        return constantElement(node, slot).orElse(UNKNOWN);
    }

    private Optional<Long> constantElement(Node node, int slot) {
        return node.input(slot)
                .flatMap(constants)
                .filter(tensor -> tensor.size() == 1)
                .map(tensor -> Tensors.toLongs(tensor)[0]);
    }

    private long length(Node node, int slot) {
        Fact fact = fact(node, slot);
        return fact.rank() == 1 ? fact.length() : UNKNOWN;
    }

    private Fact fact(Node node, int slot) {
        return node.input(slot).map(facts).orElse(Fact.UNKNOWN);
    }
}
