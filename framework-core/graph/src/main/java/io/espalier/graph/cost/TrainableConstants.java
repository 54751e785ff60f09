package io.espalier.graph.cost;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells the trained constants of a graph from the others.
 *
 * <p>Trained are constants of a floating type, and 8-bit integers, that some operator reads other than as a running
 * statistic or as a setting (bounds of a Clip, scales of a Resize, quantisation scales and zero points). Scalars of rank
 * 0 are settings too: exporters write numbers of formulas that way.
 */
public final class TrainableConstants {

    /** Slots that hold settings or running statistics, by operator. */
    private static final Map<String, Set<Integer>> SETTINGS = settings();

    private static final Set<String> INTEGER_BIAS = Set.of("QLinearConv#8", "com.microsoft.QGemm#6");

    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Set<String> trained = new LinkedHashSet<>();
    private final Map<String, Integer> readers = new LinkedHashMap<>();

    TrainableConstants(Graph graph) {
        visit(graph);
    }

    /** All constants, those of sub-graphs included. */
    public Map<String, Tensor> constants() {
        return constants;
    }

    /** Whether a constant is trained. */
    public boolean isTrained(String constant) {
        return trained.contains(constant);
    }

    /** How many input slots and graph outputs read a constant. */
    public int readers(String constant) {
        return readers.getOrDefault(constant, 0);
    }

    private void visit(Graph graph) {
        constants.putAll(graph.constants());
        graph.outputs().forEach(output -> readers.merge(output, 1, Integer::sum));
        for (Node node : graph.nodes()) {
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                read(node, slot, node.inputs().get(slot));
            }
            node.bodies().forEach(this::visit);
        }
    }

    private void read(Node node, int slot, String value) {
        readers.merge(value, 1, Integer::sum);
        Tensor tensor = constants.get(value);
        if (tensor == null || tensor.shape().isEmpty()) {
            return;
        }
        boolean setting =
                SETTINGS.getOrDefault(node.qualifiedOperator(), Set.of()).contains(slot);
        boolean weight = tensor.type().isFloating()
                || tensor.type() == DataType.INT8
                || tensor.type() == DataType.UINT8
                || INTEGER_BIAS.contains(node.qualifiedOperator() + "#" + slot);
        if (weight && !setting) {
            trained.add(value);
        }
    }

    private static Map<String, Set<Integer>> settings() {
        Map<String, Set<Integer>> settings = new LinkedHashMap<>();
        settings.put("BatchNormalization", Set.of(3, 4));
        settings.put("Clip", Set.of(1, 2));
        settings.put("Dropout", Set.of(1, 2));
        settings.put("Resize", Set.of(1, 2));
        settings.put("Upsample", Set.of(1));
        settings.put("Pad", Set.of(2));
        settings.put("OneHot", Set.of(2));
        settings.put("Range", Set.of(0, 1, 2));
        settings.put("NonMaxSuppression", Set.of(2, 3, 4));
        settings.put("QuantizeLinear", Set.of(1, 2));
        settings.put("DequantizeLinear", Set.of(1, 2));
        settings.put("ConvInteger", Set.of(2, 3));
        settings.put("MatMulInteger", Set.of(2, 3));
        settings.put("QLinearConv", Set.of(1, 2, 4, 5, 6, 7));
        settings.put("QLinearMatMul", Set.of(1, 2, 4, 5, 6, 7));
        return settings;
    }
}
