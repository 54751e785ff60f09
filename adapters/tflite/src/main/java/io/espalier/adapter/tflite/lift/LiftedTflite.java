package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.LiftedModel;
import io.espalier.adapter.tflite.edit.ConstantBinding;
import io.espalier.adapter.tflite.edit.NodeBinding;
import io.espalier.spi.graph.LayerName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A lifted native model.
 *
 * @param model the neutral graph with its bindings
 * @param values indices of computed native tensors by name
 * @param names names of the native tensors; one that has none is called by its position
 * @param layers what the file calls its layers, by first output of a node
 */
public record LiftedTflite(
        LiftedModel<ConstantBinding, NodeBinding> model,
        Map<String, Integer> values,
        Set<String> names,
        Map<String, LayerName> layers) {

    public LiftedTflite {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        names = Set.copyOf(names);
        layers = Map.copyOf(layers);
    }
}
