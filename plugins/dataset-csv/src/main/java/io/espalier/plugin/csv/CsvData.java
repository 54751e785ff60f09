package io.espalier.plugin.csv;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.ClassCodes;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The rows of a table as examples.
 *
 * @param inputs columns of each input that columns are called after; none when all features are one array
 * @param label the column of labels
 * @param notes how labels were found
 */
record CsvData(CsvTable table, Map<String, List<Column>> inputs, Optional<Column> label, List<String> notes)
        implements Dataset {

    private static final long MOST_CLASSES = 10_000;

    static CsvData of(CsvTable table) {
        List<String> notes = table
                .codes()
                .flatMap(codes -> codes.note("'" + table.file().path() + "'"))
                .stream()
                .toList();
        return new CsvData(table, Map.of(), table.chosen().label(), notes);
    }

    @Override
    public long size() {
        return table.rows();
    }

    @Override
    public List<String> classNames() {
        return table.codes().map(ClassCodes::names).orElse(List.of());
    }

    @Override
    public Map<String, Tensor> arrays() {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        if (inputs.isEmpty()) {
            arrays.put("features", table.array(features()));
        } else {
            inputs.forEach((input, columns) -> arrays.put(input, table.array(columns)));
        }
        label.ifPresent(each -> arrays.put(
                "label",
                table.codes()
                        .map(codes -> Tensors.vector(codes.classes()))
                        .orElseGet(() -> table.array(List.of(each)))));
        return arrays;
    }

    private List<Column> features() {
        return table.chosen().kept().stream()
                .filter(each -> label.filter(each::equals).isEmpty())
                .toList();
    }

    @Override
    public Dataset forModel(Graph graph) {
        Map<String, ValueType> fed = new LinkedHashMap<>(graph.inputs());
        fed.keySet().removeAll(graph.given().keySet());
        Map<String, List<Column>> named = table.isNamed() ? named(fed) : Map.of();
        if (!named.isEmpty()) {
            return new CsvData(table, named, label, notes);
        }
        if (!table.chosen().open() || fed.size() != 1) {
            return this;
        }
        OptionalLong width = width(fed.values().iterator().next());
        List<Column> all = features();
        if (width.isEmpty() || width.getAsLong() != all.size() - 1L) {
            return this;
        }
        Column found = leftOver(all, classes(graph));
        List<String> more = new ArrayList<>(notes);
        more.add("The column " + Quoted.name(found.name()) + " of '"
                + table.file().path() + "' was taken for the labels: the model takes the other " + width.getAsLong()
                + ".");
        return new CsvData(table, Map.of(), Optional.of(found), more);
    }

    /** The first or the last column, whichever holds classes. */
    private Column leftOver(List<Column> all, long classes) {
        List<Column> candidates = List.of(all.get(0), all.get(all.size() - 1)).stream()
                .filter(each -> each.isBelow(classes))
                .toList();
        if (candidates.size() != 1) {
            throw new InvalidInputException(
                    "'" + table.file().path() + "' has one column more than the model takes, and "
                            + (candidates.isEmpty()
                                    ? "neither the first nor the last holds"
                                    : "both the first and the last may hold")
                            + " classes; say label=first, label=last or label=NAME (--data-option)");
        }
        return candidates.get(0);
    }

    /** The columns called like each input, or like it with an index; none unless all inputs have theirs. */
    private Map<String, List<Column>> named(Map<String, ValueType> fed) {
        Map<String, List<Column>> named = new LinkedHashMap<>();
        for (Map.Entry<String, ValueType> input : fed.entrySet()) {
            List<Column> columns = features().stream()
                    .filter(each -> isOf(input.getKey(), each.name()))
                    .toList();
            OptionalLong width = width(input.getValue());
            if (columns.isEmpty() || width.isPresent() && width.getAsLong() != columns.size()) {
                return Map.of();
            }
            named.put(input.getKey(), columns);
        }
        return named;
    }

    private static boolean isOf(String input, String column) {
        return column.startsWith(input) && column.substring(input.length()).matches("|[_.]?\\d+|\\[\\d+]");
    }

    /** Number of elements of an example, where the input says it. */
    private static OptionalLong width(ValueType input) {
        if (input.shape().isEmpty() || input.shape().get().isEmpty()) {
            return OptionalLong.empty();
        }
        long width = 1;
        for (Dimension axis : input.shape().get().subList(1, input.shape().get().size())) {
            if (!(axis instanceof Dimension.Fixed fixed) || Math.multiplyHigh(width, fixed.extent()) != 0) {
                return OptionalLong.empty();
            }
            width *= fixed.extent();
        }
        return OptionalLong.of(width);
    }

    /** Number of classes that the first output tells apart, where it says so. */
    private static long classes(Graph graph) {
        return graph.outputs().stream()
                .findFirst()
                .map(graph.declared()::get)
                .flatMap(ValueType::shape)
                .filter(axes -> axes.size() > 1)
                .map(axes -> axes.get(axes.size() - 1))
                .filter(Dimension.Fixed.class::isInstance)
                .map(axis -> ((Dimension.Fixed) axis).extent())
                .filter(extent -> extent > 1)
                .orElse(MOST_CLASSES);
    }
}
