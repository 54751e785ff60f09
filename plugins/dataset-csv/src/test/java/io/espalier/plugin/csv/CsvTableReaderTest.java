package io.espalier.plugin.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.DatasetReaderContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableReaderTest extends DatasetReaderContract {

    private static final String IRIS = "5.1,3.5,1.4,setosa\n7.0,3.2,4.7,versicolor\n4.9,3.0,1.4,setosa\n";

    @Override
    protected DatasetReader reader() {
        return new CsvTableReader();
    }

    @Override
    protected byte[] validFile() {
        return IRIS.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected boolean isText() {
        return true;
    }

    @ParameterizedTest
    @DisplayName("Random tables are read as they were written, whatever parts and quotes their cells")
    @ValueSource(chars = {',', ';', '\t', '|'})
    void tablesOfAllForms(char delimiter) {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int rows = 1 + random.nextInt(20);
            int width = 2 + random.nextInt(6);
            boolean header = random.nextBoolean();
            boolean whole = random.nextBoolean();
            String line = random.nextBoolean() ? "\n" : "\r\n";
            double[] features = new double[rows * width];
            long[] labels = random.longs(rows, 0, 3).toArray();
            StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
            String names = IntStream.range(0, width).mapToObj(i -> "f" + i).collect(Collectors.joining("" + delimiter));
            text.append(header ? names + delimiter + "\"Label\"" + line : "");
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < width; i++) {
                    features[row * width + i] = whole ? random.nextInt(-300, 300) : (float) random.nextGaussian();
                    String cell = whole
                            ? Integer.toString((int) features[row * width + i])
                            : Float.toString((float) features[row * width + i]);
                    text.append(random.nextInt(5) == 0 ? "\"" + cell + "\"" : " " + cell)
                            .append(delimiter);
                }
                text.append("kind ").append("abc".charAt((int) labels[row])).append(line);
            }
            List<String> found = Arrays.stream(labels)
                    .distinct()
                    .sorted()
                    .mapToObj(i -> "kind " + "abc".charAt((int) i))
                    .toList();
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            Dataset data = open(write("table", random.nextBoolean() ? bytes : gzip(bytes)));
            assertThat(data.classNames()).as("seed %d", seed).isEqualTo(found);
            assertThat(Tensors.toDoubles(data.arrays().get("features")))
                    .as("seed %d", seed)
                    .containsExactly(features);
            assertThat(Tensors.toLongs(data.arrays().get("label")))
                    .as("seed %d", seed)
                    .containsExactly(Arrays.stream(labels)
                            .map(i -> found.indexOf("kind " + "abc".charAt((int) i)))
                            .toArray());
        }
    }

    @ParameterizedTest
    @DisplayName("The label is the column of that name, the one of words, or what the model leaves over")
    @CsvSource(
            delimiter = '!',
            value = {
                "a,b,label|1,2,0|3,4,1 ! 2 ! 0,1 ! 1,2,3,4",
                "Class,a,b|1,2,3|0,4,5 ! 2 ! 1,0 ! 2,3,4,5",
                "a,target,b|1,7,3|0,8,5 ! 2 ! 7,8 ! 1,3,0,5",
                "5,200,0|9,3,255 ! 2 ! 5,9 ! 200,0,3,255",
                "0.5,200,1|0.1,3,0 ! 2 ! 1,0 ! 0.5,200,0.10000000149011612,3",
                "1,2|3,4 ! 2 ! - ! 1,2,3,4",
                "a,b|1,2|3,4 ! 2 ! - ! 1,2,3,4"
            })
    void labels(String rows, int width, String labels, String features) {
        Dataset data = open(write("x.csv", text(rows))).forModel(model(Map.of("in", width), 10));
        assertThat(Tensors.toDoubles(data.arrays().get("features"))).containsExactly(numbers(features));
        if (labels.equals("-")) {
            assertThat(data.arrays()).doesNotContainKey("label");
        } else {
            assertThat(Tensors.toDoubles(data.arrays().get("label"))).containsExactly(numbers(labels));
        }
    }

    @Test
    @DisplayName("Columns called like the inputs feed them, whatever their order")
    void namedInputs() {
        byte[] table = text("mask,ids_0,ids_1,label,note|1,7,8,0,5|0,9,300,2,6");
        Map<String, Integer> inputs = new LinkedHashMap<>();
        inputs.put("ids", 2);
        inputs.put("mask", 1);
        Dataset data = open(write("x.csv", table)).forModel(model(inputs, 3));
        assertThat(data.arrays().keySet()).containsExactly("ids", "mask", "label");
        assertThat(data.arrays().get("ids").shape()).containsExactly(2L, 2L);
        assertThat(Tensors.toLongs(data.arrays().get("ids"))).containsExactly(7, 8, 9, 300);
        assertThat(data.arrays().get("mask").type()).isEqualTo(DataType.UINT8);
        assertThat(Tensors.toLongs(data.arrays().get("mask"))).containsExactly(1, 0);
    }

    @Test
    @DisplayName("Options count more than what is found")
    void optionsCount() {
        Path file = write("x.csv", text("a,b,c|1,cat,5|2,dog,6"));
        Dataset data = open(file, Map.of("classes", "dog,cat", "label", "b", "ignore", "3"));
        assertThat(Tensors.toLongs(data.arrays().get("label"))).containsExactly(1, 0);
        assertThat(Tensors.toLongs(data.arrays().get("features"))).containsExactly(1, 2);
        assertThat(data.classNames()).containsExactly("dog", "cat");
        assertThat(open(write("y", text("1;2|3;4")), Map.of("header", "yes", "label", "last", "delimiter", "semicolon"))
                        .arrays()
                        .keySet())
                .containsExactly("features", "label");
    }

    @ParameterizedTest
    @DisplayName("A broken table ends with one sentence that names line and column")
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "a,b,label|1,2,0|3,x,1 ! line 3 ! 'b' holds 'x'",
                "a,b,label|1,2,0|3,,1 ! line 3 ! 'b' is empty",
                "a,b,label|1,2,0|3,4,1e999 ! line 3 ! 'label' holds '1e999', but other labels are numbers",
                "a,b,label|1,2,0|3,nan,1 ! line 3 ! 'b' holds 'nan'",
                "a,b,label|1,2,0|3,1 ! line 3 ! has 2 cells, but the first row has 3",
                "a,b,label|1,2,0|3,1,2,4 ! line 3 ! has 4 cells",
                "a,b,label|1,2,0|\"3,4,1 ! line 3 ! has 1 cells",
                "a,b,label|1,2,x|3,4,7 ! line 2 ! holds 'x', but other labels",
                "a,b,label|1,2,x|3,4, ! line 3 ! no label",
                "a,b,label ! no rows ! x.csv",
                "label|1|2 ! no columns of features ! x.csv",
                "a,b|red,x|blue,y ! line 2 ! 'a' holds 'red'"
            })
    void broken(String rows, String first, String second) {
        assertRefused(write("x.csv", text(rows)), Map.of(), first, second, "x.csv");
    }

    @Test
    @DisplayName("Options that fit nothing, rows beyond memory and what may be either label are refused")
    void refused() {
        Path file = write("x.csv", text("a,b,kind|1,2,x|3,4,y"));
        assertRefused(file, Map.of("label", "nothing"), "'nothing'", "[a, b, kind]");
        assertRefused(file, Map.of("classes", "x,z"), "line 3", "'y'", "[x, z]");
        assertRefused(file, Map.of("delimiter", "::"), "'delimiter'", "'::'");
        assertRefused(file, Map.of("ignore", "9"), "'ignore'");
        CsvFile whole = new CsvFile(file, CsvFile.FOUND, "auto", new TestingRunContext(0));
        assertThatThrownBy(() -> CsvTableReader.open(whole, new Columns("auto", List.of(), List.of()), 5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more than the 5 bytes");
        for (String either : List.of("1,9,2|3,8,1", "0.5,9,0.5|1,2,3")) {
            Dataset data = open(write("y.csv", text(either)));
            assertThatThrownBy(() -> data.forModel(model(Map.of("in", 2), 10)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll("y.csv", "label=first", "label=last");
        }
    }

    @Test
    @DisplayName("A line without end is refused, and one of many cells is read")
    void longLines() {
        byte[] endless = new byte[1 << 25];
        Arrays.fill(endless, (byte) '7');
        assertRefused(write("x.csv.gz", gzip(endless)), Map.of(), "x.csv.gz", "no sound CSV file");
        String wide = IntStream.range(0, 150_528)
                .mapToObj(i -> Integer.toString(i % 256))
                .collect(Collectors.joining(","));
        Dataset data = open(write("wide.csv", text(wide + "|" + wide)));
        assertThat(data.arrays().get("features").shape()).containsExactly(2L, 150_528L);
        assertThat(data.arrays().get("features").type()).isEqualTo(DataType.UINT8);
    }

    @Test
    @DisplayName("Tables are told from prose, and wide ones by their names alone")
    void recognition() {
        for (String table : List.of(IRIS, "label,a,b\n1,2,3\n", "1;2\n3;4\n", "x,label\n0.5,1\n")) {
            assertThat(recognised(table)).as(table).isTrue();
        }
        for (String other : List.of(
                "some text",
                "good\tA fine film.\nbad\tNo.\n",
                "1\tA fine film.\n0\tAn awful film.\n",
                "{\"a\": 1,\n\"b\": 2}",
                "\u0000\u0001,3\n",
                "a\nb\n",
                "")) {
            assertThat(recognised(other)).as(other).isFalse();
        }
        String wide = "label," + IntStream.range(0, 3000).mapToObj(i -> "p" + i).collect(Collectors.joining(","));
        assertThat(recognised(wide)).isTrue();
    }

    private boolean recognised(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] packed = gzip(bytes);
        boolean plain = reader().recognises(Path.of("x"), Arrays.copyOf(bytes, Math.min(4096, bytes.length)));
        assertThat(reader().recognises(Path.of("x"), Arrays.copyOf(packed, Math.min(4096, packed.length))))
                .isEqualTo(plain);
        return plain;
    }

    private Dataset open(Path file, Map<String, String> options) {
        return reader().open(file, Options.resolve("csv", reader().options(), options), new TestingRunContext(0));
    }

    private void assertRefused(Path file, Map<String, String> options, String... words) {
        assertThatThrownBy(() -> open(file, options))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains(words);
    }

    private static byte[] text(String rows) {
        return (rows.replace('|', '\n') + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
    }

    /** A model of inputs of so many elements and one output of so many classes. */
    private static Graph model(Map<String, Integer> widths, int classes) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        widths.forEach((name, width) -> inputs.put(name, type(width)));
        return new Graph("m", inputs, List.of("out"), List.of(), Map.of(), Map.of("out", type(classes)));
    }

    private static ValueType type(int width) {
        return new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(width))));
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
