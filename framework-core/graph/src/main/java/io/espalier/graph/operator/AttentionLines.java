package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexLines.Rule;
import io.espalier.graph.shape.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fused attention. Heads are a batch index and positions of the keys a barrier; the size of query and key heads stays,
 * because the default scale depends on it. Where several queries share a key, {@code g} counts keys and {@code r} the
 * queries of each.
 */
final class AttentionLines {

    private static final String CONTRIB = "com.microsoft.";

    private AttentionLines() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("Attention", AttentionLines::standard);
        rules.put(CONTRIB + "Attention", AttentionLines::packed);
        rules.put(CONTRIB + "MultiHeadAttention", AttentionLines::multiHead);
        rules.put(CONTRIB + "GroupQueryAttention", AttentionLines::grouped);
        for (String operator : List.of("RotaryEmbedding", CONTRIB + "RotaryEmbedding")) {
            rules.put(operator, AttentionLines::rotary);
        }
    }

    private static Optional<String> standard(NodeView view) {
        long keys = view.node().intAttribute("kv_num_heads", 0);
        long queries = view.node().intAttribute("q_num_heads", 0);
        if (view.rank(0) == 4) {
            return view.shape(1)
                    .map(shape -> shape.get(1))
                    .filter(extent -> extent.isConstant())
                    .map(extent -> "q[b (g r) s #d] k[b g #l #d] v[b g #l e] " + mask(view.rank(3))
                            + " pk[b g #p #d] pv[b g #p e] -> y[b (g r) s e] nk[b g ~t d] nv[b g ~t e] qk[b (g r) s #l]"
                            + " | g=" + extent.constant());
        }
        if (keys <= 0 || queries % keys != 0) {
            return Optional.empty();
        }
        return Optional.of("q[b s (g r #d)] k[b #l (g #d)] v[b #l (g e)] " + mask(view.rank(3))
                + " pk[b g #p #d] pv[b g #p e] -> y[b s (g r e)] nk[b g ~t d] nv[b g ~t e] qk[b (g r) s #l]"
                + " | g=@kv_num_heads, r=" + queries / keys + ", (g r)=@q_num_heads");
    }

    private static String mask(int rank) {
        return switch (rank) {
            case 2 -> "m[s #l]";
            case 3 -> "m[(g r) s #l]";
            case 4 -> "m[b (g r) s #l]";
            default -> "_";
        };
    }

    /** Query, key and value come from one weight whose columns are (selector, head, head size). */
    private static Optional<String> packed(NodeView view) {
        Optional<List<Long>> sizes = view.node().intsAttribute("qkv_hidden_sizes");
        if (sizes.isPresent() && sizes.get().stream().distinct().count() > 1) {
            return Optional.empty();
        }
        return Optional.of("x[b #s i] w[i (#t h #d)] c[(#t h #d)] _ pkv[#u b h #p #d] m[b h s #a]"
                + " -> y[b s (h d)] nkv[#u b h ~a d] | t=3, h=@num_heads"
                + (sizes.isPresent() ? ", (h d)=@qkv_hidden_sizes" : ""));
    }

    /** Where a packed bias is added, heads of values are as large as those of keys. */
    private static Optional<String> multiHead(NodeView view) {
        boolean biased = view.node().input(3).isPresent();
        boolean separate = view.rank(0) == 3 && view.rank(1) >= 3 && view.rank(1) <= 4 && view.rank(2) == view.rank(1);
        if (!separate || biased && !headSizes(view, 2).equals(headSizes(view, 0))) {
            return Optional.empty();
        }
        boolean split = view.rank(1) == 4;
        String size = biased ? "d" : "e";
        String value = (biased ? "#" : "") + size;
        return Optional.of("q[b s (h #d)] "
                + (split ? "k[b h #l #d] v[b h #l " + value + "]" : "k[b #l (h #d)] v[b #l (h " + value + ")]")
                + " c[(#c h #d)] _ m[b h s #a] pk[b h #p #d] pv[b h #p " + value + "] -> y[b s (h " + size
                + ")] nk[b h ~a d] nv[b h ~a " + size + "] qk[b h s ~a] | c=3, h=@num_heads");
    }

    /** The extent of one head in an operand whose heads may share an axis. */
    private static Optional<Dim> headSizes(NodeView view, int slot) {
        long heads = view.rank(slot) == 3 ? view.node().intAttribute("num_heads", 1) : 1;
        return lastExtent(view, slot).flatMap(extent -> extent.divideExactly(Dim.of(heads)));
    }

    private static Optional<Dim> lastExtent(NodeView view, int slot) {
        return view.shape(slot).map(shape -> shape.get(shape.size() - 1));
    }

    private static Optional<String> grouped(NodeView view) {
        long keys = view.node().intAttribute("kv_num_heads", 0);
        long queries = view.node().intAttribute("num_heads", 0);
        boolean separate = view.rank(1) == 3 && view.rank(2) == 3 && keys > 0 && queries % keys == 0;
        return separate
                ? Optional.of("q[b #s (g r #d)] k[b #l (g #d)] v[b #l (g #d)] pk[b g #p #d] pv[b g #p #d]"
                        + " _ _ _ _ _ m[b (g r) s #a] z[(g r)]"
                        + " -> y[b s (g r d)] nk[b g ~t d] nv[b g ~t d]"
                        + " | g=@kv_num_heads, r=" + queries / keys + ", (g r)=@num_heads")
                : Optional.empty();
    }

    /** Heads pass; the columns of a head turn in pairs, so only whole heads may go. */
    private static Optional<String> rotary(NodeView view) {
        if (view.rank(0) == 4) {
            return Optional.of("x[b h s #d] -> y[b h s d]");
        }
        return view.node().intAttribute("num_heads", 0) > 0
                ? Optional.of("x[b s (h #d)] -> y[b s (h d)] | h=@num_heads")
                : columnsOfTable(view).map(size -> "x[b s (h #d)] -> y[b s (h d)] | d=" + size);
    }

    /** The size of a head where nothing says how many there are: each column of the table turns two. */
    private static Optional<Long> columnsOfTable(NodeView view) {
        return lastExtent(view, view.node().domain().isEmpty() ? 1 : 2)
                .filter(Dim::isConstant)
                .map(columns -> 2 * columns.constant());
    }
}
