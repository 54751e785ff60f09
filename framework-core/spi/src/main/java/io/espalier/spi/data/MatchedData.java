package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A data set whose arrays are matched with the inputs of a graph, and checked.
 *
 * @param size number of examples
 * @param inputs the array of each input
 * @param labels what no input takes, the labels first
 * @param classes the labels as classes
 * @param fixedBatch the batch the inputs demand
 * @param given values of inputs that are known beforehand
 * @param notes what is odd, but not wrong
 * @param synthetic whether the examples were made from the model
 */
record MatchedData(
        long size,
        List<InputArray> inputs,
        Map<String, Tensor> labels,
        Optional<ClassLabels> classes,
        OptionalLong fixedBatch,
        Map<String, Tensor> given,
        List<String> notes,
        boolean synthetic) {

    private static final String LABEL = "label";

    static MatchedData of(Graph whole, Dataset given, RunContext context) {
        Graph graph = withoutGiven(whole);
        Dataset data = given.forModel(whole);
        if (data.size() == 0) {
            throw new InvalidInputException("The data holds no examples; give a file with at least one.");
        }
        data.arrays().forEach((name, array) -> requireCount(name, array, data.size()));
        Map<String, Tensor> others = new LinkedHashMap<>(data.arrays());
        List<String> notes = new ArrayList<>(data.notes());
        List<InputArray> inputs = match(graph, data, others, notes);
        inputs.forEach(each -> each.check(context).ifPresent(notes::add));
        Map<String, Tensor> labels = new LinkedHashMap<>();
        Optional<ClassLabels> classes = labels(others, labels, context);
        others.forEach(labels::putIfAbsent);
        return new MatchedData(
                data.size(), inputs, labels, classes, fixedBatch(graph), whole.given(), notes, data.isSynthetic());
    }

    /** The graph with the inputs that data must feed. */
    private static Graph withoutGiven(Graph graph) {
        if (graph.given().isEmpty()) {
            return graph;
        }
        Map<String, ValueType> fed = new LinkedHashMap<>(graph.inputs());
        fed.keySet().removeAll(graph.given().keySet());
        if (fed.isEmpty()) {
            throw new InvalidInputException(
                    "Every input of the model has a value already, so no data can feed it; leave out the data.");
        }
        return new Graph(graph.name(), fed, graph.outputs(), graph.nodes(), graph.constants(), graph.declared());
    }

    private static void requireCount(String name, Tensor array, long size) {
        if (array.shape().isEmpty() || array.shape().get(0) != size) {
            throw new InvalidInputException("The array " + Quoted.name(name) + " has the shape " + array.shape()
                    + ", but the data holds " + size + " examples; the first axis counts examples.");
        }
    }

    /** Takes the array of each input out of the others. */
    private static List<InputArray> match(Graph graph, Dataset data, Map<String, Tensor> others, List<String> notes) {
        boolean byName = others.keySet().containsAll(graph.inputs().keySet());
        Iterator<String> order = others.keySet().stream()
                .filter(array -> !array.equals(LABEL))
                .toList()
                .iterator();
        List<InputArray> inputs = new ArrayList<>();
        graph.inputs().forEach((input, declared) -> {
            if (!byName && !order.hasNext()) {
                throw new InvalidInputException("The data has no array for the input '" + input + "'; it has "
                        + String.join(", ", data.arrays().keySet()) + ", the model needs "
                        + String.join(", ", graph.inputs().keySet()) + ".");
            }
            String array = byName ? input : order.next();
            inputs.add(InputArray.of(input, declared, array, others.remove(array), data.scaling(), notes));
        });
        if (!byName) {
            notes.add("The data does not name the inputs, so its arrays were taken in order: "
                    + inputs.stream()
                            .map(each -> Quoted.name(each.name()) + " for " + Quoted.name(each.input()))
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        return inputs;
    }

    /** The labels are the array of that name, else the first that holds classes, else the first there is. */
    private static Optional<ClassLabels> labels(
            Map<String, Tensor> others, Map<String, Tensor> labels, RunContext context) {
        Map<String, Tensor> candidates = others.containsKey(LABEL) ? Map.of(LABEL, others.get(LABEL)) : others;
        for (Map.Entry<String, Tensor> candidate : candidates.entrySet()) {
            Optional<ClassLabels> classes = ClassLabels.of(candidate.getKey(), candidate.getValue(), context);
            if (classes.isPresent()) {
                labels.put(candidate.getKey(), candidate.getValue());
                return classes;
            }
        }
        candidates.entrySet().stream().findFirst().ifPresent(first -> {
            ElementSummary.of(first.getKey(), first.getValue(), context);
            labels.put(first.getKey(), first.getValue());
        });
        return Optional.empty();
    }

    private static OptionalLong fixedBatch(Graph graph) {
        Map<Long, String> fixed = new LinkedHashMap<>();
        graph.inputs().forEach((input, type) -> extent(type).ifPresent(batch -> fixed.putIfAbsent(batch, input)));
        if (fixed.size() > 1) {
            throw new InvalidInputException("The inputs "
                    + fixed.values().stream().map(Quoted::name).toList()
                    + " have the fixed batches " + fixed.keySet() + ", so no number of examples fits all of them; "
                    + "export the model with one batch.");
        }
        return fixed.keySet().stream().mapToLong(Long::longValue).findFirst();
    }

    private static OptionalLong extent(ValueType type) {
        return type.shape()
                .filter(axes -> !axes.isEmpty() && axes.get(0) instanceof Dimension.Fixed fixed && fixed.extent() > 0)
                .map(axes -> OptionalLong.of(((Dimension.Fixed) axes.get(0)).extent()))
                .orElse(OptionalLong.empty());
    }
}
