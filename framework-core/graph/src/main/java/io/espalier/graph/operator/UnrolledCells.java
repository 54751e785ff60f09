package io.espalier.graph.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Recurrent cells over a known number of steps, one step after the other. */
final class UnrolledCells {

    private final Expansion e;
    private final boolean batchFirst;
    private final int steps;
    private final int hidden;
    private final int gates;
    private final CellActivations activations;
    /** The largest magnitude of what activations are applied to, 0 for any. */
    private final double limit;

    private final List<String> sequences = new ArrayList<>();
    private final List<String> lasts = new ArrayList<>();
    private final List<String> lastCells = new ArrayList<>();

    /** Computes one step: takes what the inputs give to the gates and the state before, and hands on the state after. */
    private interface Cell {
        State step(String gates, State before, int direction);
    }

    private record State(String hidden, String cell) {}

    private UnrolledCells(Expansion e, int gates, List<String> activations) {
        this.e = e;
        this.gates = gates;
        this.batchFirst = e.node().intAttribute("layout", 0) != 0;
        this.steps = e.extent(0, batchFirst ? 1 : 0);
        this.hidden = e.extent(2, 2);
        this.activations = new CellActivations(e.node(), activations, e.extent(1, 0));
        this.limit = e.node().realAttribute("clip", 0);
    }

    static void longShortTerm(Expansion e) {
        UnrolledCells cells = new UnrolledCells(e, 4, List.of("Sigmoid", "Tanh", "Tanh"));
        cells.unroll(cells::longShortTermStep);
    }

    static void gated(Expansion e) {
        UnrolledCells cells = new UnrolledCells(e, 3, List.of("Sigmoid", "Tanh"));
        cells.unroll(cells::gatedStep);
    }

    static void simple(Expansion e) {
        UnrolledCells cells = new UnrolledCells(e, 1, List.of("Tanh"));
        cells.unroll((gates, before, direction) -> {
            String sum = e.add(gates, e.multiplyMatrices(before.hidden(), cells.recurrent(direction)));
            return new State(cells.activate(direction, 0, cells.withBias(sum, direction, 1)), "");
        });
    }

    private void unroll(Cell cell) {
        int directions = e.extent(1, 0);
        for (int direction = 0; direction < directions; direction++) {
            boolean backwards = direction == 1
                    || e.node().textAttribute("direction", "forward").equals("reverse");
            run(cell, direction, backwards);
        }
        put(0, batchFirst ? e.concatenate(2, axis(sequences, 2)) : e.concatenate(1, axis(sequences, 1)));
        put(1, e.concatenate(batchFirst ? 1 : 0, axis(lasts, batchFirst ? 1 : 0)));
        if (!lastCells.get(0).isEmpty()) {
            put(2, e.concatenate(batchFirst ? 1 : 0, axis(lastCells, batchFirst ? 1 : 0)));
        }
    }

    private void put(int slot, String value) {
        e.put(slot, value);
    }

    private String[] axis(List<String> values, int axis) {
        return values.stream().map(value -> e.unsqueeze(value, axis)).toArray(String[]::new);
    }

    private void run(Cell cell, int direction, boolean backwards) {
        List<String> inputs = inputs(direction);
        State state = new State(initial(5, direction), gates == 4 ? initial(6, direction) : "");
        String[] outputs = new String[steps];
        for (int i = 0; i < steps; i++) {
            int step = backwards ? steps - 1 - i : i;
            State next = cell.step(inputs.get(step), state, direction);
            String hidden = next.hidden();
            if (e.has(4)) {
                String lasts = lasts(step);
                hidden = e.where(lasts, hidden);
                next = chosen(lasts, next, state);
            }
            state = next;
            outputs[step] = e.unsqueeze(hidden, batchFirst ? 1 : 0);
        }
        sequences.add(e.concatenate(batchFirst ? 1 : 0, outputs));
        lasts.add(state.hidden());
        lastCells.add(state.cell());
    }

    /** Whether the sequence of each example has a step. */
    private String lasts(int step) {
        return e.unsqueeze(e.compute(Nodes::greater, e.real(e.input(4)), e.scalar(step)), 1);
    }

    /** Behind its end a sequence keeps its state. */
    private State chosen(String lasts, State next, State before) {
        String hidden = e.single(Nodes.where(lasts, next.hidden(), before.hidden(), ""));
        return next.cell().isEmpty()
                ? new State(hidden, "")
                : new State(hidden, e.single(Nodes.where(lasts, next.cell(), before.cell(), "")));
    }

