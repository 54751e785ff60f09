package {package};

import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.*;
import java.util.List;
import java.util.Map;

record {word}Runner(List<String> outputs, List<String> activations, Map<String, Tensor> constants) implements Runner {
    @Override
    public List<String> inputs() {
        return List.of("x");
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        long batch = inputs.get("x").shape().get(0);
        float[] values = Tensors.toFloats(inputs.get("x"));
        for (int layer = 0; layer < activations.size(); layer++) {
            values = dense((int) batch, values, layer);
        }
        return Map.of(outputs.get(0), Tensors.floats(List.of(batch, values.length / batch), values));
    }

    private float[] dense(int batch, float[] x, int layer) {
        float[] weight = Tensors.toFloats(constants.get("weight" + layer));
        float[] bias = Tensors.toFloats(constants.get("bias" + layer));
        float[] y = new float[batch * bias.length];
        for (int i = 0; i < y.length; i++) {
            int column = i % bias.length;
            int row = i / bias.length * (x.length / batch);
            y[i] = bias[column];
            for (int k = 0; k < x.length / batch; k++) {
                y[i] += x[row + k] * weight[k * bias.length + column];
            }
            y[i] = activations.get(layer).equals("relu") ? Math.max(0, y[i]) : y[i];
        }
        return y;
    }

    @Override
    public void close() {}
}
