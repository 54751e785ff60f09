package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.LiftedModel;
import io.espalier.adapter.tflite.edit.ConstantBinding;
import io.espalier.adapter.tflite.edit.NodeBinding;
import io.espalier.spi.graph.LayerName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A lifted native model.
 *
 * @param model the neutral graph with its bindings
 * @param values indices of computed native tensors by name
 * @param layers what the file calls its layers, by first output of a node
 */
public record LiftedTflite(
        LiftedModel<ConstantBinding, NodeBinding> model, Map<String, Integer> values, Map<String, LayerName> layers) {

    public LiftedTflite {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        layers = Map.copyOf(layers);
    }
}