    /** What the inputs give to the gates, for each step. */
    private List<String> inputs(int direction) {
        String weight = e.transpose(one(1, direction), 1, 0);
        String products = withBias(e.multiplyMatrices(e.input(0), weight), direction, 0);
        int axis = batchFirst ? 1 : 0;
        if (steps == 1) {
            return List.of(e.squeeze(products, axis));
        }
        long[] ones = new long[steps];
        Arrays.fill(ones, 1);
        List<String> parts = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            parts.add(e.fresh("step"));
        }
        e.add(Nodes.split(products, e.vector(ones), axis, parts));
        return parts.stream().map(part -> e.squeeze(part, axis)).toList();
    }

    /** What a slot holds for one direction. */
    private String one(int slot, int direction) {
        return e.gather(e.input(slot), e.constantIndex(direction), 0);
    }

    private String recurrent(int direction) {
        return e.transpose(one(2, direction), 1, 0);
    }

    /** Adds one of the two biases: of the inputs, or of the state. */
    private String withBias(String sum, int direction, int which) {
        return e.has(3) ? e.add(sum, bias(direction, which * gates, (which + 1) * gates)) : sum;
    }

    private String bias(int direction, int from, int to) {
        String all = one(3, direction);
        return e.slice(all, e.vector((long) from * hidden), e.vector((long) to * hidden), e.vector(0), e.vector(1));
    }

    private String initial(int slot, int direction) {
        if (e.has(slot)) {
            return e.gather(e.input(slot), e.constantIndex(direction), batchFirst ? 1 : 0);
        }
        int batchAxis = batchFirst ? 0 : 1;
        String batch = e.extents(e.input(0), batchAxis, batchAxis + 1);
        return e.zeros(e.concatenate(0, batch, e.vector(hidden)));
    }

    private String[] parts(String value, int count) {
        long[] extents = new long[count];
        Arrays.fill(extents, hidden);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(e.fresh("gate"));
        }
        e.add(Nodes.split(value, e.vector(extents), -1, parts));
        return parts.toArray(String[]::new);
    }

    private String activate(int direction, int which, String value) {
        int each = gates == 4 ? 3 : gates == 3 ? 2 : 1;
        String limited = limit == 0 ? value : e.single(Nodes.clip(value, e.scalar(-limit), e.scalar(limit), ""));
        return activations.of(e, direction * each + which, limited);
    }

    /** Gates in the order input, output, forget, cell. */
    private State longShortTermStep(String given, State before, int direction) {
        String sum = e.add(given, e.multiplyMatrices(before.hidden(), recurrent(direction)));
        String[] parts = parts(withBias(sum, direction, 1), 4);
        String input = activate(direction, 0, peep(parts[0], before.cell(), direction, 0));
        boolean coupled = e.node().intAttribute("input_forget", 0) != 0;
        String forget = coupled
                ? e.subtract(e.scalar(1), input)
                : activate(direction, 0, peep(parts[2], before.cell(), direction, 2));
        String candidate = activate(direction, 1, parts[3]);
        String cell = e.add(e.multiply(forget, before.cell()), e.multiply(input, candidate));
        String output = activate(direction, 0, peep(parts[1], cell, direction, 1));
        return new State(e.multiply(output, activate(direction, 2, cell)), cell);
    }

    private String peep(String gate, String cell, int direction, int which) {
        if (!e.has(7)) {
            return gate;
        }
        String weight = e.slice(
                one(7, direction),
                e.vector((long) which * hidden),
                e.vector((which + 1L) * hidden),
                e.vector(0),
                e.vector(1));
        return e.add(gate, e.multiply(weight, cell));
    }

    /** Gates in the order update, reset, hidden. */
    private State gatedStep(String given, State before, int direction) {
        String[] inputs = parts(given, 3);
        String[] weights = parts(recurrent(direction), 3);
        String update = gate(inputs[0], before.hidden(), weights[0], direction, 3);
        String reset = gate(inputs[1], before.hidden(), weights[1], direction, 4);
        boolean resetsLast = e.node().intAttribute("linear_before_reset", 0) != 0;
        String from = resetsLast ? before.hidden() : e.multiply(reset, before.hidden());
        String state = e.multiplyMatrices(from, weights[2]);
        state = e.has(3) ? e.add(state, bias(direction, 5, 6)) : state;
        state = resetsLast ? e.multiply(reset, state) : state;
        String candidate = activate(direction, 1, e.add(inputs[2], state));
        String rest = e.multiply(e.subtract(e.scalar(1), update), candidate);
        return new State(e.add(rest, e.multiply(update, before.hidden())), "");
    }

    private String gate(String given, String hiddenBefore, String weight, int direction, int bias) {
        String sum = e.add(given, e.multiplyMatrices(hiddenBefore, weight));
        return activate(direction, 0, e.has(3) ? e.add(sum, bias(direction, bias, bias + 1)) : sum);
    }
}
