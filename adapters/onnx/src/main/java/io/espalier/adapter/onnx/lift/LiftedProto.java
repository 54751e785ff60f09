package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.support.LiftedModel;
import io.espalier.spi.graph.LayerName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A lifted native model.
 *
 * <p>The main graph's values have the same names in both; values that the lift makes have names that the file does not.
 *
 * @param model the neutral graph with its bindings
 * @param proto the native model that bindings refer to: the file's own, with local functions inlined
 * @param opset the version of the standard operators in the native model
 * @param origins for each neutral node, by first output, the native node that it comes from
 * @param foreign values of the neutral graph that are others in the native model, such as integers that stand for them
 * @param texts for each input that holds texts in the file, the list in which the neutral graph's input names positions
 */
public record LiftedProto(
        LiftedModel<ConstantBinding, NodeBinding> model,
        ModelProto proto,
        int opset,
        Map<String, Origin> origins,
        Set<String> foreign,
        Map<String, List<String>> texts) {

    public LiftedProto {
        origins = Map.copyOf(origins);
        foreign = Set.copyOf(foreign);
        texts = Map.copyOf(texts);
    }

    /** What the file calls its layers, by first output of a neutral node. */
    public Map<String, LayerName> layers() {
        Map<String, LayerName> layers = new LinkedHashMap<>();
        origins.forEach((id, origin) -> LayerNames.of(origin.node().in(proto)).ifPresent(name -> layers.put(id, name)));
        return layers;
    }
}
