package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Language networks over token identifiers of symbolic batch and sequence length. */
public final class LanguageNetworks {

    private static final int LONGEST = 32;

    /**
     * How large a decoder is.
     *
     * @param width extent of the residual stream
     * @param heads query heads
     * @param sharedHeads key and value heads, a divisor of {@code heads}
     * @param hidden width of the feed-forward layer
     */
    public record DecoderSize(long vocabulary, long width, long heads, long sharedHeads, long hidden, int depth) {

        /** Small enough to run in a moment. */
        public static final DecoderSize SMALL = new DecoderSize(50, 32, 4, 2, 48, 2);

        long headSize() {
            return width / heads;
        }
    }

    private final GraphBuilder graph;
    private final DecoderSize size;
    private String ids;

    private LanguageNetworks(GraphBuilder graph, DecoderSize size) {
        this.graph = graph;
        this.size = size;
    }

    /** A Llama decoder: grouped-query attention, rotary embedding, decomposed RMS normalisation, SwiGLU. */
    public static Graph llama(long seed, DecoderSize size) {
        return new LanguageNetworks(new GraphBuilder("llama", seed), size).llama();
    }

    private Graph llama() {
        ids = graph.input("input_ids", DataType.INT64, "batch", "sequence");
        String x = embed("model.embed_tokens.weight", size.vocabulary(), size.width());
        Rotation rotation = rotation();
        String mask = causalMask();
        for (int layer = 0; layer < size.depth(); layer++) {
            String name = "model.layers." + layer;
            String attended = attention(name + ".self_attn", graph.rmsNorm(name + ".norm1", x), rotation, mask);
            x = graph.add(x, attended);
            x = graph.add(x, swiglu(name + ".mlp", graph.rmsNorm(name + ".norm2", x)));
        }
        String logits = graph.linearWithoutBias("lm_head", graph.rmsNorm("model.norm", x), size.vocabulary());
        return graph.output(logits).build();
    }

    private String embed(String name, long rows, long width) {
        String table = graph.normal(name, 1, rows, width);
        return graph.follow(graph.node("Gather", List.of(table, ids), "axis", 0), "batch", "sequence", width);
    }

    private record Rotation(String cos, String sin) {}

    private Rotation rotation() {
        int half = Math.toIntExact(size.headSize() / 2);
        float[] cos = new float[LONGEST * 2 * half];
        float[] sin = new float[cos.length];
        for (int i = 0; i < cos.length; i++) {
            double angle = (i / (2 * half)) * Math.pow(10000, -(double) (i % half) / half);
            cos[i] = (float) Math.cos(angle);
            sin[i] = (float) Math.sin(angle);
        }
        List<Long> shape = List.of((long) LONGEST, 2L * half);
        return new Rotation(untilNow("cos", shape, cos), untilNow("sin", shape, sin));
    }

    /** The rows of a table of positions that the sequence reaches. */
    private String untilNow(String name, List<Long> shape, float... values) {
        String table = graph.constant(name, Tensors.floats(shape, values));
        String rows = sliceToSequence(table, 0);
        return graph.follow(rows, "sequence", shape.get(1));
    }

    private String sliceToSequence(String x, long axis) {
        String end = graph.node("Unsqueeze", List.of(graph.sizeOf(ids, 1), graph.longs(0)));
        return graph.node("Slice", List.of(x, graph.longs(0), end, graph.longs(axis), graph.longs(1)));
    }

