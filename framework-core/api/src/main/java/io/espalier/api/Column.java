package io.espalier.api;

import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An array of a data set that is read block by block.
 *
 * @param input the input it feeds, when it feeds one
 * @param blocks feeds the rows in their order to a consumer
 */
record Column(String name, Optional<String> input, DataType type, List<Long> shape, Consumer<Consumer<Tensor>> blocks) {

    private static final int ROWS = 64;

    /** The arrays as they lie in the files. */
    static List<Column> of(Dataset data) {
        List<Column> columns = new ArrayList<>();
        data.arrays()
                .forEach((name, array) -> columns.add(
                        new Column(name, Optional.empty(), array.type(), array.shape(), each -> each.accept(array))));
        return columns;
    }

    /** The inputs as the model sees them, then the labels. */
    static List<Column> of(Batches batches) {
        Batches some = batches.with(BatchOptions.of(ROWS));
        Batch first = some.get(0);
        List<Column> columns = new ArrayList<>();
        first.inputs()
                .forEach((name, rows) -> columns.add(column(
                        some,
                        batches.arrayOf(name),
                        Optional.of(name),
                        rows,
                        batch -> batch.inputs().get(name))));
        first.labels()
                .forEach((name, rows) -> columns.add(column(
                        some,
                        name,
                        Optional.empty(),
                        rows,
                        batch -> batch.labels().get(name))));
        return columns;
    }

    private static Column column(
            Batches batches, String name, Optional<String> input, Tensor like, Function<Batch, Tensor> rows) {
        List<Long> shape = new ArrayList<>(like.shape());
        shape.set(0, batches.examples());
        return new Column(
                name,
                input,
                like.type(),
                List.copyOf(shape),
                each -> batches.forEach(batch -> each.accept(withoutPadding(rows.apply(batch), batch.size()))));
    }

    private static Tensor withoutPadding(Tensor rows, int count) {
        int[] real = new int[count];
        Arrays.setAll(real, i -> i);
        return rows.shape().get(0) == count ? rows : Tensors.sliced(rows, 0, real);
    }
}
