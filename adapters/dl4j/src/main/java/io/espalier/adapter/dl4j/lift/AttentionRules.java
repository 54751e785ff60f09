package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import java.util.List;
import java.util.Map;

/**
 * Dot-product attention over time: projections {@code Wq, Wk, Wv [heads, size, in]}, then {@code Wo [heads * size, out]},
 * all in row-major order.
 */
final class AttentionRules {

    private AttentionRules() {}

    static void register(Map<String, LayerRule> rules) {
        rules.put("SelfAttentionLayer", AttentionRules::self);
    }

    private static Signal self(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        scope.expect(input, Form.RECURRENT);
        if (!node.flag("projectInput", true)) {
            return plain(scope, input);
        }
        long in = node.count("nin");
        long out = node.count("nout");
        long heads = node.count("nheads");
        long size = node.count("headSize");
        scope.expect(in, input);
        Parameters parameters = layer.parameters(scope);
        Extent kept = new Extent.Fixed(heads);
        long projection = Math.multiplyExact(in, Math.multiplyExact(heads, size));
        String[] projected = new String[3];
        String[] weights = new String[3];
        List<String> names = List.of("Wq", "Wk", "Wv");
        for (int i = 0; i < 3; i++) {
            long start = parameters.weight(names.get(i), projection);
            weights[i] = scope.parameter(names.get(i), FlatView.rowMajor(start, heads * size, in, 1));
            String flat =
                    scope.op("Conv", Attributes.none().with("kernel_shape", List.of(1L)), input.value(), weights[i]);
            String shape = scope.vector("heads" + i, 0, heads, size, -1);
            projected[i] = scope.op("Reshape", Attributes.none(), flat, shape);
            if (i == 0) {
                kept = new Extent.Element(shape, 1, heads);
            }
        }
        long last = parameters.weight("Wo", Math.multiplyExact(Math.multiplyExact(heads, size), out));
        parameters.done();
        String output = scope.parameter("Wo", FlatView.rowMajor(last, Math.multiplyExact(heads, size), out));
        Extent channels = new Extent.Axis(output, 1, out);
        bind(scope, node, new Extent.Axis(output, 0, heads * size), input.channels(), channels, kept);
        String attended = attend(scope, projected, size);
        String byTime = scope.transpose(attended, 0, 3, 1, 2);
        String joined = scope.op("Reshape", Attributes.none(), byTime, scope.vector("joined", 0, 0, heads * size));
        String y = scope.op("MatMul", Attributes.none(), joined, output);
        return input.with(scope.transpose(y, 0, 2, 1), channels);
    }

    private static void bind(Scope scope, ConfigNode node, Extent rows, Extent in, Extent out, Extent heads) {
        Extent size = new Extent.Quotient(rows, heads);
        scope.bind(node, "nin", in);
        scope.bind(node, "nout", out);
        scope.bind(node, "nheads", heads);
        scope.bind(node, "headSize", size);
        ConfigNode shapes = node.require("layerParams").require("weightParams");
        for (String name : List.of("Wq", "Wk", "Wv")) {
            scope.bindElement(shapes, name, 0, heads);
            scope.bindElement(shapes, name, 1, size);
            scope.bindElement(shapes, name, 2, in);
        }
        scope.bindElement(shapes, "Wo", 0, rows);
        scope.bindElement(shapes, "Wo", 1, out);
    }

    /** Of queries, keys and values as batch, head, size, time. */
    private static String attend(Scope scope, String[] projected, long size) {
        String keys = scope.transpose(projected[1], 0, 1, 3, 2);
        String products = scope.op("MatMul", Attributes.none(), keys, projected[0]);
        String scaled = scope.op("Div", Attributes.none(), products, scope.scalar("scale", Math.sqrt(size)));
        String shares = scope.op("Softmax", Attributes.none().with("axis", 2), scaled);
        return scope.op("MatMul", Attributes.none(), projected[2], shares);
    }

    /** The library divides by the root of the width that it finds, so the width must stay. */
    private static Signal plain(Scope scope, Signal narrow) {
        Signal input =
                narrow.named(scope.whole(narrow.value(), 1, "SelfAttentionLayer divides by the root of its extent"));
        String keys = scope.transpose(input.value(), 0, 2, 1);
        String products = scope.op("MatMul", Attributes.none(), keys, input.value());
        double scale = Math.sqrt(input.channels().original());
        String scaled = scope.op("Div", Attributes.none(), products, scope.scalar("scale", scale));
        String shares = scope.op("Softmax", Attributes.none().with("axis", 1), scaled);
        return input.named(scope.op("MatMul", Attributes.none(), input.value(), shares));
    }
}
