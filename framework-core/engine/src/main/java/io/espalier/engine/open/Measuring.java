package io.espalier.engine.open;

import io.espalier.engine.verify.RandomInputs;
import io.espalier.graph.flow.Workload;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs a part of a model on random inputs of two sizes, to see which extents of its results follow them. */
final class Measuring {

    /** Sizes of inputs that tell an extent that is fixed from one that follows an input. */
    private static final int SIZES = 2;

    private final Model model;
    private final Graph graph;
    private final RandomInputs inputs;
    private final Workload workload;
    private final Set<String> symbols = new LinkedHashSet<>();

    /** Results at one assignment of extents. */
    private record Run(Map<String, Long> extents, Map<String, Tensor> results) {}

    Measuring(Model model, Graph graph, Shapes shapes, Operators operators, Budget budget) {
        this.model = model;
        this.graph = graph;
        this.inputs = new RandomInputs(graph, shapes, operators);
        this.workload = new Workload(graph, shapes, budget);
        graph.inputs()
                .values()
                .forEach(type -> type.shape()
                        .ifPresent(shape -> shape.forEach(extent -> {
                            if (extent instanceof Dimension.Symbol symbol) {
                                symbols.add(symbol.name());
                            }
                        })));
    }

    /** The types of some values; those that the runtime does not compute are left out. */
    Map<String, ValueType> types(List<String> values) {
        Map<String, ValueType> types = new LinkedHashMap<>();
        try {
            List<Run> runs = runs(values);
            values.forEach(value -> type(value, runs).ifPresent(type -> types.put(value, type)));
        } catch (ExecutionException refused) {
            if (values.size() > 1) {
                values.forEach(value -> types.putAll(types(List.of(value))));
            }
        }
        return types;
    }

    private List<Run> runs(List<String> values) {
        List<Run> runs = new ArrayList<>();
        try (Runner runner = model.runner(graph.inputs(), values).orElse(null)) {
            if (runner == null) {
                return runs;
            }
            for (Map<String, Long> extents : inputs.sizes()) {
                if (workload.excess(extents).isPresent()) {
                    continue;
                }
                results(runner, extents).ifPresent(results -> runs.add(new Run(extents, results)));
                if (runs.size() == SIZES || extents.isEmpty()) {
                    return runs;
                }
            }
        }
        return runs;
    }

    /** Empty when the inputs are refused: not every network takes every size of input. */
    private Optional<Map<String, Tensor>> results(Runner runner, Map<String, Long> extents) {
        Map<String, Tensor> given = inputs.make(0, extents);
        given.keySet().retainAll(runner.inputs());
        try {
            return Optional.of(runner.run(given));
        } catch (ExecutionException refused) {
            return Optional.empty();
        }
    }

    private Optional<ValueType> type(String value, List<Run> runs) {
        List<Tensor> results =
                runs.stream().map(run -> run.results().get(value)).toList();
        if (results.isEmpty()
                || results.stream().map(each -> each.shape().size()).distinct().count() > 1) {
            return Optional.empty();
        }
        List<Dimension> shape = new ArrayList<>();
        for (int axis = 0; axis < results.get(0).shape().size(); axis++) {
            shape.add(dimension(axis, value, runs));
        }
        return Optional.of(new ValueType(results.get(0).type(), Optional.of(shape)));
    }

    private Dimension dimension(int axis, String value, List<Run> runs) {
        Run first = runs.get(0);
        long extent = first.results().get(value).shape().get(axis);
        if (runs.size() < SIZES) {
            return first.extents().isEmpty() ? new Dimension.Fixed(extent) : new Dimension.Unknown();
        }
        Run second = runs.get(1);
        long other = second.results().get(value).shape().get(axis);
        if (extent == other) {
            return new Dimension.Fixed(extent);
        }
        return symbols.stream()
                .filter(symbol -> Long.valueOf(extent).equals(first.extents().get(symbol))
                        && Long.valueOf(other).equals(second.extents().get(symbol)))
                .findFirst()
                .<Dimension>map(Dimension.Symbol::new)
                .orElseGet(Dimension.Unknown::new);
    }
}
