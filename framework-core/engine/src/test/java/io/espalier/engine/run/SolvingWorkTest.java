package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SolvingWorkTest {

    /** A convolution of 2 channels reads 18 numbers at a time, a layer of 5 units five. */
    @Test
    void countsTheCubesOfInputs() {
        GraphBuilder graph = new GraphBuilder("work", 1);
        String x = graph.relu(graph.conv("first", graph.input("x", "batch", 2, 6, 6), 5, Window.same(3)));
        Graph built = graph.output(graph.gemm("head", graph.flatten(graph.globalAveragePool(x), 1), 3))
                .build();
        Operators operators = Operators.standard();
        Shapes shapes = operators.infer(built);
        CostModel costs = CostModel.of(built, shapes, operators, Map.of("batch", 4L));
        assertThat(SolvingWork.of(built, shapes, operators, costs)).isEqualTo(18 * 18 * 18 + 5 * 5 * 5);
    }
}
