import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.LanguageNetworks;
import io.espalier.testkit.model.LanguageNetworks.DecoderSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a Llama decoder of any size in half precision, its weights as external data.
 *
 * <p>Weights are computed from a seed while they are written, so that a model of many gigabytes needs no memory. Arguments:
 * the file, and {@code --layers}, {@code --width}, {@code --heads}, {@code --shared-heads}, {@code --hidden} and
 * {@code --vocabulary} with a number each.
 */
public final class LargeModel {

    private static final double LARGEST_HALF = 65504;
    /** Everything goes to the file of external data that is allowed to. */
    private static final long NOTHING_INSIDE = 0;

    private LargeModel() {}

    public static void main(String[] arguments) {
        Map<String, Long> sizes = new LinkedHashMap<>(Map.of(
                "layers", 80L, "width", 2048L, "heads", 16L, "shared-heads", 4L, "hidden", 6144L, "vocabulary", 32000L));
        for (int i = 1; i < arguments.length; i += 2) {
            String name = arguments[i].replaceFirst("^--", "");
            if (!sizes.containsKey(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("a size is given as --NAME NUMBER, with one of " + sizes.keySet());
            }
            sizes.put(name, Long.valueOf(arguments[i + 1]));
        }
        DecoderSize size = new DecoderSize(
                sizes.get("vocabulary"),
                sizes.get("width"),
                sizes.get("heads"),
                sizes.get("shared-heads"),
                sizes.get("hidden"),
                Math.toIntExact(sizes.get("layers")));
        Graph graph = halved(LanguageNetworks.llama(0, size));
        new ModelWriter(NOTHING_INSIDE)
                .write(GraphEncoder.encode(graph), Optional.empty(), Path.of(arguments[0]).toAbsolutePath());
        long bytes = graph.constants().values().stream().mapToLong(Tensor::byteSize).sum();
        System.out.printf(
                Locale.ROOT, "%s: %d layers, %.2f GB of weights%n", arguments[0], sizes.get("layers"), bytes / 1e9);
    }

    private static Graph halved(Graph graph) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((name, tensor) ->
                constants.put(name, tensor.type() == DataType.FLOAT32 ? new Half(tensor) : tensor));
        Map<String, ValueType> declared = new LinkedHashMap<>();
        graph.declared().forEach((name, type) -> declared.put(
                name, type.type() == DataType.FLOAT32 ? new ValueType(DataType.FLOAT16, type.shape()) : type));
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.nodes(), constants, declared);
    }

    /** A float32 tensor rounded to half precision as it is read. */
    private record Half(Tensor source) implements Tensor {

        private static final int BLOCK = 1 << 14;

        @Override
        public DataType type() {
            return DataType.FLOAT16;
        }

        @Override
        public List<Long> shape() {
            return source.shape();
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            long at = offset;
            while (target.hasRemaining()) {
                int count = Math.min(BLOCK, target.remaining() / Short.BYTES);
                ByteBuffer block = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                source.read(at, block);
                block.flip();
                double[] values = new double[count];
                for (int i = 0; i < count; i++) {
                    values[i] = Math.max(-LARGEST_HALF, Math.min(LARGEST_HALF, block.getFloat()));
                }
                target.put(Tensors.toBytes(Tensors.fromDoubles(DataType.FLOAT16, List.of((long) count), values)));
                at += count;
            }
        }
    }
}
