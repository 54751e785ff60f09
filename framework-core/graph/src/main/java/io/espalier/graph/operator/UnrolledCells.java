package io.espalier.graph.operator;

import io.espalier.graph.operator.Turns.Sequence;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recurrent cells over a few steps, one step after the other; over many, or an open number, as a loop over a sequence. */
final class UnrolledCells {

    private final Expansion e;
    private final boolean batchFirst;
    /** As many steps are written out at most: beyond, a loop is prepared much faster, and runs no slower. */
    private static final int MOST_STEPS = 16;

    /** Empty where there are more, or their number is open. */
    private final Optional<Integer> steps;

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
        State step(UnrolledCells cells, String gates, State before, int direction);
    }

    /** What a step hands to the next; not all cells have an inner state beside what they show. */
    private record State(String hidden, String cell) {

        List<String> values() {
            return cell.isEmpty() ? List.of(hidden) : List.of(hidden, cell);
        }
    }

    private UnrolledCells(Expansion e, int gates, List<String> activations) {
        this.e = e;
        this.gates = gates;
        this.batchFirst = e.node().intAttribute("layout", 0) != 0;
        this.steps = Optional.of(e.shape(0).get(batchFirst ? 1 : 0))
                .filter(Dim::isConstant)
                .map(extent -> Math.toIntExact(extent.constant()))
                .filter(count -> count <= MOST_STEPS);
        this.hidden = e.extent(2, 2);
        this.activations = new CellActivations(e.node(), activations, e.extent(1, 0));
        this.limit = e.node().realAttribute("clip", 0);
    }

    /** The same cells in a body. */
    private UnrolledCells(Emitter body, UnrolledCells outside) {
        this.e = new Expansion(body, outside.e.node());
        this.gates = outside.gates;
        this.batchFirst = outside.batchFirst;
        this.steps = outside.steps;
        this.hidden = outside.hidden;
        this.activations = outside.activations;
        this.limit = outside.limit;
    }

    static void longShortTerm(Expansion e) {
        UnrolledCells cells = new UnrolledCells(e, 4, List.of("Sigmoid", "Tanh", "Tanh"));
        cells.unroll(UnrolledCells::longShortTermStep);
    }

    static void gated(Expansion e) {
        UnrolledCells cells = new UnrolledCells(e, 3, List.of("Sigmoid", "Tanh"));
        cells.unroll(UnrolledCells::gatedStep);
    }

    static void simple(Expansion e) {
        UnrolledCells cells = new UnrolledCells(e, 1, List.of("Tanh"));
        cells.unroll(UnrolledCells::simpleStep);
    }

    private State simpleStep(String given, State before, int direction) {
        String sum = e.add(given, e.multiplyMatrices(before.hidden(), recurrent(direction)));
        return new State(activate(direction, 0, withBias(sum, direction, 1)), "");
    }

    private void unroll(Cell cell) {
        int directions = e.extent(1, 0);
        for (int direction = 0; direction < directions; direction++) {
            boolean backwards = direction == 1
                    || e.node().textAttribute("direction", "forward").equals("reverse");
            if (steps.isPresent()) {
                run(cell, direction, backwards, steps.get());
            } else {
                loop(cell, direction, backwards);
            }
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

    private void run(Cell cell, int direction, boolean backwards, int count) {
        List<String> inputs = inputs(direction, count);
        State state = initial(direction);
        String[] outputs = new String[count];
        for (int i = 0; i < count; i++) {
            int step = backwards ? count - 1 - i : i;
            Stepped stepped = stepped(cell, inputs.get(step), e.scalar(step), state, direction);
            state = stepped.after();
            outputs[step] = e.unsqueeze(stepped.shown(), batchFirst ? 1 : 0);
        }
        sequences.add(e.concatenate(batchFirst ? 1 : 0, outputs));
        lasts.add(state.hidden());
        lastCells.add(state.cell());
    }

    /** What a step shows, and the state after it. */
    private record Stepped(String shown, State after) {}

    private Stepped stepped(Cell cell, String given, String number, State before, int direction) {
        State next = cell.step(this, given, before, direction);
        if (!e.has(4)) {
            return new Stepped(next.hidden(), next);
        }
        String lasts = lasts(number);
        return new Stepped(e.where(lasts, next.hidden()), chosen(lasts, next, before));
    }

    /** The steps of one direction as turns, each of which reads what the inputs give to its gates, and its number. */
    private void loop(Cell cell, int direction, boolean backwards) {
        int time = batchFirst ? 1 : 0;
        State first = initial(direction);
        Emitter body = e.apart();
        State before = new State(body.fresh("hidden"), gates == 4 ? body.fresh("cell") : "");
        String given = body.fresh("given");
        String number = body.fresh("number");
        Stepped stepped = new UnrolledCells(body, this).stepped(cell, given, number, before, direction);
        List<String> operands = new ArrayList<>(first.values());
        operands.add(products(direction));
        String count = e.squeeze(e.extents(e.input(0), time, time + 1), 0);
        operands.add(e.real(e.compute("Range", List.of(e.constantIndex(0), count, e.constantIndex(1)), Map.of())));
        List<String> inside = new ArrayList<>(before.values());
        inside.addAll(List.of(given, number));
        List<String> returned = new ArrayList<>();
        stepped.after().values().forEach(value -> returned.add(body.compute("Identity", List.of(value), Map.of())));
        returned.add(body.compute("Identity", List.of(stepped.shown()), Map.of()));
        List<String> outputs = first.values().stream().map(e::fresh).toList();
        String all = e.fresh("sequence");
        List<String> made = new ArrayList<>(outputs);
        made.add(all);
        e.add(Turns.scan(
                body(body, inside, returned),
                operands,
                List.of(new Sequence(time, backwards), new Sequence(0, backwards)),
                made,
                List.of(new Sequence(time, backwards))));
        sequences.add(all);
        lasts.add(outputs.get(0));
        lastCells.add(gates == 4 ? outputs.get(1) : "");
    }

    private static Graph body(Emitter made, List<String> inside, List<String> returned) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inside.forEach(name -> inputs.put(name, new ValueType(DataType.FLOAT32, Optional.empty())));
        return new Graph("step", inputs, returned, made.nodes(), made.constants(), Map.of());
    }

    /** Whether the sequence of each example has a step. */
    private String lasts(String number) {
        return e.unsqueeze(e.compute(Nodes::greater, e.real(e.input(4)), number), 1);
    }

    /** Behind its end a sequence keeps its state. */
    private State chosen(String lasts, State next, State before) {
        String hidden = e.single(Nodes.where(lasts, next.hidden(), before.hidden(), ""));
        return next.cell().isEmpty()
                ? new State(hidden, "")
                : new State(hidden, e.single(Nodes.where(lasts, next.cell(), before.cell(), "")));
    }

    /** What the inputs give to the gates. */
    private String products(int direction) {
        String weight = e.transpose(one(1, direction), 1, 0);
        return withBias(e.multiplyMatrices(e.input(0), weight), direction, 0);
    }

    /** The same for each step. */
    private List<String> inputs(int direction, int count) {
        String products = products(direction);
        int axis = batchFirst ? 1 : 0;
        if (count == 1) {
            return List.of(e.squeeze(products, axis));
        }
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        List<String> parts = new ArrayList<>();
        for (int step = 0; step < count; step++) {
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

    private State initial(int direction) {
        return new State(initial(5, direction), gates == 4 ? initial(6, direction) : "");
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
