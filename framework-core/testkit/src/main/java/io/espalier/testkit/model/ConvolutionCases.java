package io.espalier.testkit.model;

import io.espalier.testkit.model.RecurrentNetworks.Cell;
import io.espalier.testkit.model.RecurrentNetworks.Form;
import io.espalier.testkit.model.RecurrentNetworks.InitialState;
import java.util.List;

/** Grouped and depthwise convolutions, and recurrent cells: weights made of blocks. */
final class ConvolutionCases {

    private ConvolutionCases() {}

    static List<HardCase> all() {
        return List.of(
                HardCase.of(
                        "concat-into-grouped",
                        "Groups of four channels: the middle group takes two channels of each producer. Every group keeps"
                                + " equally many inputs; the producers are constrained together, their channels are not"
                                + " merged. Filters of the grouped convolution go equally many in each group.",
                        ConvolutionCases::concatIntoGrouped),
                HardCase.of(
                        "grouped",
                        "Two groups between dense convolutions: inputs equally many in each group, filters equally many in"
                                + " each group, or a whole group with its inputs and filters.",
                        graph -> {
                            String x = graph.relu(image(graph, "conv1", 8));
                            String grouped =
                                    graph.conv("grouped", x, 12, Window.same(3).groups(2));
                            return graph.conv("conv2", graph.relu(grouped), 3, Window.same(1));
                        }),
                HardCase.of(
                        "depthwise-multiplier",
                        "Channel c of conv1 goes with filters 2 c and 2 c + 1 of the depthwise convolution and with those"
                                + " input channels of conv2; a single filter cannot go without its twin.",
                        graph -> {
                            String x = graph.relu(image(graph, "conv1", 5));
                            String deep = graph.conv(
                                    "depthwise", x, 10, Window.same(3).groups(5));
                            return graph.conv("conv2", graph.relu(deep), 3, Window.same(1));
                        }),
                HardCase.of(
                        "transposed-convolution",
                        "up.weight is [in, out, ...]: axis 0 goes with conv1, axis 1 with conv2's input.",
                        graph -> graph.conv(
                                "conv2", graph.convTranspose("up", image(graph, "conv1", 5), 6), 3, Window.same(1))),
                lstm("lstm-gates", Cell.LSTM, false),
                lstm("gru-gates", Cell.GRU, false),
                lstm("lstm-bidirectional", Cell.LSTM, true));
    }

    private static HardCase lstm(String name, Cell cell, boolean bidirectional) {
        String gates = "every one of the " + cell.gates() + " gate blocks of W, R and both halves of B";
        String says = "Hidden unit h takes index h of " + gates
                + ", column h of R, its initial state and column h of the"
                + " next layer; gates are frozen as an axis; inputs of W follow embed.weight:1."
                + (bidirectional ? " The two directions keep equally many units, not necessarily the same." : "");
        Form form = new Form(cell, 1, bidirectional, InitialState.CONSTANT);
        return new HardCase(name, RecurrentNetworks.build(3, form, 4, 5, 3), says);
    }

    private static String image(GraphBuilder graph, String name, int channels) {
        return graph.conv(name, graph.input("image", "batch", 2, 6, 6), channels, Window.same(3));
    }

    private static String concatIntoGrouped(GraphBuilder graph) {
        String image = graph.input("image", "batch", 2, 6, 6);
        String left = graph.relu(graph.conv("left", image, 6, Window.same(3)));
        String right = graph.relu(graph.conv("right", image, 6, Window.same(1)));
        String grouped = graph.conv(
                "grouped", graph.concat(1, left, right), 9, Window.same(3).groups(3));
        return graph.conv("conv2", graph.relu(grouped), 3, Window.same(1));
    }
}
