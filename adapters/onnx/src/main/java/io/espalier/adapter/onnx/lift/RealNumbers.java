package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.lift.NodeDraft.Operand;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the integer operands of a node stand for. The node itself becomes the operator it would be without quantisation,
 * between nodes that quantise and dequantise.
 */
final class RealNumbers {

    private static final Attribute FLOAT = new Attribute.Int(1);

    private final NodeDraft node;

    RealNumbers(NodeDraft node) {
        this.node = node;
    }

    /**
     * The numbers an operand stands for: {@code (x - zero) * scale}.
     *
     * @param axis the axis of scales and zero points that are vectors
     */
    String dequantised(int slot, int scale, int zero, long axis) {
        String real = node.fresh("real" + slot);
        List<Operand> operands = new ArrayList<>(List.of(required(slot), required(scale)));
        node.operand(zero).ifPresent(operands::add);
        node.before.add(node.part("DequantizeLinear", operands, real, Map.of("axis", new Attribute.Int(axis))));
        return real;
    }

    /** A bias in integers, whose scale is the product of two others. */
    String bias(int slot, int scale, int otherScale) {
        String product = node.fresh("scale" + slot);
        String real = node.fresh("real" + slot);
        node.before.add(node.part("Mul", List.of(required(scale), required(otherScale)), product, Map.of()));
        node.before.add(node.part(
                "DequantizeLinear",
                List.of(required(slot), Operand.of(product)),
                real,
                Map.of("axis", new Attribute.Int(0))));
        return real;
    }

    /** Lets the node compute in real numbers and quantises its result. */
    void quantiseResult(int scale, int zero) {
        if (node.input(scale).isEmpty()) {
            return;
        }
        String real = node.fresh("real");
        List<Operand> operands = new ArrayList<>(List.of(Operand.of(real), required(scale)));
        node.operand(zero).ifPresent(operands::add);
        node.after.add(node.part("QuantizeLinear", operands, node.outputs.get(0), Map.of()));
        node.outputs.set(0, real);
    }

    /**
     * An operand of a product in integers, as numbers counted from its zero point: {@code x - zero}.
     *
     * @param axes where the zero point is a vector, axes to add to it
     */
    String centred(int slot, int zero, long... axes) {
        String real = cast(required(slot), "real" + slot);
        if (node.input(zero).isEmpty()) {
            return real;
        }
        String middle = widened(Operand.of(cast(required(zero), "zero" + slot)), zero, axes);
        String centred = node.fresh("centred" + slot);
        node.before.add(Node.of("Sub", List.of(real, middle), List.of(centred), Map.of()));
        return centred;
    }

    /** {@code (x - zero) * scale}, where scales and zero points are for some leading axes. */
    String scaled(int slot, int scale, int zero, long... axes) {
        String centred = centred(slot, zero, axes);
        String factor = widened(required(scale), scale, axes);
        String scaled = node.fresh("scaled" + slot);
        Operand place = factor.equals(node.required(scale)) ? required(scale) : Operand.of(factor);
        node.before.add(node.part("Mul", List.of(Operand.of(centred), place), scaled, Map.of()));
        return scaled;
    }

    private String widened(Operand operand, int slot, long... axes) {
        boolean single = node.isSingle(slot);
        if (axes.length == 0 || single) {
            return operand.value();
        }
        String wide = node.fresh("wide" + slot);
        String where = node.surroundings().addImplied(wide + "/axes", Tensors.vector(axes));
        node.before.add(node.part("Unsqueeze", List.of(operand, Operand.of(where)), wide, Map.of()));
        return wide;
    }

    private String cast(Operand operand, String role) {
        String cast = node.fresh(role);
        node.before.add(node.part("Cast", List.of(operand), cast, Map.of("to", FLOAT)));
        return cast;
    }

    /** Multiplies the result by factors and adds a bias, if there is one. */
    void scaleResult(List<Operand> factors, Optional<Operand> bias) {
        String output = node.outputs.get(0);
        String value = node.fresh("sum");
        node.outputs.set(0, value);
        for (int i = 0; i < factors.size(); i++) {
            boolean last = i == factors.size() - 1 && bias.isEmpty();
            String product = last ? output : node.fresh("product" + i);
            node.after.add(node.part("Mul", List.of(Operand.of(value), factors.get(i)), product, Map.of()));
            value = product;
        }
        if (bias.isPresent()) {
            node.after.add(node.part("Add", List.of(Operand.of(value), bias.get()), output, Map.of()));
        }
    }

    /** Turns the node into an operator on other operands; settings it has keep their names. */
    void become(String domain, String operator, List<String> inputs) {
        node.domain = domain;
        node.operator = operator;
        node.inputs.clear();
        node.inputs.addAll(inputs);
        while (!node.inputs.isEmpty() && node.inputs.get(node.inputs.size() - 1).isEmpty()) {
            node.inputs.remove(node.inputs.size() - 1);
        }
    }

    private Operand required(int slot) {
        return node.requiredOperand(slot);
    }

    /** Whether an operand is known to hold one number or a vector of them. */
    boolean isVector(int slot) {
        return node.input(slot).isEmpty() || node.rank(slot) == 0 || node.rank(slot) == 1;
    }
}
