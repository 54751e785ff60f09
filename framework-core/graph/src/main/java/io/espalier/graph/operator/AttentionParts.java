package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Fused attention in simpler operators: products of queries and keys, softmax, products with values. */
final class AttentionParts {

    /** What a score gets that must not count: the most negative number, so that no difference of two is undefined. */
    static final double NEVER = -Float.MAX_VALUE;

    private final Expansion e;

    AttentionParts(Expansion e) {
        this.e = e;
    }

    /** Operands as [batch, heads, time, width of a head]. */
    private record Heads(String queries, String keys, String values) {}

    static void standard(Expansion e) {
        AttentionParts parts = new AttentionParts(e);
        boolean flat = e.rank(0) == 3;
        long shared = flat ? e.node().intAttribute("kv_num_heads", 0) : e.extent(1, 1);
        long heads = flat ? e.node().intAttribute("q_num_heads", 0) : e.extent(0, 1);
        String keys = parts.longer(4, flat ? parts.split(e.input(1), shared) : e.input(1));
        String values = parts.longer(5, flat ? parts.split(e.input(2), shared) : e.input(2));
        e.put(1, keys);
        e.put(2, values);
        Heads repeated = new Heads(
                flat ? parts.split(e.input(0), heads) : e.input(0),
                parts.repeated(keys, shared, heads, parts.width(1, flat, shared)),
                parts.repeated(values, shared, heads, parts.width(2, flat, shared)));
        double size = parts.width(0, flat, heads);
        String scores = parts.scores(repeated, e.node().realAttribute("scale", 1 / Math.sqrt(size)));
        String bounded = parts.bounded(scores);
        String masked = e.has(3) ? parts.masked(bounded, 3) : bounded;
        masked = e.has(6) ? parts.present(masked, repeated) : masked;
        masked = e.node().intAttribute("is_causal", 0) != 0 ? parts.causal(masked, repeated, 4) : masked;
        String shares = e.single(Nodes.softmax(masked, -1, ""));
        e.put(3, List.of(scores, bounded, masked, shares).get(parts.mode()));
        String result = e.multiplyMatrices(shares, repeated.values());
        e.put(0, flat ? parts.joined(result) : result);
    }

    private int mode() {
        long mode = e.node().intAttribute("qk_matmul_output_mode", 0);
        require(mode >= 0 && mode < 4, "its output of scores has the mode " + mode);
        return (int) mode;
    }

    /** Scores limited to a range. */
    String bounded(String scores) {
        double limit = e.node().realAttribute("softcap", 0);
        return limit == 0 ? scores : e.multiply(Activations.unary(e, "Tanh", e.multiply(scores, 1 / limit)), limit);
    }

    /** Only the first keys of each example count, as many as the node is told. */
    private String present(String scores, Heads heads) {
        String seen =
                e.compute("Less", List.of(positions(heads.keys()), e.unsqueeze(e.wide(e.input(6)), 1, 2, 3)), Map.of());
        return e.single(Nodes.where(seen, scores, e.scalar(NEVER), ""));
    }

    /** The numbers of the positions of keys or queries. */
    private String positions(String heads) {
        String count = e.squeeze(e.extents(heads, 2, 3), 0);
        return e.compute("Range", List.of(e.constantIndex(0), count, e.constantIndex(1)), Map.of());
    }

    /** Queries, keys and values are one product of the operand. */
    static void packed(Expansion e) {
        AttentionParts parts = new AttentionParts(e);
        long heads = e.node().intAttribute("num_heads", 1);
        String product = e.multiplyMatrices(e.input(0), e.input(1));
        product = e.has(2) ? e.add(product, e.input(2)) : product;
        List<Long> sizes =
                e.node().intsAttribute("qkv_hidden_sizes").orElseGet(() -> Collections.nCopies(3, e.extent(1, 1) / 3L));
        List<String> three = parts.three(product, sizes, -1);
        double width = (double) sizes.get(0) / heads;
        String keys = parts.turned(parts.split(three.get(1), heads), width);
        String values = parts.split(three.get(2), heads);
        if (e.has(4)) {
            keys = e.concatenate(2, e.gather(e.input(4), e.constantIndex(0), 0), keys);
            values = e.concatenate(2, e.gather(e.input(4), e.constantIndex(1), 0), values);
        }
        if (e.node().output(1).isPresent()) {
            e.put(1, e.concatenate(0, e.unsqueeze(keys, 0), e.unsqueeze(values, 0)));
        }
        String queries = parts.turned(parts.split(three.get(0), heads), width);
        parts.fused(new Heads(queries, keys, values), width, new Masks(3, 5, 4, 3));
    }

