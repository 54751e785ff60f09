package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.BIAS;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;
import static io.espalier.spi.operator.SlotRole.SHAPE;
import static io.espalier.spi.operator.SlotRole.STATE;
import static io.espalier.spi.operator.SlotRole.TABLE;
import static io.espalier.spi.operator.SlotRole.WEIGHT;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fused attention. Heads are a batch index and positions of the keys a barrier; the size of query and key heads stays,
 * because the default scale depends on it. Where several queries share a key, {@code g} counts keys and {@code r} the
 * queries of each.
 */
final class Attention {

    private Attention() {}

    static List<Builder> definitions() {
        return List.of(
                define("Attention")
                        .decomposes(AttentionParts::standard)
                        .notation(Attention::standard)
                        .shape(3, Attention::attention)
                        .macs(Attention::macs)
                        .roles(DATA, DATA, DATA, DATA, STATE, STATE),
                define("com.microsoft.Attention")
                        .decomposes(AttentionParts::packed)
                        .notation(Attention::packed)
                        .shape(2, Attention::packedWeights)
                        .macs(Attention::projectedMacs)
                        .roles(DATA, WEIGHT, BIAS, SHAPE, STATE),
                define("com.microsoft.QAttention")
                        .decomposes(QuantisationParts::attention)
                        .shape(2, Attention::packedWeights)
                        .macs(Attention::projectedMacs),
                define("com.microsoft.MultiHeadAttention")
                        .decomposes(AttentionParts::multiHead)
                        .notation(Attention::multiHead)
                        .shape(3, Attention::multiHead)
                        .macs(Attention::macs)
                        .roles(DATA, DATA, DATA, BIAS, DATA, DATA, STATE, STATE),
                define("com.microsoft.GroupQueryAttention")
                        .decomposes(GroupedAttention::of)
                        .notation(Attention::grouped)
                        .shape(1, Attention::groupedQuery)
                        .macs(Attention::macs)
                        .roles(DATA, DATA, DATA, STATE, STATE, SHAPE, SHAPE),
                define("RotaryEmbedding")
                        .decomposes(RotaryParts::standard)
                        .notation(Attention::rotary)
                        .sameShape()
                        .roles(DATA, TABLE, TABLE, INDICES),
                define("com.microsoft.RotaryEmbedding")
                        .decomposes(RotaryParts::contrib)
                        .notation(Attention::rotary)
                        .sameShape()
                        .roles(DATA, INDICES, TABLE, TABLE));
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
        return view.shape(slot).filter(shape -> !shape.isEmpty()).map(shape -> shape.get(shape.size() - 1));
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

    private static void attention(NodeScope scope) {
        List<Dim> query = scope.shape(0);
        List<Dim> key = heads(scope, 1, "kv_num_heads");
        List<Dim> value = heads(scope, 2, "kv_num_heads");
        List<Dim> split = heads(scope, 0, "q_num_heads");
        Dim width = value.get(3);
        boolean flat = query.size() == 3;
        scope.put(
                0,
                flat
                        ? List.of(query.get(0), query.get(1), split.get(1).times(width))
                        : List.of(query.get(0), query.get(1), query.get(2), width));
        Dim total = key.get(2).plus(past(scope, 4));
        scope.put(1, scope.type(1), List.of(key.get(0), key.get(1), total, key.get(3)));
        scope.put(2, scope.type(2), List.of(value.get(0), value.get(1), total, value.get(3)));
        scope.put(3, List.of(query.get(0), split.get(1), split.get(2), total));
    }

    /** An operand as [batch, heads, time, width of a head]. */
    private static List<Dim> heads(NodeScope scope, int slot, String attribute) {
        List<Dim> shape = scope.shape(slot);
        if (shape.size() == 4) {
            return shape;
        }
        long heads = scope.node().intAttribute(attribute, 0);
        if (shape.size() != 3 || heads < 1) {
            throw scope.conflict("input " + slot + " of shape " + shape + " cannot be cut into " + heads + " heads");
        }
        return List.of(shape.get(0), Dim.of(heads), shape.get(1), shape.get(2).floorDiv(heads));
    }

    private static Dim past(NodeScope scope, int slot) {
        return scope.knownShape(slot)
                .filter(shape -> shape.size() == 4)
                .map(shape -> shape.get(2))
                .orElse(Dim.ZERO);
    }

    private static void packedWeights(NodeScope scope) {
        List<Dim> input = scope.shape(0, 3);
        List<Dim> weight = scope.shape(1, 2);
        long heads = scope.node().intAttribute("num_heads", 1);
        Optional<List<Long>> sizes =
                scope.node().intsAttribute("qkv_hidden_sizes").filter(found -> found.size() == 3);
        Dim width =
                sizes.map(found -> Dim.of(found.get(2))).orElse(weight.get(1).floorDiv(3));
        scope.put(
                0,
                scope.type(1).filter(type -> type.isFloating()).or(() -> scope.type(3)),
                List.of(input.get(0), input.get(1), width));
        int pastSlot = scope.node().operator().equals("QAttention") ? 8 : 4;
        Optional<List<Dim>> past = scope.knownShape(pastSlot).filter(shape -> shape.size() == 5);
        Dim total = past.map(shape -> shape.get(3).plus(input.get(1))).orElse(input.get(1));
        scope.put(1, List.of(Dim.of(2), input.get(0), Dim.of(heads), total, width.floorDiv(heads)));
    }

    private static void multiHead(NodeScope scope) {
        List<Dim> query = scope.shape(0);
        long heads = scope.node().intAttribute("num_heads", 1);
        if (query.size() == 5) {
            scope.put(0, List.of(query.get(0), query.get(1), query.get(2).times(query.get(4))));
            return;
        }
        if (query.size() != 3) {
            throw scope.conflict("the query " + query + " has neither rank 3 nor rank 5");
        }
        Optional<List<Dim>> value = scope.knownShape(2);
        if (value.isPresent() && value.get().size() != 3 && value.get().size() != 4) {
            throw scope.conflict("the value " + value.get() + " has neither rank 3 nor rank 4");
        }
        Dim width = value.map(shape -> shape.size() == 4 ? shape.get(1).times(shape.get(3)) : shape.get(2))
                .orElse(query.get(2));
        scope.put(0, List.of(query.get(0), query.get(1), width));
        Optional<List<Dim>> key = scope.knownShape(1);
        if (key.isEmpty() || key.get().size() < 3) {
            return;
        }
        Dim time = key.get().size() == 4 ? key.get().get(2) : key.get().get(1);
        Dim total = time.plus(past(scope, 6));
        scope.put(1, List.of(query.get(0), Dim.of(heads), total, query.get(2).floorDiv(heads)));
        scope.put(2, List.of(query.get(0), Dim.of(heads), total, width.floorDiv(heads)));
    }

    private static void groupedQuery(NodeScope scope) {
        List<Dim> query = scope.shape(0, 3);
        long heads = scope.node().intAttribute("num_heads", 1);
        long shared = scope.node().intAttribute("kv_num_heads", heads);
        boolean packed = !scope.has(1);
        Dim head = query.get(2).floorDiv(packed ? heads + 2 * shared : heads);
        scope.put(0, List.of(query.get(0), query.get(1), head.times(heads)));
        for (int slot = 1; slot <= 2; slot++) {
            // The cache may be a buffer longer than what it holds; only running the graph tells.
            Dim total = scope.has(slot + 2) ? scope.fresh(slot, 2) : query.get(1);
            List<Dim> cache = new ArrayList<>(List.of(query.get(0), Dim.of(shared), total, head));
            scope.put(slot, cache);
        }
    }

    /** Queries times keys and probabilities times values, projections not included. */
    private static Optional<Long> macs(Node node, Extents extents) {
        Optional<Long> outputs = extents.size(node.id());
        boolean packed = node.input(1).isEmpty();
        Optional<Long> queries = packed ? outputs : node.input(0).flatMap(extents::size);
        return Extents.product(queries.flatMap(some -> outputs.map(others -> some + others)), keys(node, extents));
    }

    /** Number of keys each query sees, those of earlier calls included. */
    private static Optional<Long> keys(Node node, Extents extents) {
        Optional<Long> present = node.output(1).flatMap(value -> extents.extent(value, -2));
        return present.isPresent()
                ? present
                : node.input(1).or(() -> node.input(0)).flatMap(value -> extents.extent(value, -2));
    }

    private static Optional<Long> projectedMacs(Node node, Extents extents) {
        Optional<Long> length = node.input(0).flatMap(value -> extents.extent(value, -2));
        Optional<Long> batch = node.input(0).flatMap(value -> extents.extent(value, 0));
        Optional<Long> projection =
                Extents.product(Extents.product(batch, length), node.input(1).flatMap(extents::size));
        Optional<Long> products = Extents.product(extents.size(node.id()).map(size -> 2 * size), length);
        return projection.flatMap(some -> products.map(others -> some + others));
    }
}
