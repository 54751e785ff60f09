package io.espalier.testkit;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where two neutral graphs differ: inputs, outputs, nodes in order with their attributes and bodies, constants byte
 * for byte. Names of graphs, declared types and the order of constants do not count.
 */
public final class GraphDifference {

    private static final int BLOCK_BYTES = 1 << 16;

    private GraphDifference() {}

    /** The first difference in words, or empty when there is none. */
    public static Optional<String> first(Graph expected, Graph actual) {
        return unequal("inputs", expected.inputs(), actual.inputs())
                .or(() -> unequal("outputs", expected.outputs(), actual.outputs()))
                .or(() -> nodes(expected.nodes(), actual.nodes()))
                .or(() -> unequal(
                        "names of constants",
                        expected.constants().keySet(),
                        actual.constants().keySet()))
                .or(() -> expected.constants().entrySet().stream()
                        .flatMap(constant ->
                                values(constant.getValue(), actual.constants().get(constant.getKey()))
                                        .map(what -> "constant '" + constant.getKey() + "': " + what)
                                        .stream())
                        .findFirst());
    }

    private static Optional<String> nodes(List<Node> expected, List<Node> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            String which = "node " + i + " (" + expected.get(i).qualifiedOperator() + " '"
                    + expected.get(i).id() + "'): ";
            Optional<String> difference = node(expected.get(i), actual.get(i));
            if (difference.isPresent()) {
                return difference.map(what -> which + what);
            }
        }
        return unequal("number of nodes", expected.size(), actual.size());
    }

    private static Optional<String> node(Node expected, Node actual) {
        return unequal("operator", expected.qualifiedOperator(), actual.qualifiedOperator())
                .or(() -> unequal("inputs", expected.inputs(), actual.inputs()))
                .or(() -> unequal("outputs", expected.outputs(), actual.outputs()))
                .or(() -> unequal(
                        "names of attributes",
                        expected.attributes().keySet(),
                        actual.attributes().keySet()))
                .or(() -> attributes(expected.attributes(), actual.attributes()));
    }

    private static Optional<String> attributes(Map<String, Attribute> expected, Map<String, Attribute> actual) {
        return expected.keySet().stream()
                .flatMap(name ->
                        attribute(expected.get(name), actual.get(name))
                                .map(what -> "attribute '" + name + "': " + what)
                                .stream())
                .findFirst();
    }

    private static Optional<String> attribute(Attribute expected, Attribute actual) {
        if (expected instanceof Attribute.Constant one && actual instanceof Attribute.Constant other) {
            return values(one.value(), other.value());
        }
        if (expected instanceof Attribute.Body one && actual instanceof Attribute.Body other) {
            return first(one.graph(), other.graph());
        }
        return unequal("value", expected, actual);
    }

    private static Optional<String> values(Tensor expected, Tensor actual) {
        return unequal("type", expected.type(), actual.type())
                .or(() -> unequal("shape", expected.shape(), actual.shape()))
                .or(() -> bytes(expected, actual));
    }

    private static Optional<String> bytes(Tensor expected, Tensor actual) {
        int width = expected.type().bytes();
        ByteBuffer one = ByteBuffer.allocate(BLOCK_BYTES);
        ByteBuffer other = ByteBuffer.allocate(BLOCK_BYTES);
        long size = expected.size();
        for (long start = 0; start < size; start += BLOCK_BYTES / width) {
            int length = (int) Math.min(BLOCK_BYTES, (size - start) * width);
            expected.read(start, one.clear().limit(length));
            actual.read(start, other.clear().limit(length));
            int mismatch = one.flip().mismatch(other.flip());
            if (mismatch >= 0) {
                return Optional.of("bytes differ from element " + (start + mismatch / width) + " on");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> unequal(String what, Object expected, Object actual) {
        return expected.equals(actual)
                ? Optional.empty()
                : Optional.of(what + " differ: expected " + expected + ", found " + actual);
    }
}
