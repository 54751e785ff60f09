package {package};

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingCompensationContext;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.CompensatorContract;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class {class}Test extends CompensatorContract {

    private static final int EXAMPLES = 20;
    private static final int FEATURES = 4;

    @Override
    protected WeightCompensator compensator() {
        return new {class}();
    }

    @Override
    protected Graph pruned() {
        return dense(1);
    }

    private static Graph dense(long seed) {
        GraphBuilder graph = new GraphBuilder("dense", seed);
        return graph.output(graph.gemm("last", graph.input("x", "batch", FEATURES), 3))
                .build();
    }

    @Override
    protected Dataset calibration() {
        double[] values = new Random(0).doubles(EXAMPLES * FEATURES).toArray();
        Tensor x = Tensors.fromDoubles(DataType.FLOAT32, Tensors.shape(EXAMPLES, FEATURES), values);
        return new Examples(EXAMPLES, Map.of("x", x));
    }

    private record Examples(long size, Map<String, Tensor> arrays) implements Dataset {}

    @Test
    void theMeansAreThoseOfTheOriginal() {
        Graph other = dense(2);
        List<Edit> edits = compensateFor(other);
        double[] once = Tensors.toDoubles(((Edit.SetConstant) edits.get(0)).value());
        double[] twice = Tensors.toDoubles(
                ((Edit.SetConstant) compensateFor(GraphEdits.apply(other, edits)).get(0)).value());

        assertThat(once).isNotEqualTo(Tensors.toDoubles(other.constants().get("last.bias")));
        assertThat(twice).containsExactly(once, within(1e-5));
    }

    private List<Edit> compensateFor(Graph pruned) {
        return compensator()
                .compensate(new TestingCompensationContext(
                        new TestingRunContext(0), options(), pruned(), pruned, calibration(), executor()));
    }
}
