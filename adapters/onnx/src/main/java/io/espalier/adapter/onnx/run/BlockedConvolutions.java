package io.espalier.adapter.onnx.run;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Gives convolutions whose weights are computed or fed the layout in blocks of channels that the runtime gives only to those with
 * constant weights. Computes the same but for the order of sums. Used once.
 *
 * <p>Measured (docs/fine-tune.md): windows of more than one element become up to 2.4 times as fast, point windows slower, and so do
 * outputs of a few columns.
 */
final class BlockedConvolutions {

    static final String DOMAIN = "com.microsoft.nchwc";

    private static final String CONVOLUTION = "Conv";
    private static final int LEAST_COLUMNS = 6;
    /** Blocks are filled with zeros, which are multiplied too. */
    private static final double MOST_WASTE = 1.6;

    private final Graph graph;
    private final int block;
    private final Rewriting rewriting;

    private BlockedConvolutions(Graph graph, int block) {
        this.graph = graph;
        this.block = block;
        this.rewriting = new Rewriting(graph, "blocked");
    }

    /**
     * A graph that computes the same, with convolutions in blocks where that is faster and where the types of operands are declared.
     *
     * @param block channels of a block
     */
    static Graph in(Graph graph, int block) {
        return new BlockedConvolutions(graph, block).rewritten();
    }

    private Graph rewritten() {
        return rewriting.of(node -> {
            Optional<Layer> layer = layer(node);
            layer.ifPresent(known -> write(node, known));
            return layer.isPresent();
        });
    }

    /**
     * Extents of a convolution over images.
     *
     * @param inputs channels of the operand
     * @param outputs channels of the result
     * @param byChannel whether each channel has a window of its own
     * @param kernel extents of the window
     */
    private record Layer(long inputs, long outputs, boolean byChannel, long[] kernel) {}

    private Optional<Layer> layer(Node node) {
        if (!node.domain().isEmpty()
                || !node.operator().equals(CONVOLUTION)
                || graph.constants().containsKey(node.inputs().get(1))) {
            return Optional.empty();
        }
        Optional<long[]> operand = rewriting.images(node.inputs().get(0));
        Optional<long[]> weight = rewriting.images(node.inputs().get(1));
        Optional<long[]> result = rewriting.images(node.outputs().get(0));
        if (operand.isEmpty() || weight.isEmpty() || result.isEmpty()) {
            return Optional.empty();
        }
        long channels = operand.get()[1];
        long columns = result.get()[3];
        long outputs = weight.get()[0];
        if (channels < 0 || columns < 0 || LongStream.of(weight.get()).anyMatch(extent -> extent < 0)) {
            return Optional.empty();
        }
        long[] kernel = {weight.get()[2], weight.get()[3]};
        long groups = node.intAttribute("group", 1);
        boolean byChannel = groups == channels && groups == outputs && groups > 1;
        Layer layer = new Layer(channels, outputs, byChannel, kernel);
        boolean fits = (groups == 1 || byChannel)
                && node.textAttribute("auto_pad", "NOTSET").equals("NOTSET");
        return fits && isFaster(layer, columns) ? Optional.of(layer) : Optional.empty();
    }

    private boolean isFaster(Layer layer, long columns) {
        if (layer.kernel()[0] * layer.kernel()[1] == 1 || layer.inputs() < block || columns < LEAST_COLUMNS) {
            return false;
        }
        double useful = (double) layer.inputs() * layer.outputs();
        return layer.byChannel() || filled(layer.inputs()) * (double) filled(layer.outputs()) <= MOST_WASTE * useful;
    }

    private void write(Node node, Layer layer) {
        long outputs = filled(layer.outputs());
        long inputs = layer.byChannel() ? 1 : filled(layer.inputs());
        String operand = node.inputs().get(0);
        if (filled(layer.inputs()) != layer.inputs()) {
            operand = filled(operand, 4, Map.of(1, filled(layer.inputs()) - layer.inputs()));
        }
        List<String> read = new ArrayList<>(List.of(
                rewriting.node(DOMAIN, "ReorderInput", List.of(operand), Map.of()),
                inBlocks(filledWeight(node.inputs().get(1), layer), outputs, inputs, layer)));
        node.input(2)
                .ifPresent(bias -> read.add(
                        outputs == layer.outputs() ? bias : filled(bias, 1, Map.of(0, outputs - layer.outputs()))));
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.put("group", new Attribute.Int(layer.byChannel() ? outputs : 1));
        attributes.putIfAbsent("dilations", new Attribute.Ints(List.of(1L, 1L)));
        attributes.putIfAbsent("kernel_shape", new Attribute.Ints(List.of(layer.kernel()[0], layer.kernel()[1])));
        attributes.putIfAbsent("pads", new Attribute.Ints(List.of(0L, 0L, 0L, 0L)));
        attributes.putIfAbsent("strides", new Attribute.Ints(List.of(1L, 1L)));
        String result = rewriting.node(DOMAIN, CONVOLUTION, read, attributes);
        rewriting.add(new Node(
                DOMAIN,
                "ReorderOutput",
                List.of(result),
                node.outputs(),
                Map.of("channels", new Attribute.Int(layer.outputs()))));
    }

    private long filled(long channels) {
        return (channels + block - 1) / block * block;
    }

    private String filledWeight(String weight, Layer layer) {
        Map<Integer, Long> missing = new LinkedHashMap<>();
        if (filled(layer.outputs()) != layer.outputs()) {
            missing.put(0, filled(layer.outputs()) - layer.outputs());
        }
        if (!layer.byChannel() && filled(layer.inputs()) != layer.inputs()) {
            missing.put(1, filled(layer.inputs()) - layer.inputs());
        }
        return missing.isEmpty() ? weight : filled(weight, 4, missing);
    }

    /** A value with zeros at the end of axes. */
    private String filled(String value, int rank, Map<Integer, Long> missing) {
        long[] pads = new long[2 * rank];
        missing.forEach((axis, count) -> pads[rank + axis] = count);
        return rewriting.node("", "Pad", List.of(value, rewriting.vector(pads)), Map.of());
    }

    /**
     * A weight in the order in which the runtime reads it: outputs, inputs, window, inputs of a block, outputs of a block. Two
     * exchanges of neighbouring axes take a quarter of the time of one general transposition.
     */
    private String inBlocks(String weight, long outputs, long inputs, Layer layer) {
        long[] kernel = layer.kernel();
        long window = kernel[0] * kernel[1];
        String ordered =
                rewriting.transposed(rewriting.reshaped(weight, outputs / block, block, inputs * window), 0, 2, 1);
        if (!layer.byChannel()) {
            long blocks = outputs / block * (inputs / block);
            ordered = rewriting.transposed(rewriting.reshaped(ordered, blocks, block, window, block), 0, 2, 1, 3);
        }
        return rewriting.reshaped(ordered, outputs, inputs, kernel[0], kernel[1]);
    }
}
