package io.espalier.spi.data;

import static io.espalier.spi.data.TestingData.OPEN;
import static io.espalier.spi.data.TestingData.graph;
import static io.espalier.spi.data.TestingData.integers;
import static io.espalier.spi.data.TestingData.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.BatchOptions.Remainder;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class BatchesTest {

    private static final int SEEDS = 300;

    private static Batches batches(Graph graph, Dataset data, BatchOptions options) {
        return Batches.of(graph, data, options, TestingData.context(false));
    }

    private static Batches batches(Graph graph, Dataset data) {
        return batches(graph, data, BatchOptions.of(100));
    }

    /** Data whose elements say where they come from: row * 1000 + column. */
    private static Tensor numbered(DataType type, int rows, List<Long> shape) {
        int width = (int) shape.stream().skip(1).mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        double[] values = new double[rows * width];
        Arrays.setAll(values, i -> (i / width) * 100 + i % width);
        return Tensors.fromDoubles(type, shape, values);
    }

    @Test
    void everyExampleOfEveryTypeArrivesOnceWithItsLabel() {
        List<DataType> sources = List.of(
                DataType.FLOAT32,
                DataType.FLOAT64,
                DataType.INT16,
                DataType.UINT16,
                DataType.INT32,
                DataType.UINT32,
                DataType.INT64,
                DataType.UINT64);
        List<DataType> labels = Arrays.stream(DataType.values())
                .filter(type -> !type.isFloating() && type != DataType.BOOL)
                .toList();
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int rows = 1 + random.nextInt(60);
            long[] others = random.ints(random.nextInt(3), 1, 4).asLongStream().toArray();
            List<Long> shape = LongStream.concat(LongStream.of(rows), LongStream.of(others))
                    .boxed()
                    .toList();
            DataType source = sources.get(random.nextInt(sources.size()));
            boolean fixed = random.nextBoolean();
            int size = 1 + random.nextInt(20);
            DataType target = source.isFloating() || random.nextBoolean() ? DataType.FLOAT32 : DataType.INT32;
            Graph graph = graph(target, fixed ? new Dimension.Fixed(size) : OPEN, others);
            long[] classes = random.longs(rows, 0, 5).toArray();
            TestingData data = TestingData.of(
                    "x", numbered(source, rows, shape),
                    "y", integers(labels.get(random.nextInt(labels.size())), Tensors.shape(rows), classes));
            Remainder remainder = Remainder.values()[random.nextInt(3)];
            BatchOptions options = BatchOptions.of(fixed ? 7 : size).with(remainder);
            Batches batches = batches(graph, data, random.nextBoolean() ? options : options.shuffled(seed));
            String what = "seed " + seed + ": " + rows + " rows " + source + " to " + target + ", " + options;

            List<Long> seen = new ArrayList<>();
            for (Batch batch : batches) {
                Tensor x = batch.inputs().get("x");
                assertThat(x.type()).as(what).isEqualTo(target);
                assertThat(x.shape().get(0)).as(what).isEqualTo(fixed ? size : batch.size());
                double[] values = Tensors.toDoubles(x);
                int width = (int) (x.size() / x.shape().get(0));
                for (int i = 0; i < x.shape().get(0); i++) {
                    long row = batch.rows()[Math.min(i, batch.size() - 1)];
                    assertThat(values[i * width]).as(what).isEqualTo(row * 100);
                    assertThat(values[i * width + width - 1]).as(what).isEqualTo(row * 100 + width - 1);
                }
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(batch.classes().orElseThrow()[i]).as(what).isEqualTo(classes[(int) batch.rows()[i]]);
                }
                LongStream.of(batch.rows()).forEach(seen::add);
                assertThat(batch.size()).as(what).isBetween(1, size);
            }
            boolean drops = remainder == Remainder.DROP || remainder == Remainder.SPREAD && fixed;
            assertThat(seen).as(what).doesNotHaveDuplicates().hasSize(drops ? rows / size * size : rows);
            assertThat(batches.examples()).as(what).isEqualTo(seen.size());
        }
    }

    @Test
    void spreadBatchesDifferByOneAtMost() {
        Batches batches = batches(
                graph(DataType.FLOAT32, OPEN),
                TestingData.of("x", numbered(DataType.FLOAT32, 65, Tensors.shape(65))),
                BatchOptions.of(64).with(Remainder.SPREAD));
        assertThat(batches).extracting(Batch::size).containsExactly(32, 33);
        assertThat(batches.with(BatchOptions.of(10).atMost(30)))
                .extracting(Batch::size)
                .containsExactly(10, 10, 10);
    }

    @Test
    void aSeedGivesOneOrderAndAnotherSeedAnother() {
        TestingData data = TestingData.of("x", numbered(DataType.FLOAT32, 50, Tensors.shape(50)));
        Batches inOrder = batches(graph(DataType.FLOAT32, OPEN), data);
        List<Integer> first = order(inOrder.with(BatchOptions.of(8).shuffled(1)));
        assertThat(order(inOrder.with(BatchOptions.of(50).shuffled(1)))).isEqualTo(first);
        assertThat(order(inOrder.with(BatchOptions.of(8).shuffled(2)))).isNotEqualTo(first);
        // The order is part of what a seed promises: it must not change from version to version.
        assertThat(first).startsWith(24, 31, 33, 0);
    }

    private static List<Integer> order(Batches batches) {
        List<Integer> rows = new ArrayList<>();
        batches.forEach(batch -> LongStream.of(batch.rows()).forEach(row -> rows.add((int) row)));
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 50).boxed().toList());
        return rows;
    }

    @Test
    void arraysAreMatchedByNameElseInOrderWhichIsSaid() {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("a", type(DataType.FLOAT32, OPEN));
        inputs.put("b", type(DataType.FLOAT32, OPEN));
        Tensor one = Tensors.floats(Tensors.shape(2), 1, 1);
        Tensor two = Tensors.floats(Tensors.shape(2), 2, 2);
        Tensor label = Tensors.vector(0, 1);

        Batches named = batches(graph(inputs), TestingData.of("label", label, "b", two, "a", one));
        assertThat(Tensors.toFloats(named.get(0).inputs().get("a"))).containsExactly(1, 1);
        assertThat(named.notes()).isEmpty();

        Batches ordered = batches(graph(inputs), TestingData.of("p", one, "label", label, "q", two));
        assertThat(Tensors.toFloats(ordered.get(0).inputs().get("b"))).containsExactly(2, 2);
        assertThat(ordered.notes()).singleElement().asString().contains("'p' for 'a', 'q' for 'b'");

        assertRefused(
                graph(inputs), TestingData.of("p", one, "label", label), "no array for the input 'b'", "p, label");
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"FLOAT32", "FLOAT64", "FLOAT16", "BFLOAT16", "BOOL"})
    void labelsOfAnyIntegerTypeAreClasses(DataType type) {
        TestingData data = TestingData.of(
                "x", Tensors.floats(Tensors.shape(3), 1, 2, 3),
                "weight", Tensors.floats(Tensors.shape(3), 1, 1, 1),
                "kind", integers(type, Tensors.shape(3, 1), 2, 0, 101));
        Batch batch = batches(graph(DataType.FLOAT32, OPEN), data).get(0);
        assertThat(batch.classes().orElseThrow()).containsExactly(2, 0, 101);
        assertThat(batch.labels().keySet()).containsExactly("kind", "weight");
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void oneHotRowsOfAnyTypeAreClasses(DataType type) {
        Tensor x = Tensors.floats(Tensors.shape(3), 1, 2, 3);
        Tensor oneHot = integers(type, Tensors.shape(3, 4), 0, 0, 1, 0, /**/ 1, 0, 0, 0, /**/ 0, 0, 0, 1);
        Batches batches = batches(graph(DataType.FLOAT32, OPEN), TestingData.of("x", x, "label", oneHot));
        assertThat(batches.get(0).classes().orElseThrow()).containsExactly(2, 0, 3);
        assertThatThrownBy(() -> batches.requireClasses(3)).hasMessageContaining("label 3 in row 2");

        for (long[] rows : new long[][] {
            {0, 0, 1, 0, /**/ 0, 0, 0, 0, /**/ 0, 0, 0, 1},
            {0, 0, 1, 0, /**/ 1, 1, 0, 0, /**/ 0, 0, 0, 0},
            {0, 0, 0, 0, /**/ 1, 1, 0, 0, /**/ 0, 0, 0, 1},
        }) {
            Tensor several = integers(type, Tensors.shape(3, 4), rows);
            Batches other = batches(graph(DataType.FLOAT32, OPEN), TestingData.of("x", x, "label", several));
            assertThat(other.hasClasses()).as(Arrays.toString(rows)).isFalse();
            assertThat(other.hasLabels()).isTrue();
        }
    }

    @Test
    void labelsOutOfRangeAreRefusedWithArrayAndRow() {
        Tensor x = Tensors.floats(Tensors.shape(3), 1, 2, 3);
        Batches high =
                batches(graph(DataType.FLOAT32, OPEN), TestingData.of("x", x, "label", Tensors.vector(9, 99, 0)));
        high.requireClasses(100);
        assertThatThrownBy(() -> high.requireClasses(10))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'label'", "99", "row 1", "0 to 9");
        Batches low = batches(graph(DataType.FLOAT32, OPEN), TestingData.of("x", x, "label", Tensors.vector(9, 0, -1)));
        assertThatThrownBy(() -> low.requireClasses(10)).hasMessageContainingAll("'label'", "-1", "row 2");
    }

    @Test
    void elementsThatAreNotFiniteAreRefusedWithArrayAndRow() {
        for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64, DataType.FLOAT16, DataType.BFLOAT16)) {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                double[] values = new double[3 * 50_000];
                values[2 * 50_000 + 17] = bad;
                Tensor x = Tensors.fromDoubles(type, Tensors.shape(3, 50_000), values);
                assertRefused(
                        graph(DataType.FLOAT32, OPEN, 50_000),
                        TestingData.of("x", x),
                        "'x'",
                        Double.toString(bad),
                        "row 2");
            }
        }
        Tensor x = Tensors.floats(Tensors.shape(2), 1, 2);
        assertRefused(
                graph(DataType.FLOAT32, OPEN),
                TestingData.of("x", x, "label", Tensors.floats(Tensors.shape(2), 1, Float.NaN)),
                "'label'",
                "row 1");
    }

    @Test
    void valuesAnInputCannotHoldAreRefused() {
        Tensor wide = Tensors.vector(3, 300);
        assertRefused(graph(DataType.UINT8, OPEN), TestingData.of("x", wide), "300", "row 1", "UINT8");
        assertRefused(
                graph(DataType.INT8, OPEN), TestingData.of("x", Tensors.vector(-129, 3)), "-129", "row 0", "INT8");
        Tensor large = Tensors.floats(Tensors.shape(2), 1, 1e6f);
        assertRefused(graph(DataType.FLOAT16, OPEN), TestingData.of("x", large), "row 1", "FLOAT16");
        assertRefused(graph(DataType.INT64, OPEN), TestingData.of("x", large), "takes INT64", "FLOAT32");
    }

    @Test
    void bytesForAFloatInputAreSaidAndFedAsTheyAre() {
        Tensor bytes = integers(DataType.UINT8, Tensors.shape(2, 2), 0, 255, 3, 4);
        Batches batches = batches(graph(DataType.FLOAT32, OPEN, 2), TestingData.of("x", bytes));
        assertThat(batches.notes()).singleElement().asString().contains("'x'", "up to 255", "scale");
        assertThat(Tensors.toFloats(batches.get(0).inputs().get("x"))).containsExactly(0, 255, 3, 4);

        Tensor floats = Tensors.floats(Tensors.shape(2, 2), 0, 200, 3, 4);
        assertThat(batches(graph(DataType.FLOAT32, OPEN, 2), TestingData.of("x", floats))
                        .notes())
                .hasSize(1);
        assertThat(batches(graph(DataType.UINT8, OPEN, 2), TestingData.of("x", bytes))
                        .notes())
                .isEmpty();
        for (float other : new float[] {1, 100, 200.5f, 256, -1}) {
            Tensor harmless = Tensors.floats(Tensors.shape(2, 2), 0, 1, 0, other);
            assertThat(batches(graph(DataType.FLOAT32, OPEN, 2), TestingData.of("x", harmless))
                            .notes())
                    .as("largest %s", other)
                    .isEmpty();
        }
    }

    @Test
    void shapesAndCountsThatDoNotFitAreRefused() {
        Tensor x = Tensors.floats(Tensors.shape(2, 3), 1, 2, 3, 4, 5, 6);
        assertRefused(graph(DataType.FLOAT32, OPEN, 4), TestingData.of("x", x), "'x'", "[2, 3]", "[batch, 4]");
        assertRefused(graph(DataType.FLOAT32, OPEN), TestingData.of("x", x), "[2, 3]", "[batch]");
        Dataset uneven = TestingData.of("x", x, "label", Tensors.vector(1, 2, 3));
        assertRefused(graph(DataType.FLOAT32, OPEN, 3), uneven, "'label'", "[3]", "2 examples");
        assertRefused(graph(DataType.FLOAT32, OPEN), new TestingData(0, Map.of()), "no examples");
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("a", type(DataType.FLOAT32, new Dimension.Fixed(2)));
        inputs.put("b", type(DataType.FLOAT32, new Dimension.Fixed(3)));
        Tensor row = Tensors.floats(Tensors.shape(2), 1, 2);
        assertRefused(graph(inputs), TestingData.of("a", row, "b", row), "'a'", "'b'", "fixed batches");
        Batches absurd = batches(graph(DataType.FLOAT32, new Dimension.Fixed(1L << 40), 3), TestingData.of("x", x));
        assertThatThrownBy(() -> absurd.get(0)).isInstanceOf(InvalidInputException.class);
    }

    private static void assertRefused(Graph graph, Dataset data, String... parts) {
        assertThatThrownBy(() -> batches(graph, data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(parts)
                .message()
                .hasLineCount(1);
    }

    @Test
    void memoryGrowsWithTheBatchNotWithTheData() {
        Counting large = new Counting(1L << 24);
        Batches batches = Batches.of(
                graph(DataType.UINT8, OPEN, 1L << 20),
                new TestingData(1L << 4, Map.of("x", large)),
                BatchOptions.of(2).atMost(4).shuffled(3),
                TestingData.context(false));
        assertThat(batches).hasSize(2);
        assertThat(large.largestRead).isLessThanOrEqualTo(2 << 20);
    }

    @Test
    void theCheckStopsWhenTheRunIsCancelled() {
        TestingData data = TestingData.of("x", Tensors.floats(Tensors.shape(1), 1));
        assertThatThrownBy(() ->
                        Batches.of(graph(DataType.FLOAT32, OPEN), data, BatchOptions.of(1), TestingData.context(true)))
                .isInstanceOf(CancellationException.class);
    }

    /** Ones, as many as one likes; remembers how many were read at a time. */
    private static final class Counting implements Tensor {

        private final long size;
        private int largestRead;

        Counting(long size) {
            this.size = size;
        }

        @Override
        public DataType type() {
            return DataType.UINT8;
        }

        @Override
        public List<Long> shape() {
            return Tensors.shape(size >> 20, 1L << 20);
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            largestRead = Math.max(largestRead, target.remaining());
            target.position(target.limit());
        }
    }
}
