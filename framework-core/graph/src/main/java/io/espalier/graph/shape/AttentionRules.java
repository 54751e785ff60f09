package io.espalier.graph.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attention as one operator, and rotary embeddings. */
final class AttentionRules {

    private AttentionRules() {}

    static void register(RuleTable table) {
        table.add(3, AttentionRules::attention, "Attention");
        table.add(1, ElementwiseRules::sameShape, "RotaryEmbedding", "com.microsoft.RotaryEmbedding");
        table.add(2, AttentionRules::packedWeights, "com.microsoft.Attention", "com.microsoft.QAttention");
        table.add(3, AttentionRules::multiHead, "com.microsoft.MultiHeadAttention");
        table.add(1, AttentionRules::groupedQuery, "com.microsoft.GroupQueryAttention");
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
}
