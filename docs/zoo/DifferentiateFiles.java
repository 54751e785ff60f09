import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.NotDifferentiableException;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Losses;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says which files can be differentiated to all their weights.
 *
 * <p>Argument: a folder. The loss is the sum of the squares of all real outputs; inputs are pinned to the extents that the file
 * names, open ones to 2. Prints a line for each file: its name, and {@code yes} with numbers, or the operator that refuses and why.
 */
public final class DifferentiateFiles {

    private static final Operators OPERATORS = Operators.standard();

    private DifferentiateFiles() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
        }
        for (Path file : files) {
            System.out.println(folder.relativize(file) + "\t" + differentiated(file));
        }
    }

    private static String differentiated(Path file) {
        OnnxAdapter adapter = new OnnxAdapter();
        try (Model model = adapter.open(file, AdapterContext.of(adapter, OPERATORS))) {
            long start = System.nanoTime();
            Graph form = Differentiable.of(model.graph(), extents(model.graph()), OPERATORS);
            Graph whole = withLoss(form);
            List<String> weights = TrainableConstants.real(form, OPERATORS);
            Graph backward = Differentiation.of(whole, OPERATORS, whole.outputs().get(0), weights)
                    .graph();
            return String.format(
                    Locale.ROOT,
                    "yes\t%d weights, %d nodes in %.2f s",
                    weights.size(),
                    backward.nodes().size(),
                    (System.nanoTime() - start) / 1e9);
        } catch (NotDifferentiableException e) {
            return e.operator() + "\t" + e.getMessage();
        } catch (RuntimeException e) {
            return "failed\t" + e;
        }
    }

    private static Map<String, List<Long>> extents(Graph graph) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        graph.inputs()
                .forEach((name, type) -> type.shape()
                        .ifPresent(shape -> extents.put(
                                name,
                                shape.stream()
                                        .map(dimension -> dimension instanceof Dimension.Fixed fixed ? fixed.extent() : 2L)
                                        .toList())));
        return extents;
    }

    private static Graph withLoss(Graph form) {
        Emitter emitter = new Emitter(FreshNames.of(form), OPERATORS.infer(form), "loss");
        String loss = emitter.scalar(0);
        for (String output : form.outputs()) {
            if (emitter.shapes().type(output).filter(DataType::isFloating).isPresent()) {
                loss = emitter.add(loss, Losses.projection(emitter, output, output));
            }
        }
        List<Node> nodes = new ArrayList<>(form.nodes());
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(form.constants());
        constants.putAll(emitter.constants());
        return new Graph(form.name(), form.inputs(), List.of(loss), nodes, constants, form.declared());
    }
}
