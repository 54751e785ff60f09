package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Transformers over images. */
public final class VisionTransformers {

    /** How the packed query, key and value are taken apart. */
    public enum Unpack {
        /** Reshape, Transpose and one Gather each, as PyTorch exports {@code qkv[0]}. */
        GATHER,
        /** Reshape, Transpose, Split and Squeeze. */
        SPLIT
    }

    /**
     * How large a transformer is.
     *
     * @param width extent of the residual stream
     * @param hidden width of the feed-forward layer
     */
    public record Size(long image, long patch, long width, long heads, long hidden, int depth, long classes) {

        /** ViT-B/16: 86,567,656 parameters. */
        public static final Size BASE_16 = new Size(224, 16, 768, 12, 3072, 12, 1000);

        /** Small enough to run in a moment. */
        public static final Size SMALL = new Size(16, 4, 24, 3, 48, 2, 10);

        long tokens() {
            return image / patch * (image / patch);
        }

        long headSize() {
            return width / heads;
        }
    }

    private final GraphBuilder graph;
    private final Size size;
    private final Unpack unpack;

    private VisionTransformers(String name, long seed, Size size, Unpack unpack) {
        this.graph = new GraphBuilder(name, seed);
        this.size = size;
        this.unpack = unpack;
    }

    /** ViT with packed query-key-value layers, a class token and a positional table. */
    public static Graph vit(long seed, Size size, Unpack unpack) {
        return new VisionTransformers("vit", seed, size, unpack).vit();
    }

    private Graph vit() {
        String patches = patches();
        String flat = graph.reshape(patches, 0, size.width(), -1);
        String tokens = graph.transpose(flat, 0, 2, 1);
        String batch = graph.node("Unsqueeze", List.of(graph.sizeOf(patches, 0), graph.longs(0)));
        String shape = graph.node("Concat", List.of(batch, graph.longs(1), graph.longs(size.width())), "axis", 0);
        String token = graph.node("Expand", List.of(graph.normal("class_token", 1, 1, 1, size.width()), shape));
        graph.follow(token, "batch", 1, size.width());
        long length = size.tokens() + 1;
        String x =
                graph.add(graph.concat(1, token, tokens), graph.normal("pos_embedding", 0.5, 1, length, size.width()));
        for (int layer = 0; layer < size.depth(); layer++) {
            String name = "encoder.layers." + layer;
            Packed qkv = packed(name + ".attn.qkv", graph.layerNorm(name + ".ln_1", x), length);
            String scores = scaled(qkv);
            x = graph.add(x, attend(name + ".attn", graph.softmax(scores, -1), qkv.v(), 0, length));
            x = graph.add(x, feedForward(name, graph.layerNorm(name + ".ln_2", x)));
        }
        String pooled = graph.pick(graph.layerNorm("encoder.ln", x), 1, 0);
        return graph.output(graph.gemm("head", pooled, size.classes())).build();
    }

    private String patches() {
        String image = graph.input("image", "batch", 3, size.image(), size.image());
        return graph.conv(
                "conv_proj", image, size.width(), Window.valid(size.patch()).stride(size.patch()));
    }

    private record Packed(String q, String k, String v) {}

    /** Query, key and value, each [samples, heads, length, head size]. */
    private Packed packed(String name, String x, long length) {
        String qkv = graph.linear(name, x, 3 * size.width());
        String parts = graph.reshape(qkv, -1, length, 3, size.heads(), size.headSize());
        String first = graph.transpose(parts, 2, 0, 3, 1, 4);
        if (unpack == Unpack.GATHER) {
            return new Packed(graph.pick(first, 0, 0), graph.pick(first, 0, 1), graph.pick(first, 0, 2));
        }
        List<String> split = graph.split(first, 0, 1, 1, 1);
        return new Packed(
                graph.squeeze(split.get(0), 0), graph.squeeze(split.get(1), 0), graph.squeeze(split.get(2), 0));
    }

    private String scaled(Packed qkv) {
        String q = graph.mul(qkv.q(), graph.scalar(1 / Math.sqrt(size.headSize())));
        return graph.matMul(q, graph.transpose(qkv.k(), 0, 1, 3, 2));
    }

    private String attend(String name, String weights, String v, long samples, long length) {
        String mixed = graph.transpose(graph.matMul(weights, v), 0, 2, 1, 3);
        return graph.linear(name + ".proj", graph.reshape(mixed, samples, length, size.width()), size.width());
    }

    private String feedForward(String name, String x) {
        String hidden = graph.geluDecomposed(graph.linear(name + ".mlp.0", x, size.hidden()));
        return graph.linear(name + ".mlp.3", hidden, size.width());
    }

    /**
     * Two Swin blocks, the second shifted, over patches of an image.
     *
     * @param window side of a window; must divide the number of patches along a side
     */
    public static Graph swin(long seed, Size size, int window) {
        return new VisionTransformers("swin", seed, size, Unpack.GATHER).swin(window);
    }

    private Graph swin(int window) {
        String x = graph.transpose(patches(), 0, 2, 3, 1);
        for (int block = 0; block < size.depth(); block++) {
            String name = "layers." + block;
            int shift = block % 2 == 0 ? 0 : window / 2;
            x = graph.add(x, windowAttention(name, graph.layerNorm(name + ".norm1", x), window, shift));
            x = graph.add(x, feedForward(name, graph.layerNorm(name + ".norm2", x)));
        }
        String pooled = graph.mean(graph.layerNorm("norm", x), false, 1, 2);
        return graph.output(graph.gemm("head", pooled, size.classes())).build();
    }

    private String windowAttention(String name, String x, int window, int shift) {
        long side = size.image() / size.patch();
        long count = side / window;
        int length = window * window;
        String rolled = roll(x, shift);
        String grid = graph.reshape(rolled, 0, count, window, count, window, size.width());
        String windows = graph.reshape(graph.transpose(grid, 0, 1, 3, 2, 4, 5), -1, length, size.width());
        Packed qkv = packed(name + ".attn.qkv", windows, length);
        String scores = graph.add(scaled(qkv), SwinTables.relativeBias(graph, name, window, size.heads()));
        if (shift > 0) {
            scores = masked(name, scores, new SwinTables(side, window, shift));
        }
        String mixed = attend(name + ".attn", graph.softmax(scores, -1), qkv.v(), -1, length);
        String back = graph.reshape(mixed, -1, count, count, window, window, size.width());
        String whole = graph.reshape(graph.transpose(back, 0, 1, 3, 2, 4, 5), -1, side, side, size.width());
        return roll(graph.follow(whole, "batch", side, side, size.width()), shift == 0 ? 0 : side - shift);
    }

    private String masked(String name, String scores, SwinTables tables) {
        long windows = tables.windows();
        long length = graph.extent(scores, -1);
        String mask = graph.constant(
                name + ".attn_mask", Tensors.floats(List.of(1L, windows, 1L, length, length), tables.shiftMask()));
        String perImage = graph.reshape(scores, -1, windows, size.heads(), length, length);
        return graph.reshape(graph.add(perImage, mask), -1, size.heads(), length, length);
    }

    /** Moves height and width by a shift, cyclically, as exporters write {@code torch.roll}. */
    private String roll(String x, long shift) {
        if (shift == 0) {
            return x;
        }
        String rolled = x;
        for (int axis = 1; axis <= 2; axis++) {
            String tail = graph.slice(rolled, axis, shift, Long.MAX_VALUE, 1);
            rolled = graph.concat(axis, tail, graph.slice(rolled, axis, 0, shift, 1));
        }
        return rolled;
    }
}