    /** Heads turned by their position behind those of earlier calls, where the node says so: halves of as many columns as it says. */
    private String turned(String heads, double width) {
        if (e.node().intAttribute("do_rotary", 0) == 0) {
            return heads;
        }
        long given = e.node().intAttribute("rotary_embedding_dim", 0);
        long columns = given > 0 ? given : (long) width;
        String past = e.has(4) ? e.squeeze(e.extents(e.input(4), 3, 4), 0) : e.constantIndex(0);
        String angles = RotaryParts.angles(e, e.add(positions(heads), past), columns);
        return RotaryParts.turned(
                e,
                heads,
                Activations.unary(e, "Cos", angles),
                Activations.unary(e, "Sin", angles),
                (long) width,
                columns,
                false);
    }

    static void multiHead(Expansion e) {
        AttentionParts parts = new AttentionParts(e);
        long heads = e.node().intAttribute("num_heads", 1);
        Heads given = parts.separate(heads);
        Heads longer = new Heads(given.queries(), parts.longer(6, given.keys()), parts.longer(7, given.values()));
        e.put(1, longer.keys());
        e.put(2, longer.values());
        double size = e.rank(0) == 5 ? e.extent(0, 4) : (double) e.extent(0, 2) / heads;
        parts.fused(longer, size, new Masks(4, 5, 6, 2));
    }

    private Heads separate(long heads) {
        List<String> biases = e.has(3) ? biases(heads) : List.of("", "", "");
        if (e.rank(0) == 5) {
            return new Heads(
                    biased(one(0, 0), ofHeads(biases.get(0), heads)),
                    biased(one(0, 1), ofHeads(biases.get(1), heads)),
                    biased(one(0, 2), ofHeads(biases.get(2), heads)));
        }
        String queries = split(biased(e.input(0), biases.get(0)), heads);
        if (e.rank(1) == 5) {
            return new Heads(
                    queries,
                    biased(one(1, 0), ofHeads(biases.get(1), heads)),
                    biased(one(1, 1), ofHeads(biases.get(2), heads)));
        }
        if (e.rank(1) == 4) {
            // Keys and values that are heads already are taken as they are.
            return new Heads(queries, e.input(1), e.input(2));
        }
        return new Heads(
                queries,
                split(biased(e.input(1), biases.get(1)), heads),
                split(biased(e.input(2), biases.get(2)), heads));
    }

    private List<String> biases(long heads) {
        long width = e.rank(0) == 5 ? heads * e.extent(0, 4) : e.extent(0, 2);
        return three(e.input(3), List.of(width, width, e.extent(3, 0) - 2 * width), 0);
    }

    /** From [heads x width] to [heads, 1, width]. */
    private String ofHeads(String bias, long heads) {
        return bias.isEmpty() ? bias : e.reshape(bias, heads, 1, -1);
    }

    private String biased(String value, String bias) {
        return bias.isEmpty() ? value : e.add(value, bias);
    }

    /** One of several operands that lie packed as [batch, time, heads, which, width]. */
    private String one(int slot, int which) {
        return e.transpose(e.gather(e.input(slot), e.constantIndex(which), 3), 0, 2, 1, 3);
    }

    /** Slots of what contrib attention masks with, and of earlier keys with their axis of time. */
    private record Masks(int padding, int added, int past, int pastAxis) {}

    private void fused(Heads heads, double size, Masks masks) {
        double given = e.node().realAttribute("scale", 0);
        String scores = scores(heads, given == 0 ? 1 / Math.sqrt(size) : given);
        scores = e.has(masks.added()) ? e.add(scores, e.input(masks.added())) : scores;
        scores = e.has(masks.padding()) ? padded(scores, masks.padding(), heads) : scores;
        boolean causal = e.node().intAttribute("unidirectional", 0) != 0;
        scores = causal ? causal(scores, heads, masks.past(), masks.pastAxis()) : scores;
        String shares = e.single(Nodes.softmax(scores, -1, ""));
        e.put(0, joined(e.multiplyMatrices(shares, heads.values())));
    }

