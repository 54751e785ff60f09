package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.channel.Masking;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.graph.shape.Dim;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The original at full width with its original weights, changed only where something that goes would be summed or
 * counted: what the pruned model must be equal to.
 */
final class ReferenceGraph {

    private final Graph graph;
    private final Shapes shapes;
    private final Coupling coupling;
    private final Removal removal;
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, List<Masking.Mask>> masks = new LinkedHashMap<>();
    private final Map<String, Masking.Narrowing> narrowings = new LinkedHashMap<>();
    private List<Node> nodes = new ArrayList<>();

    private ReferenceGraph(Graph graph, Shapes shapes, Coupling coupling, Removal removal) {
        this.graph = graph;
        this.shapes = shapes;
        this.coupling = coupling;
        this.removal = removal;
    }

    /**
     * Builds the reference.
     *
     * @throws Masking.UnprovableException when it cannot be expressed
     */
    static Graph of(Graph graph, Shapes shapes, Coupling coupling, Removal removal) {
        return new ReferenceGraph(graph, shapes, coupling, removal).build();
    }

    private Graph build() {
        Masking masking = new Masking(coupling, removal);
        masking.masks()
                .forEach(mask -> masks.computeIfAbsent(mask.node(), key -> new ArrayList<>())
                        .add(mask));
        masking.narrowings().forEach(narrowing -> narrowings.put(narrowing.node(), narrowing));
        return masked(graph).withConstants(constants);
    }

    private Graph masked(Graph part) {
        List<Node> around = nodes;
        nodes = new ArrayList<>();
        for (Node node : part.nodes()) {
            Masking.Narrowing narrowing = narrowings.get(node.id());
            if (narrowing != null) {
                narrow(node, narrowing);
            } else {
                nodes.add(masked(withMaskedBodies(node)));
            }
        }
        Graph result = new Graph(part.name(), part.inputs(), part.outputs(), nodes, part.constants(), Map.of());
        nodes = around;
        return result;
    }

    private Node withMaskedBodies(Node node) {
        Node result = node;
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            if (attribute.getValue() instanceof Attribute.Body body) {
                result = result.withAttribute(attribute.getKey(), new Attribute.Body(masked(body.graph())));
            }
        }
        return result;
    }

    private Node masked(Node node) {
        Node result = node;
        int number = 0;
        for (Masking.Mask mask : masks.getOrDefault(node.id(), List.of())) {
            String prefix = node.id() + "/mask" + number++;
            String source = result.inputs().get(mask.slot());
            DataType type = shapes.type(node.inputs().get(mask.slot())).orElse(DataType.FLOAT32);
            double[] values = new double[mask.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = mask.values()[i];
            }
            constants.put(prefix, Tensors.fromDoubles(type, mask.shape(), values));
            AxisParts parts = new AxisParts(
                    constants, nodes, shapes.require(source(node, mask)).size());
            String divided = parts.divide(source, prefix + "/in", mask.divided());
            String product = mask.divided().isEmpty() ? prefix + "/out" : prefix + "/product";
            nodes.add(Node.of("Mul", List.of(divided, prefix), List.of(product), Map.of()));
            if (!mask.divided().isEmpty()) {
                parts.restore(product, source, prefix + "/out");
            }
            result = result.withInput(mask.slot(), prefix + "/out");
        }
        return result;
    }

    private static String source(Node node, Masking.Mask mask) {
        return node.inputs().get(mask.slot());
    }

    /** Gather what stays, let the operator see only that, and put the result back at full width. */
    private void narrow(Node node, Masking.Narrowing narrowing) {
        Node result = node;
        for (Map.Entry<Integer, Map<Integer, Masking.Pick>> input :
                narrowing.inputs().entrySet()) {
            String value = node.inputs().get(input.getKey());
            int rank = shapes.require(value).size();
            for (Map.Entry<Integer, Masking.Pick> axis : input.getValue().entrySet()) {
                String name = node.id() + "/narrow" + input.getKey() + "." + axis.getKey();
                Masking.Pick pick = axis.getValue();
                value = gather(value, name, rank, axis.getKey(), pick.divided(), pick.divisor(), pick.positions());
            }
            result = result.withInput(input.getKey(), value);
        }
        for (Map.Entry<String, Long> size :
                new KeptIndices(coupling, removal).attributeSizes(node.id()).entrySet()) {
            result = result.withAttribute(size.getKey(), new Attribute.Int(size.getValue()));
        }
        List<String> outputs = new ArrayList<>(node.outputs());
        for (int slot : narrowing.outputs().keySet()) {
            if (slot < outputs.size() && !outputs.get(slot).isEmpty()) {
                outputs.set(slot, outputs.get(slot) + "/narrow");
            }
        }
        nodes.add(new Node(result.domain(), result.operator(), result.inputs(), outputs, result.attributes()));
        narrowing.outputs().forEach((slot, axes) -> {
            if (slot < outputs.size() && !node.outputs().get(slot).isEmpty()) {
                widen(node.outputs().get(slot), outputs.get(slot), axes);
            }
        });
    }

    private void widen(String target, String narrow, Map<Integer, Masking.Pick> axes) {
        String value = narrow;
        List<Dim> shape = shapes.require(target);
        int left = axes.size();
        for (Map.Entry<Integer, Masking.Pick> axis : axes.entrySet()) {
            Masking.Pick pick = axis.getValue();
            List<Long> divided = new ArrayList<>(pick.divided());
            long extent = divided.isEmpty()
                    ? shape.get(axis.getKey()).constant()
                    : divided.set(pick.divisor(), (long) pick.positions().length);
            // Positions that went point anywhere.
            int[] places = new int[Math.toIntExact(extent)];
            for (int i = 0; i < pick.positions().length; i++) {
                places[pick.positions()[i]] = i;
            }
            String name = --left == 0 ? target : target + "/wide" + axis.getKey();
            value = gather(value, name, shape.size(), axis.getKey(), divided, pick.divisor(), places);
        }
    }

    /** Picks positions of one axis, or of one part of it. */
    private String gather(
            String value, String name, int rank, int axis, List<Long> divided, int place, int[] positions) {
        constants.put(
                name + "/positions",
                Tensors.vector(Arrays.stream(positions).asLongStream().toArray()));
        AxisParts parts = new AxisParts(constants, nodes, rank);
        String source = divided.isEmpty() ? value : parts.divide(value, name + "/parts", Map.of(axis, divided));
        String picked = divided.isEmpty() ? name : name + "/picked";
        nodes.add(Node.of(
                "Gather",
                List.of(source, name + "/positions"),
                List.of(picked),
                Map.of("axis", new Attribute.Int(axis + place))));
        if (!divided.isEmpty()) {
            parts.join(picked, value, axis, name);
        }
        return name;
    }
}
