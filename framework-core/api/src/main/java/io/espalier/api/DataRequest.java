package io.espalier.api;

import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.run.SeededContext;
import io.espalier.spi.Quoted;
import io.espalier.spi.Stability;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Asks what files of examples hold, or for one npz file of them. Immutable and thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class DataRequest {

    private static final int MOST_CLASSES = 10_000;

    private final Extensions extensions;
    private final List<DataFile> files;
    private final Optional<Path> model;
    private final Optional<Path> preprocessing;
    private final Map<String, String> options;
    private final long seed;

    DataRequest(
            Extensions extensions,
            List<DataFile> files,
            Optional<Path> model,
            Optional<Path> preprocessing,
            Map<String, String> options,
            long seed) {
        this.extensions = extensions;
        this.files = List.copyOf(files);
        this.model = model;
        this.preprocessing = preprocessing;
        this.options = Map.copyOf(options);
        this.seed = seed;
    }

    /** Shows the data as a model sees it: matched with its inputs, checked, in their types and shapes. */
    public DataRequest forModel(Path file) {
        return new DataRequest(extensions, files, Optional.of(file), preprocessing, options, seed);
    }

    /** A file of preprocessing, as {@link PruneRequest#preprocessing}. */
    public DataRequest preprocessing(Path file) {
        return new DataRequest(extensions, files, model, Optional.of(file), options, seed);
    }

    /** Options of what reads the files. */
    public DataRequest options(Map<String, String> all) {
        return new DataRequest(extensions, files, model, preprocessing, all, seed);
    }

    /** The seed of parts and choices: 0 unless said otherwise. */
    public DataRequest seed(long random) {
        return new DataRequest(extensions, files, model, preprocessing, options, random);
    }

    /**
     * Reads all examples and says what they hold.
     *
     * @throws EspalierException as {@link Espalier} says
     */
    public DataReport inspect() {
        return read(OptionalInt.empty(), (columns, notes) -> report(columns, notes));
    }

    /**
     * Writes the examples as one npz file: by the names of the inputs when a model is named.
     *
     * @param most examples, chosen by the seed; empty takes all
     * @return the number of examples written
     * @throws EspalierException as {@link Espalier} says
     */
    public long pack(Path output, OptionalInt most) {
        for (DataFile each : files) {
            if (OutputRules.isSame(each.file(), output)) {
                throw InputRefusedException.request(
                        "the output would replace '" + output + "', which is read; give another" + " output");
            }
        }
        return read(most, (columns, notes) -> {
            Map<String, Column> named = new LinkedHashMap<>();
            columns.forEach(each -> named.put(each.input().orElse(each.name()), each));
            NpzWriter.write(output, named);
            return columns.get(0).shape().get(0);
        });
    }

    /** Does something with the arrays. */
    private interface Work<T> {
        T with(List<Column> columns, List<String> notes);
    }

    private <T> T read(OptionalInt most, Work<T> work) {
        return Failures.translated(() -> {
            SeededContext context = new SeededContext(seed, () -> false);
            Shipped shipped = Shipped.of(preprocessing, model);
            Dataset all = Examples.in(files).open("data", extensions, shipped, options, seed, context);
            Dataset data = Selection.of(all, new DataFile(files.get(0).file(), DataFile.Part.ALL, most), seed);
            if (model.isEmpty()) {
                return work.with(Column.of(data), data.notes());
            }
            try (Model opened = extensions.open(model.get(), GivenInputs.NONE)) {
                Batches batches = Batches.of(opened.graph(), data, BatchOptions.of(1), context);
                return work.with(Column.of(batches), batches.notes());
            }
        });
    }

    private static DataReport report(List<Column> columns, List<String> notes) {
        List<DataReport.Array> arrays = new ArrayList<>();
        List<String> all = new ArrayList<>(notes);
        Map<Long, Long> classes = new TreeMap<>();
        for (Column column : columns) {
            Statistics statistics = new Statistics();
            column.blocks().accept(block -> Tensors.forEach(block, (index, value) -> statistics.add(value)));
            arrays.add(statistics.array(column));
            if (statistics.smallest == statistics.largest) {
                all.add("The array " + Quoted.name(column.name()) + " holds nothing but " + statistics.smallest + ".");
            }
            boolean labels = column.input().isEmpty()
                    && column.name().equals("label")
                    && column.shape().size() == 1;
            if (labels && !column.type().isFloating()) {
                column.blocks()
                        .accept(block ->
                                Tensors.forEach(block, (index, value) -> classes.merge((long) value, 1L, Long::sum)));
            }
        }
        long examples = columns.isEmpty() ? 0 : columns.get(0).shape().get(0);
        return new DataReport(examples, arrays, classes.size() > MOST_CLASSES ? Map.of() : classes, all);
    }

    /** Extremes and moments of elements, by Welford's update. */
    private static final class Statistics {

        private double smallest = Double.POSITIVE_INFINITY;
        private double largest = Double.NEGATIVE_INFINITY;
        private long count;
        private double mean;
        private double squares;

        void add(double value) {
            smallest = Math.min(smallest, value);
            largest = Math.max(largest, value);
            count++;
            double step = value - mean;
            mean += step / count;
            squares += step * (value - mean);
        }

        DataReport.Array array(Column column) {
            return new DataReport.Array(
                    column.name(),
                    column.input(),
                    column.type().name().toLowerCase(Locale.ROOT),
                    column.shape(),
                    smallest,
                    largest,
                    mean,
                    Math.sqrt(squares / count));
        }
    }
}
