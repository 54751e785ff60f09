package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.support.Attributes;
import io.espalier.spi.graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recurrent layers: input weights, recurrent weights, bias, all in column-major order.
 *
 * <p>The library orders gates as candidate, forget, output, input, the neutral graph as input, output, forget, candidate:
 * the one is the other backwards. Peepholes are three further columns of the recurrent weights, in the order forget,
 * output, input.
 */
final class RecurrentRules {

    private RecurrentRules() {}

    static void register(Map<String, LayerRule> rules) {
        rules.put("LSTM", RecurrentRules::single);
        rules.put("GravesLSTM", RecurrentRules::single);
        rules.put("SimpleRnn", RecurrentRules::single);
        rules.put("Bidirectional", RecurrentRules::bidirectional);
    }

    /**
     * A cell in one direction.
     *
     * @param operands input weights, recurrent weights, bias, and peepholes where there are any
     */
    private record Cell(String operator, List<String> operands, List<String> functions, Extent hidden) {}

    private static Signal single(Scope scope, Layer layer, Signal input) {
        Parameters parameters = layer.parameters(scope);
        Cell cell = cell(scope, layer.node(), parameters, "", input);
        parameters.done();
        scope.bind(layer.node(), "nin", input.channels());
        scope.bind(layer.node(), "nout", cell.hidden());
        Attributes attributes = Attributes.none()
                .with("hidden_size", cell.hidden().original())
                .with("activations", new Attribute.Texts(cell.functions()));
        String y = run(scope, cell.operator(), attributes, input, cell.operands());
        String steps = scope.op("Squeeze", Attributes.none(), y, scope.vector("axes", 1));
        return input.with(scope.transpose(steps, 1, 2, 0), cell.hidden());
    }

    /** The neutral operator reads time first and makes time, direction, batch, channels. */
    private static String run(
            Scope scope, String operator, Attributes attributes, Signal input, List<String> operands) {
        List<String> inputs = new ArrayList<>();
        inputs.add(scope.transpose(input.value(), 2, 0, 1));
        inputs.addAll(operands.subList(0, 3));
        if (operands.size() > 3) {
            inputs.addAll(List.of("", "", "", operands.get(3)));
        }
        return scope.split(operator, attributes, 1, inputs.toArray(String[]::new))
                .get(0);
    }

    private static Cell cell(Scope scope, ConfigNode node, Parameters parameters, String prefix, Signal input) {
        scope.expect(input, Form.RECURRENT);
        scope.checkChannelOrder(node);
        scope.expect(node.count("nin"), input);
        return switch (node.type()) {
            case "LSTM" -> lstm(scope, node, parameters, prefix, false);
            case "GravesLSTM" -> lstm(scope, node, parameters, prefix, true);
            case "SimpleRnn" -> simple(scope, node, parameters, prefix);
            default -> throw scope.refused("runs a " + node.type() + " in two directions, which is not supported");
        };
    }

    private static Cell lstm(Scope scope, ConfigNode node, Parameters parameters, String prefix, boolean peepholes) {
        long in = node.count("nin");
        int hidden = node.count("nout");
        long columns = 4L * hidden;
        long w = parameters.weight(prefix + "W", Math.multiplyExact(in, columns));
        long r = parameters.weight(prefix + "RW", Math.multiplyExact(hidden, columns + (peepholes ? 3 : 0)));
        long b = parameters.bias(prefix + "b", columns);
        List<String> operands = new ArrayList<>();
        operands.add(scope.parameter(prefix + "W", view(w, gates(hidden, in, false), FlatView.steps(in, 1))));
        operands.add(scope.parameter(prefix + "RW", view(r, gates(hidden, hidden, false), FlatView.steps(hidden, 1))));
        operands.add(scope.parameter(prefix + "b", view(b, gates(hidden, 1, true))));
        if (peepholes) {
            operands.add(scope.parameter(prefix + "P", view(r + columns * hidden, peepholes(hidden))));
        }
        String gate = function(scope, node, "gateActivationFn");
        String other = function(scope, node, "activationFn");
        Extent size = new Extent.Axis(operands.get(1), 2, hidden);
        return new Cell("LSTM", operands, List.of(gate, other, other), size);
    }

    private static Cell simple(Scope scope, ConfigNode node, Parameters parameters, String prefix) {
        if (node.flag("hasLayerNorm", false)) {
            throw scope.refused("normalises within the layer (hasLayerNorm), which has no place in the neutral graph");
        }
        long in = node.count("nin");
        int hidden = node.count("nout");
        long w = parameters.weight(prefix + "W", Math.multiplyExact(in, (long) hidden));
        long r = parameters.weight(prefix + "RW", Math.multiplyExact((long) hidden, hidden));
        long b = parameters.bias(prefix + "b", hidden);
        long[] bias = new long[2 * hidden];
        System.arraycopy(FlatView.steps(hidden, 1), 0, bias, 0, hidden);
        System.arraycopy(FlatView.absent(hidden), 0, bias, hidden, hidden);
        List<String> operands = List.of(
                scope.parameter(prefix + "W", view(w, FlatView.steps(hidden, in), FlatView.steps(in, 1))),
                scope.parameter(prefix + "RW", view(r, FlatView.steps(hidden, hidden), FlatView.steps(hidden, 1))),
                scope.parameter(prefix + "b", view(b, bias)));
        Extent size = new Extent.Axis(operands.get(1), 2, hidden);
        return new Cell("RNN", operands, List.of(function(scope, node, "activationFn")), size);
    }

