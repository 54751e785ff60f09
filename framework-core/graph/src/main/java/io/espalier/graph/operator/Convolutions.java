package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.BIAS;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.QUANTISATION_SCALE;
import static io.espalier.spi.operator.SlotRole.WEIGHT;
import static io.espalier.spi.operator.SlotRole.ZERO_POINT;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Convolutions in all their forms. */
final class Convolutions {

    private Convolutions() {}

    static List<Builder> definitions() {
        return List.of(
                define(Nodes.CONVOLUTION)
                        .notation(
                                WindowNotation.of("x[n (g i) ~*] w[(g o) i #*k] b[(g o)] -> y[n (g o) ~*] | g=@group"))
                        .shape(2, scope -> convolve(scope, 1, scope.type(0)))
                        .contracts()
                        .roles(DATA, WEIGHT, BIAS)
                        .gradient(ConvolutionGradients::convolution),
                define("com.microsoft.FusedConv")
                        .decomposes(Convolutions::fused)
                        .notation(WindowNotation.of(
                                "x[n (g i) ~*] w[(g o) i #*k] b[(g o)] z[n (g o) ~*] -> y[n (g o) ~*] | g=@group"))
                        .shape(2, scope -> convolve(scope, 1, scope.type(0)))
                        .contracts()
                        .roles(DATA, WEIGHT, BIAS),
                define(Nodes.TRANSPOSED_CONVOLUTION)
                        .notation(
                                WindowNotation.of("x[n (g i) ~*] w[(g i) o #*k] b[(g o)] -> y[n (g o) ~*] | g=@group"))
                        .shape(2, Convolutions::transposed)
                        .macs(Convolutions::transposedMacs)
                        .roles(DATA, WEIGHT, BIAS)
                        .gradient(ConvolutionGradients::transposed),
                define("DeformConv")
                        .decomposes(DeformedWindows::convolve)
                        .notation(Convolutions::deformed)
                        .shape(2, scope -> convolve(scope, 1, scope.type(0)))
                        .contracts()
                        .roles(DATA, WEIGHT, DATA, BIAS),
                define("ConvInteger")
                        .decomposes(QuantisationParts::convolve)
                        .shape(2, scope -> convolve(scope, 1, Optional.of(DataType.INT32)))
                        .macs((node, extents) -> macs(node, 1, extents))
                        .roles(DATA, WEIGHT, ZERO_POINT, ZERO_POINT),
                quantised("QLinearConv")
                        .shape(4, scope -> convolve(scope, 3, scope.type(7).or(() -> scope.type(0))))
                        .macs((node, extents) -> macs(node, 3, extents)),
                quantised("com.microsoft.QLinearConv").shape(4, Convolutions::quantized),
                define("com.microsoft.NhwcConv", "com.microsoft.NhwcFusedConv")
                        .shape(2, scope -> convolveChannelsLast(scope, 1))
                        .roles(DATA, WEIGHT, BIAS));
    }

