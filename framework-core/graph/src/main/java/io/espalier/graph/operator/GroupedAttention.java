package io.espalier.graph.operator;

import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Attention in which several queries share a key, in simpler operators. A query sees keys up to its own position, or a window of them; what
 * lies behind the end of an example changes nothing before.
 */
final class GroupedAttention {

    private final Expansion e;
    private final AttentionParts parts;
    private final long heads;
    private final long shared;
    private final long size;
    /** How many keys of earlier calls each example has, as [batch, 1]; empty for none. */
    private final String before;

    private GroupedAttention(Expansion e) {
        this.e = e;
        this.parts = new AttentionParts(e);
        this.heads = e.node().intAttribute("num_heads", 1);
        this.shared = e.node().intAttribute("kv_num_heads", heads);
        this.size = e.extent(0, 2) / (e.has(1) ? heads : heads + 2 * shared);
        this.before = e.has(3) ? before() : "";
    }

    static void of(Expansion e) {
        new GroupedAttention(e).expand();
    }

    private void expand() {
        List<String> three = e.has(1)
                ? List.of(e.input(0), e.input(1), e.input(2))
                : parts.three(e.input(0), List.of(heads * size, shared * size, shared * size), -1);
        String queries = turned(parts.split(three.get(0), heads));
        String keys = longer(3, turned(parts.split(three.get(1), shared)));
        String values = longer(4, parts.split(three.get(2), shared));
        e.put(1, keys);
        e.put(2, values);
        double given = e.node().realAttribute("scale", 0);
        String scores = parts.scores(
                queries, parts.repeated(keys, shared, heads, size), given == 0 ? 1 / Math.sqrt(size) : given);
        scores = parts.bounded(scores);
        scores = e.has(10) ? e.add(scores, e.input(10)) : scores;
        String seen = e.single(Nodes.where(sees(keys), scores, e.scalar(AttentionParts.NEVER), ""));
        String result = e.multiplyMatrices(shares(seen), parts.repeated(values, shared, heads, size));
        e.put(0, parts.joined(result));
    }

    /** Keys of an example, but for the new ones. */
    private String before() {
        String last = e.unsqueeze(e.wide(e.input(5)), 1);
        String counted = e.subtract(e.add(last, e.vector(1)), e.extents(e.input(0), 1, 2));
        return e.compute("Max", List.of(counted, e.vector(0)), Map.of());
    }

    /** Positions of the queries, as [time], or [batch, time] where examples differ. */
    private String positions() {
        String numbers = range(e.extents(e.input(0), 1, 2));
        return before.isEmpty() ? numbers : e.add(before, numbers);
    }

    private String range(String count) {
        return e.compute("Range", List.of(e.constantIndex(0), e.reshape(count), e.constantIndex(1)), Map.of());
    }

    /** Heads turned by their position, when the node says so. */
    private String turned(String value) {
        if (e.node().intAttribute("do_rotary", 0) == 0) {
            return value;
        }
        // onnxruntime counts on from the first position of a first call, as exporters do.
        String positions = e.has(9) ? e.input(9) : positions();
        boolean pairs = e.node().intAttribute("rotary_interleaved", 0) != 0;
        String cosines = e.gather(e.input(7), positions, 0);
        String sines = e.gather(e.input(8), positions, 0);
        boolean byExample = e.has(9) || !before.isEmpty();
        return RotaryParts.turned(
                e,
                value,
                byExample ? e.unsqueeze(cosines, 1) : cosines,
                byExample ? e.unsqueeze(sines, 1) : sines,
                size,
                2L * e.extent(7, 1),
                pairs);
    }

    /** New keys or values behind those of earlier calls, of which each example has its own number. */
    private String longer(int past, String value) {
        if (before.isEmpty()) {
            return value;
        }
        String places = range(e.wide(e.input(6)));
        String shifted = e.add(e.subtract(places, before), e.extents(e.input(past), 2, 3));
        String chosen =
                e.single(Nodes.where(e.compute("Less", List.of(places, before), Map.of()), places, shifted, ""));
        String all = e.concatenate(2, e.input(past), value);
        String last = e.subtract(e.extents(all, 2, 3), e.vector(1));
        String inside = e.compute(Nodes::minimum, chosen, last);
        Node picked = Nodes.gatherBlocksByExample(e.transpose(all, 0, 2, 1, 3), e.unsqueeze(inside, -1), 1, "");
        return e.transpose(e.single(picked), 0, 2, 1, 3);
    }

    /** Which query sees which key, as [time, keys], or [batch, 1, time, keys] where examples differ. */
    private String sees(String keys) {
        String places = range(e.extents(keys, 2, 3));
        String own = e.unsqueeze(positions(), -1);
        own = before.isEmpty() ? own : e.unsqueeze(own, 1);
        String sees = e.compute("GreaterOrEqual", List.of(own, places), Map.of());
        long window = e.node().intAttribute("local_window_size", -1);
        if (window < 0) {
            return sees;
        }
        String near = e.compute(Nodes::greater, places, e.subtract(own, e.vector(window)));
        return e.compute("And", List.of(sees, near), Map.of());
    }

    /** Shares of the scores; a sink takes a part of them that goes nowhere. */
    private String shares(String scores) {
        boolean smooth = e.node().intAttribute("smooth_softmax", 0) != 0;
        if (!smooth && !e.has(11)) {
            return e.single(Nodes.softmax(scores, -1, ""));
        }
        String sink = e.has(11) ? e.reshape(e.input(11), 1, heads, 1, 1) : e.scalar(0);
        String column = e.compute(Nodes::expand, sink, e.concatenate(0, e.extents(scores, 0, 3), e.vector(1)));
        String shares = e.single(Nodes.softmax(e.concatenate(3, scores, column), -1, ""));
        return e.slice(shares, e.vector(0), e.vector(-1), e.vector(3), e.vector(1));
    }
}
