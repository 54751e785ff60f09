package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.channel.Masking;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.graph.operator.Nodes;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.GraphRewriter;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The original at full width with its original weights, changed only where something removed would be summed or
 * counted: what the pruned model must be equal to.
 */
final class ReferenceGraph {

    private final GraphIndex index;
    private final GraphRewriter rewriter;
    private final Shapes shapes;
    private final Coupling coupling;
    private final Removal removal;
    /** What takes the place of the node that is being changed. */
    private List<Node> nodes = new ArrayList<>();

    private ReferenceGraph(Graph graph, Shapes shapes, Coupling coupling, Removal removal) {
        this.index = GraphIndex.of(graph);
        this.rewriter = GraphRewriter.of(graph);
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
        Map<String, List<Masking.Mask>> masks = new LinkedHashMap<>();
        masking.masks()
                .forEach(mask -> masks.computeIfAbsent(mask.node(), key -> new ArrayList<>())
                        .add(mask));
        masking.narrowings().forEach(narrowing -> masks.remove(narrowing.node()));
        masks.forEach((id, own) -> replace(id, node -> mask(node, own)));
        masking.narrowings().forEach(narrowing -> replace(narrowing.node(), node -> narrow(node, narrowing)));
        return rewriter.build();
    }

    private void replace(String id, Consumer<Node> change) {
        nodes = new ArrayList<>();
        change.accept(index.node(id).orElseThrow());
        rewriter.replace(id, nodes);
    }

    private void mask(Node node, List<Masking.Mask> masks) {
        Node result = node;
        int number = 0;
        for (Masking.Mask mask : masks) {
            String prefix = node.id() + "/mask" + number++;
            String source = result.inputs().get(mask.slot());
            DataType type = shapes.type(node.inputs().get(mask.slot())).orElse(DataType.FLOAT32);
            double[] values = new double[mask.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = mask.values()[i];
            }
            String factors = rewriter.constant(prefix, Tensors.fromDoubles(type, mask.shape(), values));
            AxisParts parts = new AxisParts(
                    rewriter, nodes, shapes.require(source(node, mask)).size());
            String masked = rewriter.fresh(prefix + "/out");
            if (mask.divided().isEmpty()) {
                nodes.add(Nodes.multiply(source, factors, masked));
            } else {
                String divided = parts.divide(source, rewriter.fresh(prefix + "/in"), mask.divided());
                String product = rewriter.fresh(prefix + "/product");
                nodes.add(Nodes.multiply(divided, factors, product));
                parts.restore(product, source, masked);
            }
            result = result.withInput(mask.slot(), masked);
        }
        nodes.add(result);
    }

    private static String source(Node node, Masking.Mask mask) {
        return node.inputs().get(mask.slot());
    }

    /** Gather what is kept, let the operator see only that, and put the result back at full width. */
    private void narrow(Node node, Masking.Narrowing narrowing) {
        Node result = node;
        for (Map.Entry<Integer, Map<Integer, Masking.Pick>> input :
                narrowing.inputs().entrySet()) {
            String value = node.inputs().get(input.getKey());
            int rank = shapes.require(value).size();
            for (Map.Entry<Integer, Masking.Pick> axis : input.getValue().entrySet()) {
                String name = rewriter.fresh(node.id() + "/narrow" + input.getKey() + "." + axis.getKey());
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
                outputs.set(slot, rewriter.fresh(outputs.get(slot) + "/narrow"));
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
            String name = --left == 0 ? target : rewriter.fresh(target + "/wide" + axis.getKey());
            value = gather(value, name, shape.size(), axis.getKey(), divided, pick.divisor(), places);
        }
    }

    /** Picks positions of one axis, or of one part of it, under a name that nothing has yet. */
    private String gather(
            String value, String name, int rank, int axis, List<Long> divided, int place, int[] positions) {
        String picks = rewriter.constant(
                name + "/positions",
                Tensors.vector(Arrays.stream(positions).asLongStream().toArray()));
        AxisParts parts = new AxisParts(rewriter, nodes, rank);
        String source =
                divided.isEmpty() ? value : parts.divide(value, rewriter.fresh(name + "/parts"), Map.of(axis, divided));
        String picked = divided.isEmpty() ? name : rewriter.fresh(name + "/picked");
        nodes.add(Nodes.gather(source, picks, axis + place, picked));
        if (!divided.isEmpty()) {
            parts.join(picked, value, axis, name);
        }
        return name;
    }
}
