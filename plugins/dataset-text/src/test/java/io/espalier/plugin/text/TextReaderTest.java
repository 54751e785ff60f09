package io.espalier.plugin.text;

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
import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextReaderTest extends DatasetReaderContract {

    private static final List<String> PIECES =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "film", "##s", "a", "the", "very", "not");
    private static final int UNKNOWN = 1;
    private static final int BEGINNING = 2;
    private static final int END = 3;
    private static final int FIRST_WORD = 8;

    /** Pads with token 7 before the text; knows two words. */
    private static final String TOKENIZER = """
            {"version": "1.0", "added_tokens": [], "padding": {"strategy": "BatchLongest", "direction": "Left",
            "pad_to_multiple_of": null, "pad_id": 7, "pad_type_id": 0, "pad_token": "<pad>"},
            "pre_tokenizer": {"type": "Whitespace"},
            "model": {"type": "WordLevel", "vocab": {"good": 4, "film": 5, "<unk>": 6, "<pad>": 7}, "unk_token": "<unk>"}}
            """;

    @Override
    protected DatasetReader reader() {
        return new TextReader();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("tokenizer", words().toString());
    }

    @Override
    protected byte[] validFile() {
        return "good\tA very good film\nbad\tNot the good film\n".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected boolean isText() {
        return true;
    }

    @Test
    @DisplayName("Random texts become the tokens, masks, types and positions that their words say")
    void tokensOfWords() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int length = 4 + random.nextInt(8);
            int rows = 1 + random.nextInt(9);
            StringBuilder text = new StringBuilder();
            long[] ids = new long[rows * length];
            long[] mask = new long[rows * length];
            for (int row = 0; row < rows; row++) {
                int words = 1 + random.nextInt(10);
                int kept = Math.min(words, length - 2);
                for (int i = 0; i < words; i++) {
                    int piece = random.nextInt(FIRST_WORD, PIECES.size() + 1);
                    String word = piece == PIECES.size() ? "zebra" : PIECES.get(piece);
                    text.append(random.nextBoolean() ? word : word.toUpperCase(Locale.ROOT))
                            .append(' ');
                    if (i < kept) {
                        ids[row * length + 1 + i] = piece == PIECES.size() ? UNKNOWN : piece;
                    }
                }
                text.append('\n');
                ids[row * length] = BEGINNING;
                ids[row * length + 1 + kept] = END;
                Arrays.fill(mask, row * length, row * length + kept + 2, 1);
            }
            Map<String, Integer> inputs = new LinkedHashMap<>();
            for (String name : List.of("serving_input_word_ids:0", "input_mask", "segment_ids", "position_ids")) {
                inputs.put(name, length);
            }
            Dataset data = open(write("x.txt", bytes(text.toString()))).forModel(model(inputs));
            assertThat(longs(data, "serving_input_word_ids:0"))
                    .as("seed %d", seed)
                    .containsExactly(ids);
            assertThat(longs(data, "input_mask")).as("seed %d", seed).containsExactly(mask);
            assertThat(longs(data, "segment_ids")).containsOnly(0);
            assertThat(longs(data, "position_ids"))
                    .containsExactly(LongStream.range(0, (long) rows * length)
                            .map(i -> i % length)
                            .toArray());
        }
    }

    @Test
    @DisplayName("A tokenizer.json says how texts are padded; the length is that of the longest, or what is given")
    void paddedAsTheFileSays() {
        Path tokenizer = write("tokenizer.json", bytes(TOKENIZER));
        Path texts = write("x.txt", bytes("good film good\nfilm mine\n"));
        Dataset data = open(texts, Map.of("tokenizer", tokenizer.toString()));
        assertThat(longs(data, "input_ids")).containsExactly(4, 5, 4, 7, 5, 6);
        assertThat(longs(data, "attention_mask")).containsExactly(1, 1, 1, 0, 1, 1);
        Dataset longer = open(texts, Map.of("length", "5")).forModel(model(Map.of("x", -1)));
        assertThat(longs(longer, "x")).containsExactly(7, 7, 4, 5, 4, 7, 7, 7, 5, 6);
        assertThat(longer.notes()).anySatisfy(note -> assertThat(note).contains("tokenizer.json"));
    }

    @ParameterizedTest
    @DisplayName("Texts and labels stand in lines, in columns parted by tabs, or in columns that the first line names")
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "good film|a bad film ! - ! 2,4,6,3,0,2,8,5,6,3",
                "pos<tab>good film|neg<tab>a bad film ! 1,0 ! 2,4,6,3,0,2,8,5,6,3",
                "good film<tab>3|a bad film<tab>1 ! 3,1 ! 2,4,6,3,0,2,8,5,6,3",
                "sentence<tab>label|good film<tab>1|a bad film<tab>0 ! 1,0 ! 2,4,6,3,0,2,8,5,6,3",
                "id,Text,Label|1,\"good, film\",x|2,a bad film,w ! 1,0 ! 2,4,1,6,3,2,8,5,6,3",
                "label;text|0;good film|1;a bad film ! 0,1 ! 2,4,6,3,0,2,8,5,6,3",
                "\uFEFFgood \"film|a bad film ! - ! 2,4,1,6,3,2,8,5,6,3"
            })
    void forms(String rows, String labels, String ids) {
        Path file = write("x", bytes(rows.replace('|', '\n').replace("<tab>", "\t") + "\n"));
        assertThat(reader().recognises(file, bytes(rows.replace('|', '\n').replace("<tab>", "\t"))))
                .isTrue();
        Dataset data = open(file);
        assertThat(longs(data, "input_ids")).containsExactly(numbers(ids));
        if (labels.equals("-")) {
            assertThat(data.arrays()).doesNotContainKey("label");
        } else {
            assertThat(longs(data, "label")).containsExactly(numbers(labels));
        }
    }

    @Test
    @DisplayName("What cannot be read ends with one sentence that says where and why")
    void refused() {
        words();
        assertRefused(write("x", bytes("one\ttwo words\nthree\n")), Map.of("text", "2"), "line 2", "1 columns");
        assertRefused(write("x", bytes("a b\tc d\te f\n")), Map.of(), "3 columns", "text=2");
        assertRefused(write("x", bytes("a b\tc\n")), Map.of("label", "7"), "'label'", "'7'", "2 columns");
        assertRefused(write("x", bytes("x\ta b\n\tc d\n")), Map.of(), "line 2", "no label");
        assertRefused(write("x", bytes("x\ta b\ny\t\n")), Map.of(), "line 2", "no text");
        assertRefused(write("x", bytes("x\ta b\ny\tc d\n")), Map.of("classes", "x,z"), "line 2", "'y'", "[x, z]");
        assertRefused(write("x", new byte[] {'a', ' ', (byte) 0xE9, '\n'}), Map.of(), "UTF-8");
        assertRefused(write("x", bytes("word ".repeat(1 << 18))), Map.of(), "x'", "line 1");
        Path texts = write("x", bytes("a good film\n"));
        assertRefused(texts, Map.of("tokenizer", "nowhere"), "'nowhere'");
        for (String broken : List.of("{", "[PAD]\n[UNK]\n", "{\"model\": 3}", "")) {
            Path tokenizer = write("broken", bytes(broken));
            assertThatThrownBy(() -> open(texts, Map.of("tokenizer", tokenizer.toString()))
                            .arrays())
                    .isInstanceOf(InvalidInputException.class)
                    .message()
                    .hasLineCount(1)
                    .contains("broken", "cannot be used");
        }
        Map<String, Integer> inputs = new HashMap<>(Map.of("input_ids", 5, "past_state", 5));
        assertThatThrownBy(() -> open(texts, Map.of()).forModel(model(inputs)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'past_state'");
    }

    @Test
    @DisplayName("Without a tokenizer beside the texts, the sentence says how to name one")
    void noTokenizer() {
        assertRefused(write("x", bytes("a good film\n")), Map.of(), "tokenizer.json or vocab.txt", "tokenizer=FILE");
    }

    @Test
    @DisplayName("Tables, markup and bytes are no texts")
    void recognition() {
        for (String other : List.of(
                "1,2,3,of a kind\n4,5,6,of another\n",
                "a,b\n1,2\n",
                "{\"a\": \"b c\"}",
                "<p>some text</p>",
                "one\n",
                "a \u0000 b")) {
            assertThat(reader().recognises(Path.of("x"), bytes(other)))
                    .as(other)
                    .isFalse();
        }
    }

    @Test
    @DisplayName("A second copy of the plug-in loads the library too, and the settings of the process are as before")
    void classLoaders() throws Exception {
        Path words = words();
        System.setProperty("ENGINE_CACHE_DIR", "mine");
        URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(each -> Path.of(each).toUri())
                .map(each -> {
                    try {
                        return each.toURL();
                    } catch (MalformedURLException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toArray(URL[]::new);
        for (int copy = 0; copy < 2; copy++) {
            try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
                Method open =
                        loader.loadClass(Tokenizer.class.getName()).getDeclaredMethod("open", Path.class, int.class);
                open.setAccessible(true);
                ((AutoCloseable) open.invoke(null, words, 5)).close();
            }
        }
        assertThat(System.getProperty("ENGINE_CACHE_DIR")).isEqualTo("mine");
        assertThat(System.getProperty("ai.djl.offline")).isNull();
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isNull();
        System.clearProperty("ENGINE_CACHE_DIR");
    }

    private Path words() {
        return write("vocab.txt", bytes(String.join("\n", PIECES) + "\n\u2163\n"));
    }

    private Dataset open(Path file, Map<String, String> options) {
        return reader().open(file, Options.resolve("text", reader().options(), options), new TestingRunContext(0));
    }

    private void assertRefused(Path file, Map<String, String> options, String... words) {
        assertThatThrownBy(() -> open(file, options))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains(words);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long[] longs(Dataset data, String array) {
        return Tensors.toLongs(data.arrays().get(array));
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray();
    }

    /** A model of inputs of so many tokens each; any number when it is negative. */
    private static Graph model(Map<String, Integer> lengths) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        lengths.forEach((name, length) -> inputs.put(
                name,
                new ValueType(
                        DataType.INT64,
                        Optional.of(List.of(
                                new Dimension.Symbol("batch"),
                                length < 0 ? new Dimension.Symbol("sequence") : new Dimension.Fixed(length))))));
        return new Graph("m", inputs, List.of(), List.of(), Map.of(), Map.of());
    }
}
