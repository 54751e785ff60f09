package io.espalier.testkit.model;

import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Axes that are merged, divided and shuffled. */
final class ReshapeCases {

    private static final int SIDE = 4;

    private ReshapeCases() {}

    static List<HardCase> all() {
        return List.of(
                HardCase.of(
                        "flatten-unflatten",
                        "Every channel of conv1 takes 16 columns of fc1.weight with it; 16 rows of fc2.weight make one"
                                + " channel again, so they go together with one input channel of conv2; the batch is"
                                + " symbolic and hidden by -1.",
                        ReshapeCases::flattenUnflatten),
                HardCase.of(
                        "merged-batch-and-channel",
                        "Channels of conv1 pass through the merged axis [batch * channels] and come back as input channels"
                                + " of conv2; the single input and output channel of the inner convolution are no atoms"
                                + " that can go.",
                        graph -> mergedBatchAndChannel(graph, 1)),
                HardCase.of(
                        "merged-batch-and-channel-two-fields",
                        "Input channel 2 c + k of conv2 goes when channel c of conv1 goes and also when filter k of the"
                                + " inner convolution goes: two fields over one axis.",
                        graph -> mergedBatchAndChannel(graph, 2)),
                HardCase.of(
                        "channel-shuffle",
                        "Output channel 4 a + b of conv1 is input channel 3 b + a of conv2; the shuffle is a grid of three"
                                + " rows, of which the kept ones keep equally many columns; targets are constants.",
                        graph -> channelShuffle(graph, false)),
                HardCase.of(
                        "channel-shuffle-run-time-shapes",
                        "As channel-shuffle; the reshape targets come out of Shape, Gather and Concat.",
                        graph -> channelShuffle(graph, true)),
                HardCase.of(
                        "pixel-shuffle-crd",
                        "Channels 4 c to 4 c + 3 of conv1 go together with input channel c of conv2.",
                        graph -> pixelShuffle(graph, "CRD")),
                HardCase.of(
                        "pixel-shuffle-dcr",
                        "Channels c, c + 3, c + 6 and c + 9 of conv1 go together with input channel c of conv2.",
                        graph -> pixelShuffle(graph, "DCR")),
                HardCase.of(
                        "space-to-depth",
                        "Channel c of conv1 goes together with input channels c, c + 3, c + 6 and c + 9 of conv2.",
                        ReshapeCases::spaceToDepth),
                HardCase.of(
                        "group-normalisation",
                        "Group normalisation as exporters write it, by Reshape and InstanceNormalization: two groups of"
                                + " four channels keep equally many; statistics run over the channels of a group, which is"
                                + " recorded; the affine scale [8, 1, 1] and shift follow conv1, the ones and zeros [2] of"
                                + " the inner normalisation are not channels.",
                        ReshapeCases::groupNormalisation));
    }

    private static String image(GraphBuilder graph, int channels) {
        return graph.conv("conv1", graph.input("image", "batch", 2, SIDE, SIDE), channels, Window.same(3));
    }

    private static String flattenUnflatten(GraphBuilder graph) {
        String flat = graph.flatten(graph.relu(image(graph, 5)), 1);
        String hidden = graph.relu(graph.gemm("fc1", flat, 7));
        String wide = graph.gemm("fc2", hidden, 6L * SIDE * SIDE);
        String whole = graph.reshape(wide, -1, 6, SIDE, SIDE);
        return graph.conv("conv2", graph.relu(whole), 3, Window.same(3));
    }

    private static String mergedBatchAndChannel(GraphBuilder graph, int filters) {
        String x = graph.relu(image(graph, 6));
        String merged = graph.follow(graph.reshape(x, -1, 1, SIDE, SIDE), GraphBuilder.unknown(), 1, SIDE, SIDE);
        String filtered = graph.conv("inner", merged, filters, Window.same(3));
        String apart = graph.reshapeTo(filtered, graph.sizeOf(x, 0), 6 * filters, SIDE, SIDE);
        graph.follow(apart, "batch", 6 * filters, SIDE, SIDE);
        return graph.conv("conv2", apart, 3, Window.same(3));
    }

    private static String channelShuffle(GraphBuilder graph, boolean runTimeShapes) {
        String x = graph.relu(image(graph, 12));
        String shuffled;
        if (runTimeShapes) {
            String batch = graph.sizeOf(x, 0);
            String height = graph.sizeOf(x, 2);
            String width = graph.sizeOf(x, 3);
            String parts = graph.reshapeTo(x, batch, 3, 4, height, width);
            graph.follow(parts, "batch", 3, 4, SIDE, SIDE);
            shuffled = graph.reshapeTo(graph.transpose(parts, 0, 2, 1, 3, 4), batch, -1, height, width);
            graph.follow(shuffled, "batch", 12, SIDE, SIDE);
        } else {
            String parts = graph.reshape(x, -1, 3, 4, SIDE, SIDE);
            shuffled = graph.reshape(graph.transpose(parts, 0, 2, 1, 3, 4), -1, 12, SIDE, SIDE);
        }
        return graph.conv("conv2", shuffled, 3, Window.same(3));
    }

    private static String pixelShuffle(GraphBuilder graph, String mode) {
        return graph.conv("conv2", graph.depthToSpace(graph.relu(image(graph, 12)), 2, mode), 5, Window.same(3));
    }

    private static String spaceToDepth(GraphBuilder graph) {
        String x = graph.node("SpaceToDepth", List.of(graph.relu(image(graph, 3))), "blocksize", 2);
        graph.follow(x, "batch", 12, SIDE / 2, SIDE / 2);
        return graph.conv("conv2", x, 5, Window.same(3));
    }

    private static String groupNormalisation(GraphBuilder graph) {
        String x = image(graph, 8);
        String ones = graph.constant(Tensors.floats(List.of(2L), 1, 1));
        String zeros = graph.constant(Tensors.floats(List.of(2L), 0, 0));
        String grouped = graph.reshape(x, 0, 2, -1);
        String normal = graph.node("InstanceNormalization", List.of(grouped, ones, zeros), "epsilon", 1e-5);
        String apart = graph.node("Reshape", List.of(normal, graph.node("Shape", List.of(x))));
        graph.follow(apart, "batch", 8, SIDE, SIDE);
        String scaled = graph.mul(apart, graph.uniform("norm.weight", 0.5, 1.5, 8, 1, 1));
        String shifted = graph.add(scaled, graph.normal("norm.bias", 0.1, 8, 1, 1));
        return graph.conv("conv2", graph.relu(shifted), 3, Window.same(3));
    }
}
