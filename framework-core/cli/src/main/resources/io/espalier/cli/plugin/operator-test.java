package {package};

import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.contract.OperatorContract;
import java.util.List;
import java.util.Map;

class {class}Test extends OperatorContract {

    @Override
    protected OperatorSemantics semantics() {
        return new {class}();
    }

    @Override
    protected List<Application> applications() {
        Node dense = new Node("my.domain", "Dense", List.of("x", "w", "b"), List.of("y"), Map.of());
        return List.of(
                new Application(dense, List.of(normal(1, 2, 5), normal(2, 5, 3), normal(3, 3))),
                new Application(dense, List.of(normal(4, 3, 2), normal(5, 2, 4), normal(6, 4))));
    }

    @Override
    protected List<Tensor> computed(Node node, List<Tensor> inputs) {
        float[] x = Tensors.toFloats(inputs.get(0));
        float[] weight = Tensors.toFloats(inputs.get(1));
        float[] bias = Tensors.toFloats(inputs.get(2));
        int rows = inputs.get(0).shape().get(0).intValue();
        int in = x.length / rows;
        float[] y = new float[rows * bias.length];
        for (int i = 0; i < y.length; i++) {
            int column = i % bias.length;
            y[i] = bias[column];
            for (int k = 0; k < in; k++) {
                y[i] += x[i / bias.length * in + k] * weight[k * bias.length + column];
            }
        }
        return List.of(Tensors.floats(Tensors.shape(rows, bias.length), y));
    }
}
