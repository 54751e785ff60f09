package io.espalier.testkit.model;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Ways to write attention. */
final class AttentionCases {

    private static final int TOKENS = 5;
    private static final int HEADS = 4;
    private static final int HEAD_SIZE = 6;
    private static final int WIDTH = HEADS * HEAD_SIZE;

    private AttentionCases() {}

    static List<HardCase> all() {
        return List.of(
                HardCase.of(
                        "query-key",
                        "Column j of q.weight goes with column j of k.weight; columns of v.weight with rows of"
                                + " proj.weight; the two groups are independent, tokens stay.",
                        AttentionCases::queryKey),
                HardCase.of(
                        "cross-covariance",
                        "The channel map [k, v] carries two fields: k couples with q, v with proj.weight:0; they are"
                                + " independent although both live in one map.",
                        AttentionCases::crossCovariance),
                HardCase.of(
                        "cross-covariance-softmax",
                        "Softmax runs over channels: k and v, contracted with each other through the map, are frozen by"
                                + " it; q couples with proj.weight:0 and can go.",
                        AttentionCases::crossCovarianceWithSoftmax),
                HardCase.of(
                        "packed-qkv",
                        "A grid selector x heads x head size: the selector is frozen, heads are whole (a head leaves q, k,"
                                + " v and proj.weight:0 together), head columns are equal in count over heads; q column"
                                + " with k column, v column with proj row.",
                        graph -> packed(graph, false)),
                HardCase.of(
                        "packed-qkv-run-time-shapes",
                        "As packed-qkv; the reshape targets come out of Shape, Gather and Concat.",
                        graph -> packed(graph, true)),
                HardCase.of(
                        "packed-qkv-inside-heads",
                        "A grid heads x selector x head size, picked apart by constant indices, then batch and heads made"
                                + " one axis by a product computed at run time: heads are whole, each with its query, key"
                                + " and value.",
                        AttentionCases::packedInsideHeads),
                HardCase.of(
                        "relative-positions",
                        "Batch and heads are one axis, and so is what Expand repeats the positions along by which terms are"
                                + " picked: they are the same for every head, so heads are whole over q, k, v, the table"
                                + " and proj; how often positions and table are repeated follows.",
                        AttentionCases::relativePositions),
                HardCase.of(
                        "multi-query",
                        "One key and value head serves all query heads: column j of k goes with column j of every query"
                                + " head, column j of v with row j of every head in proj; query heads are whole.",
                        graph -> shared(graph, 1)),
                HardCase.of(
                        "grouped-query",
                        "Key and value heads are repeated by Expand: columns tie over the query heads of a group; query"
                                + " heads go with equally many left in every group, a shared head goes with all of its"
                                + " query heads.",
                        graph -> shared(graph, 2)),
                HardCase.of(
                        "scale-from-shape",
                        "q and k couple as in query-key; the scale is computed from the head size by Shape, Slice, Cast"
                                + " and Sqrt and must keep its original value after pruning.",
                        AttentionCases::scaleFromShape),
                HardCase.of(
                        "einsum-heads",
                        "Heads made by Einsum with weights [channels, heads, size]: size couples q with k and v with proj"
                                + " within each head, equally many in every head; heads are whole over q, k, v and proj.",
                        AttentionCases::einsumHeads));
    }

    private static String tokens(GraphBuilder graph) {
        return graph.linear("embed", graph.input("x", "batch", TOKENS, 7), 10);
    }

    private static String queryKey(GraphBuilder graph) {
        String x = tokens(graph);
        String q = graph.mul(graph.linear("q", x, HEAD_SIZE), graph.scalar(1 / Math.sqrt(HEAD_SIZE)));
        String scores = graph.matMul(q, graph.transpose(graph.linear("k", x, HEAD_SIZE), 0, 2, 1));
        return graph.linear("proj", graph.matMul(graph.softmax(scores, -1), graph.linear("v", x, 8)), 3);
    }

    private static String crossCovariance(GraphBuilder graph) {
        String x = tokens(graph);
        String k = graph.transpose(graph.linear("k", x, HEAD_SIZE), 0, 2, 1);
        String map = graph.matMul(k, graph.linear("v", x, 8));
        return graph.linear("proj", graph.matMul(graph.linear("q", x, HEAD_SIZE), map), 3);
    }

