package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The activations of a recurrent cell, direction by direction. Their parameters stand in two lists, from which each activation that has one
 * takes the next.
 */
final class CellActivations {

    private final List<Activation> all = new ArrayList<>();

    private record Activation(String name, double alpha, double beta) {}

    /** The usual parameters of an activation that has some; not a number where it has none. */
    private record Parameters(double alpha, double beta) {}

    private static final double NONE = Double.NaN;

    private static final Map<String, Parameters> USUAL = Map.of(
            "leakyrelu", new Parameters(0.01, NONE),
            "thresholdedrelu", new Parameters(1, NONE),
            "elu", new Parameters(1, NONE),
            "hardsigmoid", new Parameters(0.2, 0.5),
            "scaledtanh", new Parameters(1, 1),
            "affine", new Parameters(1, 0));

    /**
     * Reads them.
     *
     * @param otherwise those of one direction where the node names none
     */
    CellActivations(Node node, List<String> otherwise, int directions) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < directions; i++) {
            names.addAll(otherwise);
        }
        names = node.attributes().get("activations") instanceof Attribute.Texts given ? given.values() : names;
        Iterator<Double> alphas = numbers(node, "activation_alpha");
        Iterator<Double> betas = numbers(node, "activation_beta");
        for (String name : names) {
            Parameters usual = USUAL.getOrDefault(name.toLowerCase(Locale.ROOT), new Parameters(NONE, NONE));
            all.add(new Activation(name, next(alphas, usual.alpha()), next(betas, usual.beta())));
        }
    }

    private static Iterator<Double> numbers(Node node, String attribute) {
        return node.attributes().get(attribute) instanceof Attribute.Reals given
                ? given.values().iterator()
                : List.<Double>of().iterator();
    }

    private static double next(Iterator<Double> given, double usual) {
        return Double.isNaN(usual) || !given.hasNext() ? usual : given.next();
    }

    /** An activation of a value. */
    String of(Emitter e, int which, String value) {
        Activation each = all.get(which);
        return switch (each.name().toLowerCase(Locale.ROOT)) {
            case "affine" -> e.add(e.multiply(value, each.alpha()), e.scalar(each.beta()));
            case "scaledtanh" -> e.multiply(Activations.unary(e, "Tanh", e.multiply(value, each.beta())), each.alpha());
            case "leakyrelu" -> e.compute("LeakyRelu", List.of(value), alpha(each));
            case "thresholdedrelu" -> e.compute("ThresholdedRelu", List.of(value), alpha(each));
            case "elu" -> e.compute("Elu", List.of(value), alpha(each));
            case "hardsigmoid" ->
                e.compute(
                        "HardSigmoid",
                        List.of(value),
                        Map.of("alpha", new Attribute.Real(each.alpha()), "beta", new Attribute.Real(each.beta())));
            case "relu", "tanh", "sigmoid", "softsign", "softplus" -> Activations.unary(e, operator(each), value);
            default -> throw new MisfitException("nobody knows its activation " + each.name());
        };
    }

    /** Cells name activations in letters of either case. */
    private static String operator(Activation each) {
        return each.name().substring(0, 1).toUpperCase(Locale.ROOT)
                + each.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static Map<String, Attribute> alpha(Activation each) {
        return Map.of("alpha", new Attribute.Real(each.alpha()));
    }
}