    /** A number is added to scores of keys that do not count. */
    private String padded(String scores, int slot, Heads heads) {
        String filter = e.scalar(e.node().realAttribute("mask_filter_value", -10000));
        return e.add(scores, e.multiply(e.subtract(e.scalar(1), counts(slot, heads)), filter));
    }

    /** 1 for each key that counts: they are marked for each example, or for each query, or said to be the first so many. */
    private String counts(int slot, Heads heads) {
        int rank = e.rank(slot);
        boolean lengths = rank == 1 && e.shape(slot).get(0).equals(e.shape(0).get(0));
        require(lengths || rank == 2 || rank == 3, "its mask marks neither keys of examples nor of queries");
        if (lengths) {
            String length = e.unsqueeze(e.wide(e.input(slot)), 1, 2, 3);
            return e.real(e.compute("Less", List.of(positions(heads.keys()), length), Map.of()));
        }
        String marks = e.real(e.input(slot));
        return rank == 2 ? e.unsqueeze(marks, 1, 2) : e.unsqueeze(marks, 1);
    }

    private String scores(Heads heads, double scale) {
        return scores(heads.queries(), heads.keys(), scale);
    }

    String scores(String queries, String keys, double scale) {
        return e.multiply(e.multiplyMatrices(queries, e.turned(keys, 4)), scale);
    }

    private String masked(String scores, int slot) {
        String mask = e.input(slot);
        return e.isReal(mask) ? e.add(scores, mask) : e.single(Nodes.where(mask, scores, e.scalar(NEVER), ""));
    }

    private String causal(String scores, Heads heads, int past) {
        return causal(scores, heads, past, 2);
    }

    /** A query sees keys of earlier calls and those up to its own position. */
    private String causal(String scores, Heads heads, int past, int pastAxis) {
        String extents = e.concatenate(0, e.extents(heads.queries(), 2, 3), e.extents(heads.keys(), 2, 3));
        String ones = e.compute(Nodes::expand, e.scalar(1), extents);
        String before =
                e.has(past) ? e.squeeze(e.extents(e.input(past), pastAxis, pastAxis + 1), 0) : e.constantIndex(0);
        String seen = e.compute("Trilu", List.of(ones, before), Map.of("upper", new Attribute.Int(0)));
        String sees = e.compute(Nodes::greater, seen, e.scalar(0));
        return e.single(Nodes.where(sees, scores, e.scalar(NEVER), ""));
    }

    private String longer(int past, String value) {
        return e.has(past) ? e.concatenate(2, e.input(past), value) : value;
    }

    /** From [batch, time, heads x width] to [batch, heads, time, width]. */
    String split(String value, long heads) {
        require(heads > 0, "it does not say how many heads there are");
        return e.transpose(e.reshape(value, 0, 0, heads, -1), 0, 2, 1, 3);
    }

    String joined(String heads) {
        return e.reshape(e.transpose(heads, 0, 2, 1, 3), 0, 0, -1);
    }

    /** Each head several times, one behind the other. */
    String repeated(String value, long shared, long heads, long width) {
        require(shared > 0 && heads % shared == 0, "its heads do not share keys evenly");
        if (shared == heads) {
            return value;
        }
        String each = e.compute(Nodes::expand, e.unsqueeze(value, 2), e.vector(1, 1, heads / shared, 1, 1));
        return e.reshape(each, 0, heads, -1, width);
    }

    private long width(int slot, boolean flat, long heads) {
        return flat ? e.extent(slot, 2) / heads : e.extent(slot, 3);
    }

    List<String> three(String value, List<Long> extents, int axis) {
        List<String> parts = List.of(e.fresh("queries"), e.fresh("keys"), e.fresh("values"));
        long[] sizes = extents.stream().mapToLong(Long::longValue).toArray();
        e.add(Nodes.split(value, e.vector(sizes), axis, parts));
        return parts;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MisfitException(otherwise);
        }
    }
}
