package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.data.BatchOptions.Remainder;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A data set as batches of the inputs of a graph, with labels: the one way from data to a model.
 *
 * <p>Inputs whose values are {@linkplain Graph#given() given} have these in every batch. Arrays are matched with the other inputs
 * by name, else in order; their elements are converted to the type of the input. The
 * labels are the array {@code label}, else the first array that no input takes and that holds classes: whole numbers of
 * any type, one an example, or one-hot rows; else the first that no input takes. All arrays in use are read once to
 * check them, in blocks; after that no more than a batch is in memory.
 *
 * <p>Immutable and thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class Batches implements Iterable<Batch> {

    private final MatchedData data;
    private final BatchOptions options;
    private final int size;
    private final long examples;
    private final int[] order;

    private Batches(MatchedData data, BatchOptions options) {
        this.data = data;
        this.options = options;
        this.size = (int) Math.min(data.fixedBatch().orElse(options.size()), Integer.MAX_VALUE);
        long usable = Math.min(data.size(), options.most());
        boolean drops = options.remainder() == Remainder.DROP
                || options.remainder() == Remainder.SPREAD && data.fixedBatch().isPresent();
        this.examples = drops ? usable / size * size : usable;
        this.order = options.seed().isPresent()
                ? shuffled(Math.toIntExact(data.size()), options.seed().getAsLong())
                : new int[0];
    }

    /**
     * Matches a data set with the inputs of a graph and checks it.
     *
     * @param context stops the check when the run is cancelled
     * @throws InvalidInputException when an input has no array, or one that does not fit, or when an element is not
     *     finite; the message names the array, and the row
     */
    public static Batches of(Graph graph, Dataset data, BatchOptions options, RunContext context) {
        return new Batches(MatchedData.of(graph, data, context), options);
    }

    /** The same data, divided in another way. */
    public Batches with(BatchOptions other) {
        return new Batches(data, other);
    }

    /** Number of examples in all batches together; those that are left out are not counted. */
    public long examples() {
        return examples;
    }

    /** Number of examples in the largest batch: what was asked for, or what the inputs demand. */
    public int size() {
        return size;
    }

    /** Number of batches. */
    public int count() {
        return Math.toIntExact((examples + size - 1) / size);
    }

    /** What is odd about the data but not wrong, in sentences: for people. */
    public List<String> notes() {
        return data.notes();
    }

    /**
     * The name of the array that feeds an input.
     *
     * @throws java.util.NoSuchElementException when the data feeds no such input
     */
    public String arrayOf(String input) {
        return data.inputs().stream()
                .filter(each -> each.input().equals(input))
                .findFirst()
                .orElseThrow()
                .name();
    }

    /** Whether the examples were made from the model and not observed. */
    public boolean isSynthetic() {
        return data.synthetic();
    }

    /** Whether the data has anything besides the inputs. */
    public boolean hasLabels() {
        return !data.labels().isEmpty();
    }

    /** Whether the labels are classes. */
    public boolean hasClasses() {
        return data.classes().isPresent();
    }

    /**
     * Checks that every label is one of the classes of a model.
     *
     * @param classes number of classes, at least 1
     * @throws InvalidInputException when a label is negative or too large; the message names the array and the row
     */
    public void requireClasses(long classes) {
        data.classes().ifPresent(labels -> labels.require(classes));
    }

    /**
     * Reads a batch.
     *
     * @param index from 0 to {@link #count()}, exclusive
     */
    public Batch get(int index) {
        long[] rows = rows(start(index), start(index + 1));
        int fed = data.fixedBatch().isPresent() ? size : rows.length;
        data.inputs().forEach(input -> Rows.requireFits(input.name(), input.array(), fed));
        long[] padded = Arrays.copyOf(rows, fed);
        Arrays.fill(padded, rows.length, fed, rows[rows.length - 1]);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        data.inputs().forEach(input -> inputs.put(input.input(), input.rows(padded)));
        inputs.putAll(data.given());
        Map<String, Tensor> labels = new LinkedHashMap<>();
        data.labels().forEach((name, array) -> labels.put(name, Rows.of(name, array, rows)));
        return new Batch(rows, inputs, labels, data.classes().map(classes -> classes.read(rows)));
    }

    @Override
    public Iterator<Batch> iterator() {
        return IntStream.range(0, count()).mapToObj(this::get).iterator();
    }

    private long start(int batch) {
        return options.remainder() == Remainder.SPREAD
                ? examples * batch / count()
                : Math.min((long) batch * size, examples);
    }

    private long[] rows(long from, long to) {
        long[] rows = new long[(int) (to - from)];
        Arrays.setAll(rows, i -> order.length == 0 ? from + i : order[(int) from + i]);
        return rows;
    }

    private static int[] shuffled(int size, long seed) {
        int[] order = IntStream.range(0, size).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int left = size; left > 1; left--) {
            int chosen = random.nextInt(left);
            int swapped = order[chosen];
            order[chosen] = order[left - 1];
            order[left - 1] = swapped;
        }
        return order;
    }
}
