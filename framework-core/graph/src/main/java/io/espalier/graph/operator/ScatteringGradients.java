package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Map;

/** Gradients of what is written where indices say: elements along an axis, or blocks. */
final class ScatteringGradients {

    private final Backward b;
    private final boolean elements;
    private final long axis;

    private ScatteringGradients(Backward b, boolean elements) {
        this.b = b;
        this.elements = elements;
        this.axis = b.node().intAttribute("axis", 0);
    }

    static void elements(Backward b) {
        new ScatteringGradients(b, true).pass();
    }

    static void blocks(Backward b) {
        new ScatteringGradients(b, false).pass();
    }

    private void pass() {
        String reduction = b.node().textAttribute("reduction", "none");
        switch (reduction) {
            case "none" -> put(overwritten(), b.gradient());
            case "add" -> put(b.gradient(), b.gradient());
            case "mul" -> products();
            case "max", "min" -> extremes();
            default -> throw new MisfitException("it writes with the reduction '" + reduction + "'");
        }
    }

    /** Hands over the gradient by what was there, and that by what was written, which is read where it was written. */
    private void put(String before, String written) {
        b.put(0, before);
        if (b.wants(2)) {
            b.put(2, read(written));
        }
    }

    /** What was overwritten has no gradient. */
    private String overwritten() {
        if (!b.wants(0)) {
            return "";
        }
        String zeros = b.zeros(b.extents(b.input(2)));
        Map<String, Attribute> along = elements ? Map.of("axis", new Attribute.Int(axis)) : Map.of();
        return b.single(Node.of(b.node().operator(), List.of(b.gradient(), b.input(1), zeros), List.of(""), along));
    }

    /** All that share the largest or smallest value share the gradient. */
    private void extremes() {
        String stays = same(b.input(0), b.output(0));
        String written = same(b.input(2), read(b.output(0)));
        String share = b.divide(b.gradient(), added(stays, written));
        b.put(0, b.multiply(share, stays));
        if (b.wants(2)) {
            b.put(2, b.multiply(read(share), written));
        }
    }

    /** A factor gets the product of the others: where it is zero, they are what is left of the whole product. */
    private void products() {
        String zero = b.compute(Nodes::equal, b.input(2), b.scalar(0));
        String factors = b.single(Nodes.where(zero, b.scalar(1), b.input(2), ""));
        String nothing = b.zerosLike(b.input(0));
        String product = written(b.add(nothing, b.scalar(1)), factors, "mul");
        String zeros = added(nothing, b.real(zero));
        String whole = masked(zeros, 0, product);
        b.put(0, b.multiply(b.gradient(), whole));
        if (b.wants(2)) {
            String before = b.multiply(b.gradient(), b.input(0));
            String ofFactor = b.divide(read(b.multiply(before, whole)), factors);
            String ofZero = read(b.multiply(before, masked(zeros, 1, product)));
            b.put(2, b.single(Nodes.where(zero, ofZero, ofFactor, "")));
        }
    }

    private String masked(String count, double number, String value) {
        return b.masked(b.compute(Nodes::equal, count, b.scalar(number)), value);
    }

    private String same(String value, String result) {
        return b.real(b.compute(Nodes::equal, value, result));
    }

    private String read(String value) {
        return b.single(
                elements
                        ? Nodes.gatherElements(value, b.input(1), axis, "")
                        : Nodes.gatherBlocks(value, b.input(1), ""));
    }

    private String written(String value, String updates, String reduction) {
        Node adding = elements
                ? Nodes.addElements(value, b.input(1), updates, axis, "")
                : Nodes.addBlocks(value, b.input(1), updates, "");
        return b.single(adding.withAttribute("reduction", new Attribute.Text(reduction)));
    }

    private String added(String value, String updates) {
        return written(value, updates, "add");
    }
}