    private static String crossCovarianceWithSoftmax(GraphBuilder graph) {
        String x = tokens(graph);
        String q = graph.transpose(graph.linear("q", x, HEAD_SIZE), 0, 2, 1);
        String map = graph.softmax(graph.matMul(q, graph.linear("k", x, 8)), -1);
        String v = graph.transpose(graph.linear("v", x, 8), 0, 2, 1);
        return graph.linear("proj", graph.transpose(graph.matMul(map, v), 0, 2, 1), 3);
    }

    private static String packed(GraphBuilder graph, boolean runTimeShapes) {
        String x = tokens(graph);
        String qkv = graph.linear("qkv", x, 3 * WIDTH);
        String parts;
        if (runTimeShapes) {
            parts = graph.reshapeTo(qkv, graph.sizeOf(x, 0), graph.sizeOf(x, 1), 3, HEADS, HEAD_SIZE);
            graph.follow(parts, "batch", TOKENS, 3, HEADS, HEAD_SIZE);
        } else {
            parts = graph.reshape(qkv, -1, TOKENS, 3, HEADS, HEAD_SIZE);
        }
        String first = graph.transpose(parts, 2, 0, 3, 1, 4);
        String mixed = attend(graph, graph.pick(first, 0, 0), graph.pick(first, 0, 1), graph.pick(first, 0, 2));
        return join(graph, x, mixed, runTimeShapes);
    }

    private static String packedInsideHeads(GraphBuilder graph) {
        String x = tokens(graph);
        String parts = graph.reshape(graph.linear("qkv", x, 3 * WIDTH), 0, TOKENS, HEADS, 3, HEAD_SIZE);
        String q = batched(graph, x, graph.pick(parts, 3, 0));
        String k = batched(graph, x, graph.pick(parts, 3, 1));
        String v = batched(graph, x, graph.pick(parts, 3, 2));
        String scores = graph.matMul(q, graph.transpose(k, 0, 2, 1));
        String mixed = graph.matMul(graph.softmax(scores, -1), v);
        String apart = graph.transpose(graph.reshape(mixed, -1, HEADS, TOKENS, HEAD_SIZE), 0, 2, 1, 3);
        return graph.linear("proj", graph.reshape(apart, 0, 0, -1), 3);
    }

    private static String relativePositions(GraphBuilder graph) {
        String x = tokens(graph);
        String q = batched(graph, x, graph.reshape(graph.linear("q", x, WIDTH), 0, 0, HEADS, HEAD_SIZE));
        String k = batched(graph, x, graph.reshape(graph.linear("k", x, WIDTH), 0, 0, HEADS, HEAD_SIZE));
        String v = batched(graph, x, graph.reshape(graph.linear("v", x, WIDTH), 0, 0, HEADS, HEAD_SIZE));
        String examples = graph.binary("Div", graph.sizeOf(q, 0), graph.index(HEADS));
        String table = graph.node(
                "Tile",
                List.of(graph.uniform("table", -0.5, 0.5, HEADS, HEAD_SIZE, 7), extents(graph, examples, 1, 1)));
        String terms = graph.matMul(q, graph.follow(table, "rows", HEAD_SIZE, 7));
        String places = graph.constant(Tensors.longs(
                List.of(1L, 5L, 5L), 3, 4, 5, 6, 6, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 0, 0, 1, 2, 3));
        String repeated = graph.node("Expand", List.of(places, extents(graph, rows(graph, x), TOKENS, TOKENS)));
        String term = graph.node("GatherElements", List.of(terms, repeated), "axis", 2);
        String scores =
                graph.add(graph.matMul(q, graph.transpose(k, 0, 2, 1)), graph.follow(term, "rows", TOKENS, TOKENS));
        String mixed = graph.matMul(graph.softmax(scores, -1), v);
        String apart = graph.transpose(graph.reshape(mixed, -1, HEADS, TOKENS, HEAD_SIZE), 0, 2, 1, 3);
        return graph.linear("proj", graph.reshape(apart, 0, 0, -1), 3);
    }

    private static String extents(GraphBuilder graph, String first, long... others) {
        return graph.node(
                "Concat",
                List.of(graph.node("Unsqueeze", List.of(first, graph.longs(0))), graph.longs(others)),
                "axis",
                0);
    }

    private static String rows(GraphBuilder graph, String x) {
        return graph.mul(graph.sizeOf(x, 0), graph.index(HEADS));
    }

    /** {@code [batch, tokens, heads, size]} with one axis for batch and heads. */
    private static String batched(GraphBuilder graph, String x, String part) {
        String rows = rows(graph, x);
        String joined = graph.reshapeTo(graph.transpose(part, 0, 2, 1, 3), rows, -1, HEAD_SIZE);
        return graph.follow(joined, "rows", TOKENS, HEAD_SIZE);
    }

