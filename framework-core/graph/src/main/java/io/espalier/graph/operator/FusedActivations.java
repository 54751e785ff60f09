package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Activations that are part of another operator. */
final class FusedActivations {

    /** What the parameters of an activation are called where it is a node of its own, in the order in which they are given. */
    private static final Map<String, List<String>> NAMES = Map.of(
            "LeakyRelu", List.of("alpha"),
            "HardSigmoid", List.of("alpha", "beta"));

    private FusedActivations() {}

    /**
     * An activation of a value.
     *
     * @param activation its name, empty for none
     * @param parameters what is given for it, empty for what is usual
     */
    static String of(Emitter e, String activation, List<Double> parameters, String value) {
        if (activation.isEmpty()) {
            return value;
        }
        if (activation.equals("Clip")) {
            return e.single(Nodes.clip(value, bound(e, parameters, 0), bound(e, parameters, 1), ""));
        }
        List<String> names = NAMES.getOrDefault(activation, List.of());
        if (parameters.size() > names.size()) {
            throw new MisfitException("its activation " + activation + " has parameters that nobody knows");
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            attributes.put(names.get(i), new Attribute.Real(parameters.get(i)));
        }
        return e.compute(activation, List.of(value), attributes);
    }

    private static String bound(Emitter e, List<Double> parameters, int which) {
        return which < parameters.size() ? e.scalar(parameters.get(which)) : "";
    }
}
