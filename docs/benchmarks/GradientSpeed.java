import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Batch;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Compares forward and backward of a network with PyTorch's, in turns: Espalier as a sweep over calibration data runs it.
 *
 * <p>Arguments: a folder, a network of gradient_speed.py, the Python program, threads, turns. Prints the seconds of a step of each, as
 * the median, their ratio in each turn as the median, and the memory that each process held at most, whole and beyond what it held
 * before the network was there.
 */
public final class GradientSpeed {

    private static final int WARM = 3;

    private final Path folder;
    private final String name;
    private final PyTorch other;

    private GradientSpeed(Path folder, String name, PyTorch other) {
        this.folder = folder;
        this.name = name;
        this.other = other;
    }

    /** The other side, in a process of its own. */
    private record PyTorch(Process process, BufferedReader answers, PrintStream questions) implements AutoCloseable {

        static PyTorch start(String python, String name, int threads) throws IOException {
            Process process = new ProcessBuilder(
                            python, "docs/benchmarks/gradient_speed.py", "serve", name, String.valueOf(threads))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new PyTorch(process, process.inputReader(), new PrintStream(process.getOutputStream(), true));
        }

        String[] ask(String question) throws IOException {
            questions.println(question);
            return answer();
        }

        String[] answer() throws IOException {
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("PyTorch's side has ended");
            }
            return line.split(" ");
        }

        @Override
        public void close() {
            questions.close();
            process.destroy();
        }
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int threads = Integer.parseInt(args[3]);
        try (PyTorch other = PyTorch.start(args[2], args[1], threads)) {
            List<Long> shape = Arrays.stream(other.answer()[1].split(","))
                    .map(Long::valueOf)
                    .toList();
            new GradientSpeed(folder, args[1], other).compare(shape, threads, Integer.parseInt(args[4]));
        }
    }

    private void compare(List<Long> shape, int threads, int turns) throws IOException {
        double before = memory("VmRSS");
        OnnxAdapter adapter = new OnnxAdapter();
        Operators operators = Operators.standard();
        try (Model model = adapter.open(folder.resolve(name + ".onnx"), AdapterContext.of(adapter, operators))) {
            Batch batch = batch(model.graph(), shape);
            long start = System.nanoTime();
            LossGraph loss = LossGraph.of(model.graph(), operators, batch, chosen());
            Gradients gradients = Differentiation.of(
                    loss.graph(), operators, loss.loss(), TrainableConstants.real(model.graph(), operators));
            Graph backward = gradients.returning(outputs(loss, gradients));
            double building = seconds(start);
            System.out.printf(
                    Locale.ROOT, "%s: backward graph of %d nodes built in %.2f s%n", name, backward.nodes().size(), building);
            if (turns > 0) {
                run(backward, loss, batch, threads, turns, before);
            }
        }
    }

    private void run(Graph backward, LossGraph loss, Batch batch, int threads, int turns, double before)
            throws IOException {
        try (Runner runner = new OnnxExecutor().prepare(backward, Settings.of(Purpose.EVALUATION).withThreads(threads))) {
            Map<String, Tensor> fed = loss.inputs(batch);
            List<Double> own = new ArrayList<>();
            List<Double> others = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            double difference = 0;
            for (int turn = -WARM; turn < turns; turn++) {
                long start = System.nanoTime();
                double value = Tensors.toDoubles(runner.run(fed).get(loss.loss()))[0];
                double seconds = seconds(start);
                String[] answer = other.ask("step");
                difference = Math.max(difference, Math.abs(value - Double.parseDouble(answer[1])));
                if (turn >= 0) {
                    own.add(seconds);
                    others.add(Double.valueOf(answer[0]));
                    ratios.add(seconds / others.get(turn));
                }
            }
            String[] held = other.ask("memory");
            double otherPeak = Double.parseDouble(held[0]) / 1e6;
            double otherBefore = Double.parseDouble(held[1]) / 1e6;
            double peak = memory("VmHWM");
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d threads: %.3f s, PyTorch %.3f s, ratio %.2f; memory %.0f MB, PyTorch %.0f MB, ratio %.2f;"
                            + " for the network %.0f MB, PyTorch %.0f MB, ratio %.2f; losses differ by %.0e%n",
                    name,
                    threads,
                    median(own),
                    median(others),
                    median(ratios),
                    peak,
                    otherPeak,
                    peak / otherPeak,
                    peak - before,
                    otherPeak - otherBefore,
                    (peak - before) / (otherPeak - otherBefore),
                    difference);
        }
    }

    private static ChosenLoss chosen() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        return new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of()));
    }

    private static List<String> outputs(LossGraph loss, Gradients gradients) {
        List<String> outputs = new ArrayList<>(List.of(loss.loss()));
        gradients.byValue().values().stream().distinct().forEach(outputs::add);
        return outputs;
    }

    private Batch batch(Graph graph, List<Long> shape) throws IOException {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        DataType type = graph.inputs().get("values").type();
        inputs.put("values", Tensors.of(type, shape, bytes("values")));
        Tensor labels = Tensors.of(DataType.INT64, List.of(shape.get(0)), bytes("labels"));
        long[] rows = LongStream.range(0, shape.get(0)).toArray();
        return new Batch(rows, inputs, Map.of("labels", labels), Optional.of(Tensors.toLongs(labels)));
    }

    private ByteBuffer bytes(String kind) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + "." + kind))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Memory of this process, in MB. */
    private static double memory(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e6)
                .findFirst()
                .orElseThrow();
    }
}
