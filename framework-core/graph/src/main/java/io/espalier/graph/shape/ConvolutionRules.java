package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Convolutions in all their forms. */
final class ConvolutionRules {

    private ConvolutionRules() {}

    static void register(RuleTable table) {
        table.add(2, scope -> convolve(scope, 1, scope.type(0)), "Conv", "com.microsoft.FusedConv");
        table.add(2, scope -> convolve(scope, 1, Optional.of(DataType.INT32)), "ConvInteger");
        table.add(2, scope -> convolve(scope, 1, scope.type(0)), "DeformConv");
        table.add(4, scope -> convolve(scope, 3, scope.type(7).or(() -> scope.type(0))), "QLinearConv");
        table.add(4, ConvolutionRules::quantized, "com.microsoft.QLinearConv");
        table.add(2, scope -> convolveChannelsLast(scope, 1), "com.microsoft.NhwcConv", "com.microsoft.NhwcFusedConv");
        table.add(2, ConvolutionRules::transposed, "ConvTranspose");
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
