package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Recurrent networks as PyTorch exports them: sequence first, states in the operator's gate order. */
public final class RecurrentNetworks {

    /** Recurrent cells with their number of gates. */
    public enum Cell {
        RNN(1),
        GRU(3),
        LSTM(4);

        private final int gates;

        Cell(int gates) {
            this.gates = gates;
        }

        /** How many blocks of hidden size a weight is made of. */
        public int gates() {
            return gates;
        }
    }

    /** Where the initial states come from. */
    public enum InitialState {
        ABSENT,
        /** Zeros of a shape put together at run time. */
        ZEROS_OF_SHAPE,
        /** One learned state for all samples, expanded to the batch at run time. */
        LEARNED,
        /** A constant of full extent; the batch is then fixed to 2. */
        CONSTANT
    }

    /**
     * How large and of what kind.
     *
     * @param layers recurrent layers one after the other
     * @param bidirectional whether every layer runs both ways
     */
    public record Form(Cell cell, int layers, boolean bidirectional, InitialState initial) {

        int directions() {
            return bidirectional ? 2 : 1;
        }
    }

    private final GraphBuilder graph;
    private final Form form;
    private final long hidden;

    private RecurrentNetworks(long seed, Form form, long hidden) {
        this.graph = new GraphBuilder(form.cell().name().toLowerCase(Locale.ROOT), seed);
        this.form = form;
        this.hidden = hidden;
    }

    /** A projection, recurrent layers, and a classifier on the last step. */
    public static Graph build(long seed, Form form, long features, long hidden, long classes) {
        return new RecurrentNetworks(seed, form, hidden).build(features, classes);
    }

    private Graph build(long features, long classes) {
        Object batch = form.initial() == InitialState.CONSTANT ? (Object) 2 : "batch";
        String x = graph.input("features", "sequence", batch, features);
        x = graph.relu(graph.linear("embed", x, hidden));
        for (int layer = 0; layer < form.layers(); layer++) {
            x = mergeDirections(recurrent("layer" + layer, x), batch);
        }
        String last = graph.pick(x, 0, -1);
        return graph.output(graph.gemm("fc", last, classes)).build();
    }

    private String recurrent(String name, String x) {
        int directions = form.directions();
        long packed = form.cell().gates() * hidden;
        double deviation = 1 / Math.sqrt(hidden);
        List<String> operands = new ArrayList<>(List.of(
                x,
                graph.normal(name + ".W", deviation, directions, packed, graph.extent(x, 2)),
                graph.normal(name + ".R", deviation, directions, packed, hidden),
                graph.normal(name + ".B", 0.1, directions, 2 * packed)));
        if (form.initial() != InitialState.ABSENT) {
            operands.add("");
            operands.add(state(name + ".h0", x));
            if (form.cell() == Cell.LSTM) {
                operands.add(state(name + ".c0", x));
            }
        }
        List<Object> attributes = new ArrayList<>(List.of("hidden_size", hidden));
        attributes.addAll(List.of("direction", form.bidirectional() ? "bidirectional" : "forward"));
        if (form.cell() == Cell.GRU) {
            attributes.addAll(List.of("linear_before_reset", 1));
        }
        String result = graph.node(form.cell().name(), operands, attributes.toArray());
        return graph.follow(
                result, graph.shape(x).get(0), directions, graph.shape(x).get(1), hidden);
    }

    private String state(String name, String x) {
        int directions = form.directions();
        return switch (form.initial()) {
            case CONSTANT -> graph.normal(name, 0.5, directions, 2, hidden);
            case LEARNED ->
                graph.node("Expand", List.of(graph.normal(name, 0.5, directions, 1, hidden), stateShape(x)));
            default ->
                graph.node(
                        "ConstantOfShape",
                        List.of(stateShape(x)),
                        "value",
                        Tensors.fromDoubles(DataType.FLOAT32, List.of(1L), 0));
        };
    }

    private String stateShape(String x) {
        String batch = graph.unsqueeze(graph.follow(graph.sizeOf(x, 1)), 0);
        return graph.node("Concat", List.of(graph.longs(form.directions()), batch, graph.longs(hidden)), "axis", 0);
    }

    private String mergeDirections(String x, Object batch) {
        if (!form.bidirectional()) {
            return graph.squeeze(x, 1);
        }
        String merged = graph.reshape(graph.transpose(x, 0, 2, 1, 3), 0, 0, -1);
        return graph.follow(merged, "sequence", batch, 2 * hidden);
    }
}