    private String causalMask() {
        float[] values = new float[LONGEST * LONGEST];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % LONGEST > i / LONGEST ? -1e9f : 0;
        }
        String table = graph.constant("mask", Tensors.floats(List.of(1L, 1L, (long) LONGEST, (long) LONGEST), values));
        return graph.follow(sliceToSequence(sliceToSequence(table, 2), 3), 1, 1, "sequence", "sequence");
    }

    private String attention(String name, String x, Rotation rotation, String mask) {
        String q = rotate(heads(name + ".q_proj", x, size.heads()), rotation);
        String k = repeatHeads(rotate(heads(name + ".k_proj", x, size.sharedHeads()), rotation));
        String v = repeatHeads(heads(name + ".v_proj", x, size.sharedHeads()));
        String scores = graph.matMul(q, graph.transpose(k, 0, 1, 3, 2));
        scores = graph.mul(scores, graph.scalar(1 / Math.sqrt(size.headSize())));
        String mixed = graph.matMul(graph.softmax(graph.add(scores, mask), -1), v);
        String joined = graph.reshapeTo(
                graph.transpose(mixed, 0, 2, 1, 3), graph.sizeOf(x, 0), graph.sizeOf(x, 1), size.width());
        return graph.linearWithoutBias(name + ".o_proj", follow(joined, size.width()), size.width());
    }

    private String follow(String x, long width) {
        return graph.follow(x, "batch", "sequence", width);
    }

    private String heads(String name, String x, long heads) {
        String projected = graph.linearWithoutBias(name, x, heads * size.headSize());
        String split = graph.reshapeTo(projected, graph.sizeOf(x, 0), graph.sizeOf(x, 1), heads, size.headSize());
        graph.follow(split, "batch", "sequence", heads, size.headSize());
        return graph.transpose(split, 0, 2, 1, 3);
    }

    /** x * cos + rotateHalf(x) * sin. */
    private String rotate(String x, Rotation rotation) {
        long half = size.headSize() / 2;
        String first = graph.slice(x, 3, 0, half, 1);
        String second = graph.slice(x, 3, half, Long.MAX_VALUE, 1);
        String turned = graph.concat(-1, graph.unary("Neg", second), first);
        return graph.add(graph.mul(x, rotation.cos()), graph.mul(turned, rotation.sin()));
    }

    /** Every shared head once for each query head of its group, as PyTorch exports {@code repeat_kv}. */
    private String repeatHeads(String x) {
        long repeats = size.heads() / size.sharedHeads();
        String batch = graph.node("Unsqueeze", List.of(graph.sizeOf(x, 0), graph.longs(0)));
        String sequence = graph.node("Unsqueeze", List.of(graph.sizeOf(x, 2), graph.longs(0)));
        List<String> target = List.of(
                batch, graph.longs(size.sharedHeads()), graph.longs(repeats), sequence, graph.longs(size.headSize()));
        String expanded = graph.node("Expand", List.of(graph.unsqueeze(x, 2), graph.node("Concat", target, "axis", 0)));
        String merged =
                graph.reshapeTo(expanded, graph.sizeOf(x, 0), size.heads(), graph.sizeOf(x, 2), size.headSize());
        return graph.follow(merged, "batch", size.heads(), "sequence", size.headSize());
    }

    private String swiglu(String name, String x) {
        String gate = graph.silu(graph.linearWithoutBias(name + ".gate_proj", x, size.hidden()));
        String up = graph.linearWithoutBias(name + ".up_proj", x, size.hidden());
        return graph.linearWithoutBias(name + ".down_proj", graph.mul(gate, up), size.width());
    }

    /** Two residual feed-forward layers between an embedding and the same table transposed. */
    public static Graph tiedEmbedding(long seed, long vocabulary, long width) {
        GraphBuilder graph = new GraphBuilder("tied_embedding", seed);
        String ids = graph.input("input_ids", DataType.INT64, "batch", "sequence");
        String table = graph.normal("embed.weight", 1, vocabulary, width);
        String x = graph.follow(graph.node("Gather", List.of(table, ids), "axis", 0), "batch", "sequence", width);
        for (int layer = 0; layer < 2; layer++) {
            String name = "layers." + layer;
            String hidden =
                    graph.unary("Gelu", graph.linear(name + ".fc1", graph.layerNorm(name + ".norm", x), 2 * width));
            x = graph.add(x, graph.linear(name + ".fc2", hidden, width));
        }
        x = graph.layerNormDecomposed("norm", x);
        return graph.output(graph.matMul(x, graph.transpose(table, 1, 0))).build();
    }
}
