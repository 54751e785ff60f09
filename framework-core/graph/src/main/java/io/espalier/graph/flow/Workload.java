package io.espalier.graph.flow;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.Budget;
import io.espalier.spi.BudgetException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what the values of a graph take while it runs with the {@link Budget}. What depends on data is known only by
 * running, and counts nothing. Immutable and thread-safe.
 */
public final class Workload {

    private final Graph graph;
    private final Shapes shapes;
    private final Budget budget;
    private final double stored;

    /** The work of a graph whose shapes are known. */
    public Workload(Graph graph, Shapes shapes, Budget budget) {
        this.graph = graph;
        this.shapes = shapes;
        this.budget = budget;
        this.stored = graph.allConstants().values().stream()
                .mapToDouble(Tensor::byteSize)
                .sum();
    }

    /**
     * Refuses a graph that takes too many nodes in turn, or whose constants a runtime would compute beyond the budget as
     * soon as it loads them.
     *
     * @throws BudgetException when it does; the message names the node
     */
    public static void require(Graph graph, Shapes shapes, Budget budget) {
        RunLength.require(graph, shapes, budget.steps());
        Workload workload = new Workload(graph, shapes, budget);
        workload.caught(() -> workload.visitConstants(graph, new HashSet<>())).ifPresent(e -> {
            throw e;
        });
    }

    /** What is beyond the budget when the inputs have certain extents; empty when nothing is. */
    public Optional<BudgetException> excess(Map<String, Long> extents) {
        return caught(() -> {
            double elements = graph.inputs().keySet().stream()
                    .mapToDouble(input -> elements(input, extents))
                    .sum();
            if (elements > budget.elements()) {
                throw new BudgetException(
                        "the inputs " + graph.inputs().keySet() + " would have more than " + budget.elements()
                                + " elements together",
                        "elements");
            }
            double read = graph.inputs().keySet().stream()
                    .mapToDouble(input -> bytes(input, extents))
                    .sum();
            visit(graph, extents, Math.max(budget.bytes(), Budget.BYTES_A_BYTE_READ * (stored + read)));
        });
    }

    private Optional<BudgetException> caught(Runnable work) {
        try {
            work.run();
            return Optional.empty();
        } catch (BudgetException e) {
            return Optional.of(e);
        }
    }

    private void visitConstants(Graph part, Set<String> variable) {
        double most = Math.max(budget.bytes(), Budget.BYTES_A_BYTE_READ * stored);
        double sum = 0;
        variable.addAll(part.inputs().keySet());
        for (Node node : part.nodes()) {
            node.bodies().forEach(body -> visitConstants(body, variable));
            if (node.reads().stream().anyMatch(variable::contains)) {
                variable.addAll(node.outputs());
                continue;
            }
            for (String output : node.outputs()) {
                sum += bytes(output, Map.of());
            }
            require(sum, most, node);
        }
    }

    /** All values that are alive at the same time; a body comes on top of what lives around it. */
    private double visit(Graph part, Map<String, Long> extents, double most) {
        Map<String, Integer> lastReads = new HashMap<>();
        for (int place = 0; place < part.nodes().size(); place++) {
            for (String value : part.nodes().get(place).reads()) {
                lastReads.put(value, place);
            }
        }
        Map<String, Double> alive = new HashMap<>();
        double live = 0;
        double peak = 0;
        for (int place = 0; place < part.nodes().size(); place++) {
            Node node = part.nodes().get(place);
            double inside = 0;
            for (Graph body : node.bodies()) {
                inside = Math.max(inside, visit(body, extents, most));
            }
            for (String output : node.outputs()) {
                double size = bytes(output, extents);
                live += size;
                alive.put(output, size);
            }
            peak = Math.max(peak, live + inside);
            require(peak, most, node);
            for (String value : node.reads()) {
                if (lastReads.get(value) == place && !part.outputs().contains(value) && alive.containsKey(value)) {
                    live -= alive.remove(value);
                }
            }
        }
        return peak;
    }

    private static void require(double bytes, double most, Node node) {
        if (bytes > most) {
            throw new BudgetException(
                            "the values that are alive with it would take more than " + (long) most
                                    + " bytes while the model runs",
                            "bytes")
                    .at(node.qualifiedOperator(), node.id());
        }
    }

    private double bytes(String value, Map<String, Long> extents) {
        return elements(value, extents)
                * shapes.type(value).map(DataType::bytes).orElse(Float.BYTES);
    }

    private double elements(String value, Map<String, Long> extents) {
        Optional<List<Dim>> shape = value.isEmpty() ? Optional.empty() : shapes.shape(value);
        boolean known = shape.isPresent()
                && shape.get().stream().allMatch(extent -> extents.keySet().containsAll(extent.symbols()));
        return known
                ? shape.get().stream()
                        .mapToDouble(extent -> evaluated(extent, extents))
                        .reduce(1, (left, right) -> left * right)
                : 0;
    }

    private static double evaluated(Dim extent, Map<String, Long> extents) {
        try {
            return extent.evaluate(extents);
        } catch (ArithmeticException overflow) {
            return Double.POSITIVE_INFINITY;
        }
    }
}
