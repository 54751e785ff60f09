package io.espalier.testkit.model;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Channels chosen, left out, reversed and added. */
final class IndexCases {

    private static final int CHANNELS = 8;

    private IndexCases() {}

    static List<HardCase> all() {
        return List.of(
                HardCase.of(
                        "gather-constant",
                        "Input channels of conv2 follow the list 5, 0, 0, 7: channel 0 of conv1 takes two of them, channels"
                                + " that nobody takes can go alone; the list is renumbered.",
                        graph -> {
                            String taken = graph.gather(image(graph), 1, 5, 0, 0, 7);
                            return graph.conv("conv2", taken, 3, Window.same(1));
                        }),
                HardCase.of(
                        "gather-two-indices",
                        "Rows and columns lie in one axis, independent of each other; places are picked from it that make"
                                + " no table any more: column 1 goes with place 4, row 1 with places 3 and 4.",
                        IndexCases::gatherTwoIndices),
                HardCase.of(
                        "part-of-bias-zeroed",
                        "Places 4 to 7 of the bias are written with zeros, as of a key that has no bias: channel 5 goes with"
                                + " place 5; the list of places is renumbered and as many zeros are made.",
                        IndexCases::partOfBiasZeroed),
                HardCase.of(
                        "gather-run-time",
                        "The indices are an input: every channel of conv1 is frozen by Gather, and so is conv2.weight:1.",
                        graph -> {
                            String chosen = graph.input("indices", DataType.INT64, 3);
                            String taken = graph.node("Gather", List.of(image(graph), chosen), "axis", 1);
                            graph.follow(taken, "batch", 3, 6, 6);
                            return graph.conv("conv2", taken, 3, Window.same(1));
                        }),
                HardCase.of(
                        "strided-view",
                        "Means are read by indices into all of them, 8 b + c: channel c of conv1 goes with input c of fc;"
                                + " the step of b and the list of c shrink.",
                        graph -> {
                            String means = graph.mean(image(graph), true, 2, 3);
                            String flat = graph.node("Reshape", List.of(means, graph.longs(-1)));
                            String examples = graph.node(
                                    "Range", List.of(graph.index(0), graph.sizeOf(means, 0), graph.index(1)));
                            String starts = graph.node(
                                    "Unsqueeze", List.of(graph.mul(examples, graph.index(CHANNELS)), graph.longs(1)));
                            String channels = graph.constant(Tensors.longs(List.of(1L, 8L), 0, 1, 2, 3, 4, 5, 6, 7));
                            String view = graph.node(
                                    "Gather", List.of(flat, graph.node("Add", List.of(starts, channels))), "axis", 0);
                            return graph.linear("fc", graph.follow(view, "batch", CHANNELS), 3);
                        }),
                HardCase.of("slice-reversed", "Channel 7 - c of conv1 goes with input channel c of conv2.", graph -> {
                    String reversed = graph.slice(image(graph), 1, -1, Long.MIN_VALUE, -1);
                    return graph.conv("conv2", reversed, 3, Window.same(1));
                }),
                HardCase.of(
                        "slice-negative-step",
                        "Input channels 0, 1, 2 of conv2 are channels 6, 4, 2 of conv1; the others can go alone as long as"
                                + " the step stays right.",
                        graph -> {
                            String some = graph.slice(image(graph), 1, -2, 0, -2);
                            return graph.conv("conv2", some, 3, Window.same(1));
                        }),
                HardCase.of(
                        "slice-long-step",
                        "Even and odd channels of conv1 are added up: channel 2 c goes with channel 2 c + 1 and input"
                                + " channel c of conv2.",
                        graph -> {
                            String x = image(graph);
                            String even = graph.slice(x, 1, 0, Long.MAX_VALUE, 2);
                            String odd = graph.slice(x, 1, 1, Long.MAX_VALUE, 2);
                            return graph.conv("conv2", graph.add(even, odd), 3, Window.same(1));
                        }),
                HardCase.of(
                        "slice-window",
                        "Input channels of conv2 are channels 2 to 6 of conv1; bounds shrink with the channels before"
                                + " them.",
                        graph -> graph.conv("conv2", graph.slice(image(graph), 1, 2, -1, 1), 3, Window.same(1))),
                HardCase.of(
                        "split-and-add",
                        "Thirds of conv1 are added up: channels c, c + 4 and c + 8 go together; the split sizes shrink.",
                        IndexCases::splitAndAdd),
                HardCase.of(
                        "pad-channels",
                        "The shortcut is padded from 4 to 8 channels: channel c of conv1 goes with channel c + 2 of conv2;"
                                + " channels 0, 1, 6 and 7 of conv2 meet padding and can go alone, pads are rewritten by"
                                + " count.",
                        IndexCases::padChannels),
                HardCase.of(
                        "broadcast-parameter",
                        "scale [8, 1, 1] and shift [1, 8, 1, 1] lose what conv1 loses; plane [6, 6], slope [1, 1, 1] and"
                                + " the scalar stay.",
                        IndexCases::broadcastParameter),
                HardCase.of(
                        "broadcast-gate",
                        "A gate of one channel multiplies all channels of conv1: it brings no label, conv1 can be pruned,"
                                + " and the gate's one filter is frozen.",
                        graph -> {
                            String x = image(graph);
                            String gate = graph.unary("Sigmoid", graph.conv("gate", x, 1, Window.same(1)));
                            return graph.conv("conv2", graph.mul(x, gate), 3, Window.same(1));
                        }),
                HardCase.of(
                        "tile-channels", "Channel c of conv1 goes with input channels c and c + 8 of conv2.", graph -> {
                            String twice = graph.node("Tile", List.of(image(graph), graph.longs(1, 2, 1, 1)));
                            graph.follow(twice, "batch", 16, 6, 6);
                            return graph.conv("conv2", twice, 3, Window.same(1));
                        }));
    }

