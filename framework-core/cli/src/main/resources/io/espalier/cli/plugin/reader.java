package {package};

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line "{name} EXAMPLES FEATURES", then an example a line: its class and its features. Put your format here. */
public final class {class} implements DatasetReader {

    private static final Pattern FIRST = Pattern.compile("{name} ([1-9]\\d{0,7}) ([1-9]\\d{0,7})");

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Examples in text: a class and its features a line.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return new String(head, StandardCharsets.UTF_8).startsWith("{name} ");
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        context.checkCancelled();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            Matcher first = FIRST.matcher(line(in));
            require(first.matches());
            int examples = Integer.parseInt(first.group(1));
            int features = Integer.parseInt(first.group(2));
            // Each number takes a digit and a space: what the first line promises is not believed.
            require(2L * examples * features <= Math.min(Files.size(file), Integer.MAX_VALUE));
            long[] classes = new long[examples];
            float[] values = new float[examples * features];
            for (int i = 0; i < examples; i++) {
                context.checkCancelled();
                String[] words = line(in).split(" ");
                require(words.length == features + 1);
                classes[i] = Long.parseLong(words[0]);
                for (int k = 0; k < features; k++) {
                    values[i * features + k] = Float.parseFloat(words[k + 1]);
                }
            }
            require(in.readLine() == null);
            Map<String, Tensor> arrays = new LinkedHashMap<>();
            arrays.put("x", Tensors.floats(Tensors.shape(examples, features), values));
            arrays.put("label", Tensors.vector(classes));
            return new Examples(examples, Collections.unmodifiableMap(arrays));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException("'" + file + "' cannot be read as {name}; check that it is whole", e);
        }
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        require(line != null);
        return line;
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw new IllegalArgumentException();
        }
    }

    private record Examples(long size, Map<String, Tensor> arrays) implements Dataset {}
}