    /** Softmax attention over {@code [batch, heads, tokens, size]}. */
    private static String attend(GraphBuilder graph, String q, String k, String v) {
        String scores = graph.matMul(q, graph.transpose(k, 0, 1, 3, 2));
        String weights = graph.softmax(graph.mul(scores, graph.scalar(1 / Math.sqrt(HEAD_SIZE))), -1);
        return graph.transpose(graph.matMul(weights, v), 0, 2, 1, 3);
    }

    private static String join(GraphBuilder graph, String x, String mixed, boolean runTimeShapes) {
        String joined = runTimeShapes
                ? graph.reshapeTo(mixed, graph.sizeOf(x, 0), graph.sizeOf(x, 1), WIDTH)
                : graph.reshape(mixed, 0, 0, -1);
        return graph.linear("proj", graph.follow(joined, "batch", TOKENS, WIDTH), 3);
    }

    private static String shared(GraphBuilder graph, int sharedHeads) {
        String x = tokens(graph);
        String q = heads(graph, graph.linear("q", x, WIDTH), HEADS);
        String k = heads(graph, graph.linear("k", x, (long) sharedHeads * HEAD_SIZE), sharedHeads);
        String v = heads(graph, graph.linear("v", x, (long) sharedHeads * HEAD_SIZE), sharedHeads);
        if (sharedHeads > 1) {
            k = repeat(graph, k, sharedHeads);
            v = repeat(graph, v, sharedHeads);
        }
        return join(graph, x, attend(graph, q, k, v), false);
    }

    private static String heads(GraphBuilder graph, String x, int heads) {
        return graph.transpose(graph.reshape(x, 0, 0, heads, HEAD_SIZE), 0, 2, 1, 3);
    }

    private static String repeat(GraphBuilder graph, String x, int sharedHeads) {
        int repeats = HEADS / sharedHeads;
        String shape = graph.longs(1, sharedHeads, repeats, TOKENS, HEAD_SIZE);
        String expanded = graph.node("Expand", List.of(graph.unsqueeze(x, 2), shape));
        graph.follow(expanded, "batch", sharedHeads, repeats, TOKENS, HEAD_SIZE);
        return graph.reshape(expanded, 0, HEADS, TOKENS, HEAD_SIZE);
    }

    /** Scaled dot product attention as the TorchScript exporter of PyTorch 2 writes it. */
    private static String scaleFromShape(GraphBuilder graph) {
        String x = tokens(graph);
        String q = graph.linear("q", x, HEAD_SIZE);
        String shape = graph.node("Shape", List.of(q));
        String last = graph.node("Slice", List.of(shape, graph.longs(-1), graph.longs(Long.MAX_VALUE)));
        String size = graph.node("Cast", List.of(last), "to", 1);
        String one = graph.constant(Tensors.fromDoubles(DataType.FLOAT32, List.of(1L), 1));
        String scale = graph.node("Div", List.of(one, graph.node("Sqrt", List.of(size))));
        String root = graph.follow(graph.node("Sqrt", List.of(scale)), 1);
        String k = graph.transpose(graph.linear("k", x, HEAD_SIZE), 0, 2, 1);
        String scores = graph.matMul(graph.mul(q, root), graph.mul(k, root));
        return graph.linear("proj", graph.matMul(graph.softmax(scores, -1), graph.linear("v", x, 8)), 3);
    }

    private static String einsumHeads(GraphBuilder graph) {
        String x = tokens(graph);
        String scores = graph.node(
                "Einsum", List.of(project(graph, "q", x), project(graph, "k", x)), "equation", "bthd,bshd->bhts");
        String weights = graph.node("Softmax", List.of(scores), "axis", -1);
        String mixed = graph.node("Einsum", List.of(weights, project(graph, "v", x)), "equation", "bhts,bshd->bthd");
        String proj = graph.normal("proj.weight", 1 / Math.sqrt(WIDTH), HEADS, HEAD_SIZE, 3);
        String result = graph.node("Einsum", List.of(mixed, proj), "equation", "bthd,hdc->btc");
        return graph.follow(result, "batch", TOKENS, 3);
    }

    private static String project(GraphBuilder graph, String name, String x) {
        String weight = graph.normal(name + ".weight", 1 / Math.sqrt(10), 10, HEADS, HEAD_SIZE);
        return graph.node("Einsum", List.of(x, weight), "equation", "btc,chd->bthd");
    }
}
