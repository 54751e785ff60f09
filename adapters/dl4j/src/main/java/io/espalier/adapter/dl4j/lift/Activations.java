package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import java.util.Optional;

/** Activation functions. */
final class Activations {

    private Activations() {}

    /** The signal behind the activation of a layer, to which the library shows its data as it is. */
    static Signal of(Scope scope, ConfigNode layer, Signal input) {
        boolean merged = input.form() == Form.FEED_FORWARD_OVER_TIME;
        boolean first = merged || scope.order() == ChannelOrder.LAST;
        return apply(scope, layer, input, first ? 1 : input.rank() - 1);
    }

    /** The signal behind the activation of a layer, to which the library shows each position as an example. */
    static Signal ofPositions(Scope scope, ConfigNode layer, Signal input) {
        return apply(scope, layer, input, 1);
    }

    /** A softmax of the library runs over the last axis it sees. */
    private static Signal apply(Scope scope, ConfigNode layer, Signal input, int last) {
        Optional<ConfigNode> function = layer.child("activationFn");
        return function.isEmpty() ? input : input.named(apply(scope, function.get(), input.value(), last));
    }

    private static String apply(Scope scope, ConfigNode function, String x, int last) {
        return switch (function.type()) {
            case "ActivationIdentity" -> x;
            case "ActivationReLU" -> relu(scope, function, x);
            case "ActivationReLU6" -> clip(scope, x, 0, 6);
            case "ActivationHardTanH" -> clip(scope, x, -1, 1);
            case "ActivationLReLU" -> leaky(scope, x, function.real("alpha", 0.01));
            case "ActivationRReLU" -> {
                double bound = (function.real("l", 0.125) + function.real("u", 1.0 / 3)) / 2;
                // Outside of training the library takes the slope for a lower bound.
                yield scope.op("Max", Attributes.none(), x, scope.scalar("bound", bound));
            }
            case "ActivationThresholdedReLU" ->
                scope.op("ThresholdedRelu", Attributes.none().with("alpha", function.real("theta", 1)), x);
            case "ActivationSigmoid" -> scope.op("Sigmoid", Attributes.none(), x);
            case "ActivationTanH" -> scope.op("Tanh", Attributes.none(), x);
            case "ActivationHardSigmoid" -> scope.op("HardSigmoid", Attributes.none(), x);
            case "ActivationSoftPlus" -> scope.op("Softplus", Attributes.none(), x);
            case "ActivationSoftSign" -> scope.op("Softsign", Attributes.none(), x);
            case "ActivationELU" -> scope.op("Elu", Attributes.none().with("alpha", function.real("alpha", 1)), x);
            case "ActivationSELU" -> scope.op("Selu", Attributes.none(), x);
            case "ActivationMish" -> scope.op("Mish", Attributes.none(), x);
            case "ActivationSwish" -> scope.op("Mul", Attributes.none(), x, scope.op("Sigmoid", Attributes.none(), x));
            case "ActivationGELU" -> gelu(scope, function, x);
            case "ActivationSoftmax" -> scope.op("Softmax", Attributes.none().with("axis", last), x);
            case "ActivationCube" -> scope.op("Mul", Attributes.none(), x, scope.op("Mul", Attributes.none(), x, x));
            case "ActivationRectifiedTanh" ->
                scope.op("Relu", Attributes.none(), scope.op("Tanh", Attributes.none(), x));
            default -> scope.opaque(function.type(), x);
        };
    }

    private static String relu(Scope scope, ConfigNode function, String x) {
        if (function.real("threshold", 0) != 0) {
            return scope.opaque(function.type(), x);
        }
        double slope = function.real("negativeSlope", 0);
        String y = slope == 0 ? scope.op("Relu", Attributes.none(), x) : leaky(scope, x, slope);
        boolean bounded = function.json().path("max").isNumber();
        return bounded ? scope.op("Min", Attributes.none(), y, scope.scalar("max", function.real("max", 0))) : y;
    }

    private static String leaky(Scope scope, String x, double slope) {
        return scope.op("LeakyRelu", Attributes.none().with("alpha", slope), x);
    }

    private static String clip(Scope scope, String x, double from, double to) {
        return scope.op("Clip", Attributes.none(), x, scope.scalar("min", from), scope.scalar("max", to));
    }

    /** Without {@code precise} the library computes x sigmoid(1.702 x). */
    private static String gelu(Scope scope, ConfigNode function, String x) {
        if (function.flag("precise", false)) {
            return scope.op("Gelu", Attributes.none().with("approximate", "tanh"), x);
        }
        String scaled = scope.op("Mul", Attributes.none(), x, scope.scalar("scale", 1.702));
        return scope.op("Mul", Attributes.none(), x, scope.op("Sigmoid", Attributes.none(), scaled));
    }

    /** The name of an activation inside of a recurrent operator, where it has one. */
    static Optional<String> recurrent(Optional<ConfigNode> function) {
        return switch (function.map(ConfigNode::type).orElse("ActivationIdentity")) {
            case "ActivationSigmoid" -> Optional.of("Sigmoid");
            case "ActivationTanH" -> Optional.of("Tanh");
            case "ActivationHardSigmoid" -> Optional.of("HardSigmoid");
            case "ActivationReLU" ->
                function.get().json().path("max").isNumber()
                                || function.get().real("threshold", 0) != 0
                                || function.get().real("negativeSlope", 0) != 0
                        ? Optional.empty()
                        : Optional.of("Relu");
            case "ActivationSoftSign" -> Optional.of("Softsign");
            case "ActivationSoftPlus" -> Optional.of("Softplus");
            default -> Optional.empty();
        };
    }
}