    /** A convolution, a value that is added, and an activation. */
    private static void fused(Expansion e) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(e.node().attributes());
        String activation = e.node().textAttribute("activation", "");
        attributes.remove("activation");
        List<Double> parameters =
                attributes.remove("activation_params") instanceof Attribute.Reals given ? given.values() : List.of();
        List<String> operands =
                e.node().inputs().subList(0, Math.min(3, e.node().inputs().size()));
        String result = e.compute(Nodes.CONVOLUTION, operands, attributes);
        result = e.has(3) ? e.add(result, e.input(3)) : result;
        e.put(0, FusedActivations.of(e, activation, parameters, result));
    }

    private static Builder quantised(String operator) {
        return define(operator)
                .roles(
                        DATA,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        WEIGHT,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        BIAS);
    }

    /** Every output element sums over the input channels of its group and the window. */
    private static Optional<Long> macs(Node node, int weightSlot, Extents extents) {
        Optional<long[]> weight = node.input(weightSlot).flatMap(extents::of);
        return Extents.product(extents.size(node.id()), weight.map(shape -> Extents.product(shape, 1)));
    }

    /** Every input element is spread over the output channels of its group and the window. */
    private static Optional<Long> transposedMacs(Node node, Extents extents) {
        Optional<Long> inputs = node.input(0).flatMap(extents::size);
        Optional<long[]> weight = node.input(1).flatMap(extents::of);
        return Extents.product(inputs, weight.map(shape -> Extents.product(shape, 1)));
    }

    /** Channels that share offsets are neighbours: as many must stay of each such group. */
    private static Optional<String> deformed(NodeView view) {
        boolean shared = view.node().intAttribute("offset_group", 1) == 1;
        String rest = " f[n #d #*o] b[(g o)] m[n #e #*o] -> y[n (g o) ~*] | g=@group";
        if (shared) {
            return Optional.of("x[n (g i) ~*] w[(g o) i #*k]" + rest);
        }
        return view.node().intAttribute("group", 1) == 1
                ? Optional.of("x[n (#q i) ~*] w[o (#q i) #*k] f[n #d #*o] b[o] m[n #e #*o] -> y[n o ~*] | q="
                        + view.node().intAttribute("offset_group", 1))
                : Optional.empty();
    }

    private static void convolve(NodeScope scope, int weightSlot, Optional<DataType> type) {
        List<Dim> input = scope.shape(0);
        List<Dim> weight = scope.shape(weightSlot, input.size());
        checkRank(scope, input);
        checkChannels(scope, input.get(1), weight.get(1));
        Windows windows = Windows.ofWeight(scope, weight.subList(2, weight.size()));
        List<Dim> output = new ArrayList<>(List.of(input.get(0), weight.get(0)));
        output.addAll(windows.slide(input.subList(2, input.size()), false));
        scope.put(0, type, output);
    }

    private static void quantized(NodeScope scope) {
        if (scope.node().intAttribute("channels_last", 0) == 1) {
            convolveChannelsLast(scope, 3);
        } else {
            convolve(scope, 3, scope.type(7).or(() -> scope.type(0)));
        }
    }

    private static void convolveChannelsLast(NodeScope scope, int weightSlot) {
        List<Dim> input = scope.shape(0);
        List<Dim> weight = scope.shape(weightSlot, input.size());
        checkRank(scope, input);
        int last = input.size() - 1;
        checkChannels(scope, input.get(last), weight.get(1));
        Windows windows = Windows.ofWeight(scope, weight.subList(2, weight.size()));
        List<Dim> output = new ArrayList<>(List.of(input.get(0)));
        output.addAll(windows.slide(input.subList(1, last), false));
        output.add(weight.get(0));
        scope.put(0, output);
    }

    private static void transposed(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        List<Dim> weight = scope.shape(1, input.size());
        checkRank(scope, input);
        Broadcast.same(scope, input.get(1), weight.get(0), "the channels of input and weight");
        List<Dim> spatial = input.subList(2, input.size());
        List<Dim> output = new ArrayList<>();
        output.add(input.get(0));
        output.add(weight.get(1).times(scope.node().intAttribute("group", 1)));
        Windows windows = Windows.ofWeight(scope, weight.subList(2, weight.size()));
        Optional<List<Long>> fixed = scope.node().intsAttribute("output_shape");
        if (fixed.isPresent() && fixed.get().size() != spatial.size()) {
            throw scope.conflict("output_shape " + fixed.get() + " does not fit " + spatial.size() + " spatial axes");
        }
        output.addAll(
                fixed.map(extents -> extents.stream().map(Dim::of).toList()).orElseGet(() -> windows.spread(spatial)));
        scope.put(0, output);
    }

    private static void checkRank(NodeScope scope, List<Dim> input) {
        if (input.size() < 3) {
            throw scope.conflict("the input " + input + " has no spatial axis");
        }
    }

    private static void checkChannels(NodeScope scope, Dim channels, Dim perGroup) {
        long groups = scope.node().intAttribute("group", 1);
        Dim expected = perGroup.times(groups);
        if (channels.isConstant() && expected.isConstant() && !channels.equals(expected)) {
            throw scope.conflict("the input has " + channels + " channels but the weight expects " + expected);
        }
    }
}