    /** A view whose first axis counts directions, of which there is one. */
    private static FlatView view(long start, long[]... axes) {
        List<long[]> offsets = new ArrayList<>();
        offsets.add(FlatView.steps(1, 0));
        offsets.addAll(List.of(axes));
        return new FlatView(start, offsets, FlatView.Code.PLAIN);
    }

    /** Offsets of gate columns in neutral order; a neutral bias has a second half that the library does not have. */
    private static long[] gates(int hidden, long stride, boolean bias) {
        long[] offsets = new long[(bias ? 8 : 4) * hidden];
        for (int gate = 0; gate < 4; gate++) {
            for (int unit = 0; unit < hidden; unit++) {
                offsets[gate * hidden + unit] = ((3L - gate) * hidden + unit) * stride;
            }
        }
        if (bias) {
            System.arraycopy(FlatView.absent(4 * hidden), 0, offsets, 4 * hidden, 4 * hidden);
        }
        return offsets;
    }

    /** The neutral order of peepholes is input, output, forget. */
    private static long[] peepholes(int hidden) {
        long[] offsets = new long[3 * hidden];
        for (int gate = 0; gate < 3; gate++) {
            for (int unit = 0; unit < hidden; unit++) {
                offsets[gate * hidden + unit] = (2L - gate) * hidden + unit;
            }
        }
        return offsets;
    }

    private static String function(Scope scope, ConfigNode node, String field) {
        Optional<ConfigNode> function = node.child(field);
        return Activations.recurrent(function)
                .orElseThrow(() -> scope.refused("uses "
                        + function.map(ConfigNode::type).orElse("no function")
                        + " inside of its cell, which the neutral operator does not have"));
    }

    /**
     * Both directions as one operator, because they must stay equally wide. Weights are joined within the graph, so that
     * each keeps its own place in the file.
     */
    private static Signal bidirectional(Scope scope, Layer layer, Signal input) {
        ConfigNode node = layer.node();
        ConfigNode forward = node.require("fwd");
        Parameters parameters = new Parameters(scope.draft(), forward, layer.frozen());
        Cell there = cell(scope, forward, parameters, "f", input);
        Cell back = cell(scope, node.require("bwd"), parameters, "b", input);
        parameters.done();
        if (!there.operator().equals(back.operator())
                || there.hidden().original() != back.hidden().original()
                || there.operands().size() != back.operands().size()) {
            throw scope.refused("has different cells in its two directions");
        }
        for (ConfigNode each : List.of(forward, node.require("bwd"))) {
            scope.bind(each, "nin", input.channels());
            scope.bind(each, "nout", there.hidden());
        }
        scope.bind(node, "nin", input.channels());
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < there.operands().size(); i++) {
            operands.add(scope.op(
                    "Concat",
                    Attributes.none().with("axis", 0),
                    there.operands().get(i),
                    back.operands().get(i)));
        }
        List<String> functions = new ArrayList<>(there.functions());
        functions.addAll(back.functions());
        Attributes attributes = Attributes.none()
                .with("direction", "bidirectional")
                .with("hidden_size", there.hidden().original())
                .with("activations", new Attribute.Texts(functions));
        String both = run(scope, there.operator(), attributes, input, operands);
        return merged(scope, node, input, both, there.hidden());
    }

    private static Signal merged(Scope scope, ConfigNode node, Signal input, String both, Extent hidden) {
        List<String> ways =
                scope.split("Split", Attributes.none().with("axis", 1).with("num_outputs", 2), 2, both);
        String[] signals = new String[2];
        for (int i = 0; i < 2; i++) {
            String steps = scope.op("Squeeze", Attributes.none(), ways.get(i), scope.vector("axes", 1));
            signals[i] = scope.transpose(steps, 1, 2, 0);
        }
        String mode = node.text("mode", "CONCAT");
        Extent channels = mode.equals("CONCAT") ? new Extent.Scaled(hidden, 2, 1) : hidden;
        scope.bind(node, "nout", channels);
        String y = switch (mode) {
            case "CONCAT" -> scope.op("Concat", Attributes.none().with("axis", 1), signals);
            case "ADD" -> scope.op("Add", Attributes.none(), signals);
            case "MUL" -> scope.op("Mul", Attributes.none(), signals);
            case "AVERAGE" -> scope.op("Mean", Attributes.none(), signals);
            default -> throw scope.refused("joins its directions by " + mode);
        };
        return input.with(y, channels);
    }

    /** The channels at the last time step. */
    static Signal last(Scope scope, Signal input) {
        scope.expect(input, Form.RECURRENT);
        String index = scope.constant("last", io.espalier.spi.tensor.Tensors.longs(List.of(), -1));
        String y = scope.op("Gather", Attributes.none().with("axis", 2), input.value(), index);
        return new Signal(y, Form.FEED_FORWARD, input.channels(), List.of());
    }
}
