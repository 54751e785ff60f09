package io.espalier.engine.evidence;

import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * A network without signs: what it multiplies with are magnitudes, and what it only adds is 0. So is the running mean of a
 * normalisation.
 *
 * @param graph the network
 * @param weights the trained parameters that are magnitudes
 */
record UnsignedNetwork(Graph graph, Set<String> weights) {

    static UnsignedNetwork of(Graph graph, Operators operators) {
        Reading reading = new Reading(graph, operators);
        Set<String> weights = new LinkedHashSet<>();
        Map<String, Tensor> changed = new LinkedHashMap<>();
        List<String> trained = TrainableConstants.real(graph, operators);
        graph.constants().forEach((name, tensor) -> {
            boolean isReal = tensor.type().isFloating() && tensor.size() > 1;
            if (isReal && reading.onlyAdded(name)) {
                changed.put(name, mapped(tensor, each -> 0));
            } else if (trained.contains(name)) {
                changed.put(name, mapped(tensor, Math::abs));
                weights.add(name);
            }
        });
        return new UnsignedNetwork(graph.withConstants(changed), weights);
    }

    private static Tensor mapped(Tensor tensor, DoubleUnaryOperator change) {
        double[] values = Arrays.stream(Tensors.toDoubles(tensor)).map(change).toArray();
        return Tensors.fromDoubles(tensor.type(), tensor.shape(), values);
    }

    /** How values are read, by way of nodes that compute with constants alone too. */
    private static final class Reading {

        private final Operators operators;
        private final Shapes shapes;
        private final Set<String> varying = new HashSet<>();
        /** For each value that is read: whether all that is done with it is to add it. */
        private final Map<String, Boolean> added = new HashMap<>();

        Reading(Graph graph, Operators operators) {
            this.operators = operators;
            this.shapes = operators.infer(graph);
            varying.addAll(graph.inputs().keySet());
            for (Node node : graph.nodes()) {
                if (node.reads().stream().anyMatch(varying::contains)) {
                    varying.addAll(node.outputs());
                }
            }
            List<Node> nodes = graph.nodes();
            for (int i = nodes.size() - 1; i >= 0; i--) {
                read(nodes.get(i));
            }
        }

        private void read(Node node) {
            boolean handsOn = !varying.contains(node.outputs().get(0));
            for (String value : node.reads()) {
                int slot = node.inputs().indexOf(value);
                boolean adds =
                        handsOn ? node.outputs().stream().allMatch(this::onlyAdded) : slot >= 0 && adds(node, slot);
                added.merge(value, adds, Boolean::logicalAnd);
            }
        }

        private boolean adds(Node node, int slot) {
            if (operators.is(node, Trait.ADDS) || operators.is(node, Trait.SUBTRACTS)) {
                return true;
            }
            return switch (role(node, slot)) {
                case BIAS, SHIFT -> true;
                // Of a mean and a variance, the mean comes first.
                case STATISTIC -> slot > 0 && role(node, slot - 1) != SlotRole.STATISTIC;
                default -> false;
            };
        }

        private SlotRole role(Node node, int slot) {
            return operators
                    .of(node)
                    .map(definition -> definition.role(new NodeView(node, shapes), slot))
                    .orElse(SlotRole.DATA);
        }

        boolean onlyAdded(String value) {
            return added.getOrDefault(value, false);
        }
    }
}
