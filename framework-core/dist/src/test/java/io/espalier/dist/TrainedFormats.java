package io.espalier.dist;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Models of several formats, and images that they can learn in a few steps. */
final class TrainedFormats {

    private static final Path TFLITE =
            Path.of("..", "..", "adapters", "tflite", "src", "test", "resources", "networks");
    private static final Path EXPORTED = Path.of("..", "engine", "src", "test", "resources", "exported");
    private static final int EXAMPLES = 32;

    /** Examples at hand. */
    record Examples(long size, Map<String, Tensor> arrays) implements Dataset {}

    private TrainedFormats() {}

    /** A file of the examples, or one of the small networks that adapters and engine are tested with. */
    static Path model(String file) {
        Path small = (file.endsWith(".tflite") ? TFLITE : EXPORTED).resolve(file);
        return Files.exists(small) ? small : Launcher.example(file);
    }

    /** Images of noise, brighter where a band of the class lies. */
    static Examples stripes(String file, long size, long channels, int classes) {
        boolean last = file.endsWith(".tflite");
        SplittableRandom random = new SplittableRandom(2);
        int side = (int) size;
        int depth = (int) channels;
        float[] elements = new float[EXAMPLES * side * side * depth];
        long[] labels = new long[EXAMPLES];
        for (int example = 0; example < EXAMPLES; example++) {
            labels[example] = example % Math.min(classes, 4);
            for (int i = 0; i < side * side * depth; i++) {
                int row = last ? i / depth / side : i / side % side;
                double band = row * 4 / side == labels[example] ? 2 : 0;
                elements[example * side * side * depth + i] = (float) (band + random.nextDouble(-1, 1));
            }
        }
        List<Long> shape =
                last ? List.of((long) EXAMPLES, size, size, channels) : List.of((long) EXAMPLES, channels, size, size);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("image", Tensors.floats(shape, elements));
        arrays.put("label", Tensors.vector(labels));
        return new Examples(EXAMPLES, arrays);
    }
}
