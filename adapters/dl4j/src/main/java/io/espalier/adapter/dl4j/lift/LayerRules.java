package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How layers are lifted, by class. */
final class LayerRules {

    private static final Map<String, LayerRule> RULES = new LinkedHashMap<>();

    static {
        DenseRules.register(RULES);
        ConvolutionRules.register(RULES);
        SpaceRules.register(RULES);
        NormRules.register(RULES);
        RecurrentRules.register(RULES);
        AttentionRules.register(RULES);
        RULES.put("LastTimeStep", LayerRules::lastTimeStep);
        RULES.put("TimeDistributed", LayerRules::timeDistributed);
        RULES.put("FrozenLayer", (scope, layer, input) -> lift(scope, frozen(layer, "layer"), input));
        RULES.put("FrozenLayerWithBackprop", (scope, layer, input) -> lift(scope, frozen(layer, "underlying"), input));
    }

    private LayerRules() {}

    private static Layer frozen(Layer layer, String field) {
        return new Layer(layer.node().require(field), true);
    }

    static Optional<LayerRule> rule(String type) {
        return Optional.ofNullable(RULES.get(type));
    }

    /** Lifts a layer whose class is known. */
    static Signal lift(Scope scope, Layer layer, Signal input) {
        return rule(layer.node().type())
                .orElseThrow(() -> scope.refused("is a " + layer.node().type() + ", which cannot be lifted"))
                .lift(scope, layer, input);
    }

    private static Signal lastTimeStep(Scope scope, Layer layer, Signal input) {
        return RecurrentRules.last(scope, lift(scope, layer.inner("underlying"), input));
    }

    private static Signal timeDistributed(Scope scope, Layer layer, Signal input) {
        scope.refuseChannelsLast();
        scope.checkChannelOrder(layer.node());
        scope.expect(input, Form.RECURRENT);
        Signal output = lift(scope, layer.inner("underlying"), input.as(Form.FEED_FORWARD_OVER_TIME));
        return output.as(Form.RECURRENT);
    }
}
