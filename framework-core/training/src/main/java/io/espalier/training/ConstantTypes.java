package io.espalier.training;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** Trained values in the types that the file holds. */
final class ConstantTypes {

    private ConstantTypes() {}

    static Map<String, Tensor> like(Graph model, Map<String, Tensor> values) {
        Map<String, Tensor> constants = model.allConstants();
        Map<String, Tensor> typed = new LinkedHashMap<>();
        values.forEach((name, value) ->
                typed.put(name, Tensors.converted(value, constants.get(name).type())));
        return typed;
    }
}
