import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.gradient.NotDifferentiableException;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Losses;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
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
import java.util.stream.Stream;

/**
 * Compares gradients with those that gradients.py recorded from PyTorch.
 *
 * <p>Argument: the folder. Prints for each network how many gradients were compared, the relative error of all of them together and
 * the largest of one parameter, and the nodes and seconds that differentiation took; and the same of products of the Hessian with
 * directions where these were recorded.
 */
public final class GradientsOfNetworks {

    private static final String FACTORS = "factors of the output";
    private static final String DIRECTION = "direction of ";

    private GradientsOfNetworks() {}

    /** What was recorded of a network. */
    private record Recorded(
            Map<String, Tensor> inputs,
            Tensor factors,
            Map<String, Tensor> gradients,
            Map<String, Tensor> directions,
            Map<String, Tensor> products) {

        static Recorded read(Path values) throws IOException {
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            Map<String, Tensor> gradients = new LinkedHashMap<>();
            Map<String, Tensor> directions = new LinkedHashMap<>();
            Map<String, Tensor> products = new LinkedHashMap<>();
            Tensor factors = null;
            String name = values.getFileName().toString().replace(".values", "");
            for (String line : Files.readAllLines(values)) {
                String[] fields = line.split(" ");
                DataType type = fields[0].equals("integers") ? DataType.INT64 : DataType.FLOAT32;
                Tensor tensor = tensor(values.resolveSibling(name).resolve(fields[3]), fields[2], type);
                switch (fields[0]) {
                    case "direction" -> directions.put(fields[1], tensor);
                    case "product" -> products.put(fields[1], tensor);
                    case "input", "integers" -> inputs.put(fields[1], tensor);
                    case "factors" -> factors = tensor;
                    default -> gradients.put(fields[1], tensor);
                }
            }
            return new Recorded(inputs, factors, gradients, directions, products);
        }

        private static Tensor tensor(Path file, String extents, DataType type) throws IOException {
            List<Long> shape = extents.equals("-")
                    ? List.of()
                    : Arrays.stream(extents.split(",")).map(Long::valueOf).toList();
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            return Tensors.of(type, shape, bytes);
        }
    }

    public static void main(String[] args) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            files = all.filter(file -> file.toString().endsWith(".values")).sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString().replace(".values", "");
            System.out.printf(Locale.ROOT, "%-24s %s%n", name, compared(file.resolveSibling(name + ".onnx"), Recorded.read(file)));
        }
    }

    private static String compared(Path file, Recorded recorded) {
        OnnxAdapter adapter = new OnnxAdapter();
        Operators operators = Operators.standard();
        try (Model model = adapter.open(file, AdapterContext.of(adapter, operators))) {
            long start = System.nanoTime();
            Map<String, List<Long>> extents = new LinkedHashMap<>();
            recorded.inputs().forEach((name, tensor) -> extents.put(name, tensor.shape()));
            Graph form = Differentiable.of(model.graph(), extents, operators);
            Gradients gradients = gradients(form, operators, recorded.factors());
            Graph backward = gradients.returning(
                    gradients.byValue().values().stream().distinct().toList());
            double seconds = (System.nanoTime() - start) / 1e9;
            String first = errors(backward, gradients, recorded, recorded.gradients()) + String.format(
                    Locale.ROOT, ", %d nodes in %.2f s", backward.nodes().size(), seconds);
            return recorded.products().isEmpty() ? first : first + "; second order: " + second(gradients, recorded);
        } catch (NotDifferentiableException e) {
            return "refused: " + e.getMessage();
        }
    }

    /** The gradient of the product of the gradient with directions. */
    private static String second(Gradients gradients, Recorded recorded) {
        Graph graph = gradients.graph();
        Operators operators = Operators.standard();
        Emitter emitter = new Emitter(FreshNames.of(graph), operators.infer(graph), "second");
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        String loss = emitter.scalar(0);
        for (Map.Entry<String, Tensor> direction : recorded.directions().entrySet()) {
            String gradient = gradients.byValue().get(direction.getKey());
            if (gradient == null) {
                return "the file has no parameter '" + direction.getKey() + "'";
            }
            String input = DIRECTION + direction.getKey();
            inputs.put(input, fixed(direction.getValue()));
            loss = emitter.add(loss, Losses.projection(emitter, gradient, input));
        }
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.putAll(emitter.constants());
        Graph whole = new Graph(graph.name(), inputs, List.of(loss), nodes, constants, graph.declared());
        long start = System.nanoTime();
        Gradients twice = Differentiation.of(whole, operators, loss, recorded.products().keySet());
        Graph backward = twice.returning(
                twice.byValue().values().stream().distinct().toList());
        double seconds = (System.nanoTime() - start) / 1e9;
        return errors(backward, twice, recorded, recorded.products()) + String.format(
                Locale.ROOT, ", %d nodes in %.2f s", backward.nodes().size(), seconds);
    }

    private static ValueType fixed(Tensor tensor) {
        List<Dimension> shape =
                tensor.shape().stream().<Dimension>map(Dimension.Fixed::new).toList();
        return new ValueType(DataType.FLOAT32, Optional.of(shape));
    }

    private static Gradients gradients(Graph form, Operators operators, Tensor factors) {
        Emitter emitter = new Emitter(FreshNames.of(form), operators.infer(form), "loss");
        String loss = Losses.projection(emitter, form.outputs().get(0), FACTORS);
        Map<String, ValueType> inputs = new LinkedHashMap<>(form.inputs());
        inputs.put(FACTORS, fixed(factors));
        List<Node> nodes = new ArrayList<>(form.nodes());
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(form.constants());
        constants.putAll(emitter.constants());
        Graph whole = new Graph(form.name(), inputs, List.of(loss), nodes, constants, form.declared());
        return Differentiation.of(whole, operators, loss, TrainableConstants.real(form, operators));
    }

    private static String errors(
            Graph backward, Gradients gradients, Recorded recorded, Map<String, Tensor> all) {
        Map<String, Tensor> given = new LinkedHashMap<>(recorded.inputs());
        given.put(FACTORS, recorded.factors());
        recorded.directions().forEach((name, tensor) -> given.put(DIRECTION + name, tensor));
        double error = 0;
        double size = 0;
        double worst = 0;
        String worstName = "";
        int compared = 0;
        try (Runner runner = new OnnxExecutor().prepare(backward, Settings.DEFAULT)) {
            Map<String, Tensor> fed = new LinkedHashMap<>();
            runner.inputs().forEach(name -> fed.put(name, given.get(name)));
            Map<String, Tensor> found = runner.run(fed);
            for (Map.Entry<String, Tensor> entry : all.entrySet()) {
                String gradient = gradients.byValue().get(entry.getKey());
                if (gradient == null || !found.get(gradient).shape().equals(entry.getValue().shape())) {
                    continue;
                }
                double[] expected = Tensors.toDoubles(entry.getValue());
                double[] actual = Tensors.toDoubles(found.get(gradient));
                double difference = 0;
                double square = 0;
                for (int i = 0; i < expected.length; i++) {
                    difference += Math.pow(expected[i] - actual[i], 2);
                    square += expected[i] * expected[i];
                }
                compared++;
                error += difference;
                size += square;
                double relative = Math.sqrt(difference / Math.max(square, 1e-12));
                if (relative > worst || Double.isNaN(relative)) {
                    worst = relative;
                    worstName = entry.getKey();
                }
            }
        }
        return String.format(
                Locale.ROOT,
                "%d of %d gradients: relative error %.1e, largest %.1e (%s)",
                compared,
                all.size(),
                Math.sqrt(error / size),
                worst,
                worstName);
    }
}