    private static String image(GraphBuilder graph) {
        return graph.relu(graph.conv("conv1", graph.input("image", "batch", 2, 6, 6), CHANNELS, Window.same(3)));
    }

    private static String splitAndAdd(GraphBuilder graph) {
        String x = graph.conv("conv1", graph.input("image", "batch", 2, 6, 6), 12, Window.same(3));
        List<String> thirds = graph.split(x, 1, 4, 4, 4);
        String sum = graph.add(graph.add(thirds.get(0), graph.relu(thirds.get(1))), thirds.get(2));
        return graph.conv("conv2", sum, 3, Window.same(1));
    }

    private static String padChannels(GraphBuilder graph) {
        String x = graph.relu(graph.conv("conv1", graph.input("image", "batch", 2, 6, 6), 4, Window.same(3)));
        String small = graph.slice(graph.slice(x, 2, 0, Long.MAX_VALUE, 2), 3, 0, Long.MAX_VALUE, 2);
        String pads = graph.longs(0, 2, 0, 0, 0, 2, 0, 0);
        String shortcut = graph.node("Pad", List.of(small, pads, graph.scalar(0)), "mode", "constant");
        graph.follow(shortcut, "batch", 8, 3, 3);
        String branch = graph.conv("conv2", x, 8, Window.same(3).stride(2));
        return graph.conv("conv3", graph.relu(graph.add(branch, shortcut)), 3, Window.same(1));
    }

    private static String broadcastParameter(GraphBuilder graph) {
        String x = graph.mul(image(graph), graph.uniform("scale", 0.5, 1.5, CHANNELS, 1, 1));
        x = graph.add(x, graph.normal("shift", 0.5, 1, CHANNELS, 1, 1));
        x = graph.add(x, graph.normal("plane", 0.5, 6, 6));
        String slope = graph.constant("slope", Tensors.floats(List.of(1L, 1L, 1L), 0.25f));
        x = graph.like(x, graph.node("PRelu", List.of(x, slope)));
        return graph.conv("conv2", graph.mul(x, graph.scalar(0.5)), 3, Window.same(1));
    }

    private static String gatherTwoIndices(GraphBuilder graph) {
        String x = graph.input("x", "batch", 5);
        String rows = graph.reshape(graph.relu(graph.gemm("rows", x, 4)), 0, 4, 1);
        String columns = graph.reshape(graph.relu(graph.gemm("columns", x, 6)), 0, 1, 6);
        String flat = graph.reshape(graph.mul(rows, columns), 0, 24);
        return graph.gemm("head", graph.gather(flat, 1, 23, 0, 5, 6, 7, 12), 3);
    }

    private static String partOfBiasZeroed(GraphBuilder graph) {
        String x = graph.linearWithoutBias("fc", graph.input("x", "batch", 5), CHANNELS);
        String zero = graph.constant(Tensors.floats(List.of(1L), 0f));
        String zeros = graph.follow(graph.node("Expand", List.of(zero, graph.longs(4))), 4);
        String places = graph.constant(Tensors.longs(List.of(4L, 1L), 4, 5, 6, 7));
        String bias = graph.normal("bias", 0.5, CHANNELS);
        String written = graph.follow(graph.node("ScatterND", List.of(bias, places, zeros)), CHANNELS);
        return graph.gemm("head", graph.add(x, written), 3);
    }
}
