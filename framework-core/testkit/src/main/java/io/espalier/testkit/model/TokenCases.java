package io.espalier.testkit.model;

import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Values {@code [batch, tokens, channels]} whose token axis is worked on as well. */
final class TokenCases {

    private static final int TOKENS = 6;
    private static final int CHANNELS = 8;

    private TokenCases() {}

    static List<HardCase> all() {
        return List.of(
                HardCase.of(
                        "mixer",
                        "Channels couple embed.weight:1, the residual stream and both channel layers; the hidden width of"
                                + " token mixing and of channel mixing are groups of their own; tokens are frozen by the"
                                + " input, so token.fc1.weight:0 and token.fc2.weight:1 stay.",
                        TokenCases::mixer),
                HardCase.of(
                        "mixer-two-fields",
                        "The map [tokens, channels] carries two independent fields: new tokens couple expand.weight:1,"
                                + " token.fc1.weight:0, token.fc2.weight:1 and all rows of head.weight that belong to them;"
                                + " channels couple embed.weight:1, channel layers and the rows of head.weight crosswise.",
                        TokenCases::mixerWithTwoFields),
                HardCase.of(
                        "joined-two-fields",
                        "The map [tokens, channels], flattened, is joined with five more columns: tokens couple"
                                + " expand.weight:1 and eight rows of head.weight in a row, channels couple embed.weight:1"
                                + " and every eighth of them, the five columns go one by one.",
                        TokenCases::joinedTwoFields),
                HardCase.of(
                        "class-token",
                        "The class token's channels couple with the patch convolution's output channel by channel,"
                                + " although they are joined along time; the token axis stays.",
                        TokenCases::classToken),
                HardCase.of(
                        "constant-mask-and-positions",
                        "The positional table's last axis couples with the stream; its token axis and the whole mask"
                                + " stay, for tokens are frozen.",
                        TokenCases::constantMaskAndPositions));
    }

    private static String mixer(GraphBuilder graph) {
        String x = graph.linear("embed", graph.input("x", "batch", TOKENS, 5), CHANNELS);
        x = mixerBlock(graph, x);
        return graph.gemm("head", graph.mean(graph.layerNorm("norm", x), false, 1), 3);
    }

    private static String mixerWithTwoFields(GraphBuilder graph) {
        String x = graph.linear("embed", graph.input("x", "batch", 5, 4), CHANNELS);
        String tokens = graph.linear("expand", graph.transpose(x, 0, 2, 1), TOKENS);
        x = mixerBlock(graph, graph.transpose(tokens, 0, 2, 1));
        return graph.gemm("head", graph.flatten(x, 1), 3);
    }

    private static String joinedTwoFields(GraphBuilder graph) {
        String x = graph.input("x", "batch", 5, 4);
        String embedded = graph.linear("embed", x, CHANNELS);
        String tokens = graph.linear("expand", graph.transpose(embedded, 0, 2, 1), TOKENS);
        String map = graph.flatten(graph.transpose(tokens, 0, 2, 1), 1);
        String side = graph.gemm("side", graph.flatten(x, 1), 5);
        return graph.gemm("head", graph.relu(graph.concat(1, map, side)), 3);
    }

    private static String mixerBlock(GraphBuilder graph, String x) {
        String turned = graph.transpose(x, 0, 2, 1);
        String hidden = graph.geluDecomposed(graph.linear("token.fc1", turned, 10));
        String mixed = graph.transpose(graph.linear("token.fc2", hidden, TOKENS), 0, 2, 1);
        String sum = graph.add(x, mixed);
        String wide = graph.geluDecomposed(graph.linear("channel.fc1", sum, 12));
        return graph.add(sum, graph.linear("channel.fc2", wide, CHANNELS));
    }

    private static String classToken(GraphBuilder graph) {
        String image = graph.input("image", "batch", 3, 8, 8);
        String patches = graph.conv("patch", image, CHANNELS, Window.valid(4).stride(4));
        String tokens = graph.transpose(graph.reshape(patches, 0, CHANNELS, -1), 0, 2, 1);
        String batch = graph.node("Unsqueeze", List.of(graph.sizeOf(patches, 0), graph.longs(0)));
        String shape = graph.node("Concat", List.of(batch, graph.longs(-1), graph.longs(-1)), "axis", 0);
        String kept = graph.node("Equal", List.of(shape, graph.longs(-1)));
        String target = graph.node("Where", List.of(kept, graph.longs(1), shape));
        String token = graph.node("Expand", List.of(graph.normal("class_token", 1, 1, 1, CHANNELS), target));
        graph.follow(token, "batch", 1, CHANNELS);
        String x = graph.add(graph.concat(1, token, tokens), graph.normal("positions", 0.5, 1, 5, CHANNELS));
        return graph.gemm("head", graph.pick(graph.relu(x), 1, 0), 3);
    }

    private static String constantMaskAndPositions(GraphBuilder graph) {
        String x = graph.linear("embed", graph.input("x", "batch", TOKENS, 5), CHANNELS);
        x = graph.add(x, graph.normal("positions", 0.5, 1, TOKENS, CHANNELS));
        float[] mask = new float[TOKENS * TOKENS];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % TOKENS > i / TOKENS ? -1e4f : 0;
        }
        String forbidden = graph.constant("mask", Tensors.floats(List.of(1L, (long) TOKENS, (long) TOKENS), mask));
        String q = graph.linear("q", x, 4);
        String k = graph.linear("k", x, 4);
        String scores = graph.add(graph.matMul(q, graph.transpose(k, 0, 2, 1)), forbidden);
        String mixed = graph.matMul(graph.softmax(scores, -1), graph.linear("v", x, 7));
        return graph.linear("proj", mixed, 3);
    }
}
