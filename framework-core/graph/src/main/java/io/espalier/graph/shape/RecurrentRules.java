package io.espalier.graph.shape;

import java.util.List;

/** Recurrent layers. */
final class RecurrentRules {

    private RecurrentRules() {}

    static void register(RuleTable table) {
        table.add(3, RecurrentRules::recur, "GRU", "LSTM", "RNN");
        table.add(1, RecurrentRules::recur, "com.microsoft.DynamicQuantizeLSTM");
    }

    private static void recur(NodeScope scope) {
        List<Dim> input = scope.shape(0, 3);
        Dim hidden = hidden(scope);
        Dim directions = scope.knownShape(1)
                .filter(shape -> shape.size() == 3)
                .map(shape -> shape.get(0))
                .orElseGet(() -> directions(scope));
        boolean batchFirst = scope.node().intAttribute("layout", 0) == 1;
        Dim time = input.get(batchFirst ? 1 : 0);
        Dim batch = input.get(batchFirst ? 0 : 1);
        List<Dim> last = batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden);
        scope.put(0, batchFirst ? List.of(batch, time, directions, hidden) : List.of(time, directions, batch, hidden));
        scope.put(1, last);
        scope.put(2, last);
    }

    /** The width of the recurrence weight, whose layout in the quantised operator differs; then the attribute. */
    private static Dim hidden(NodeScope scope) {
        if (scope.node().domain().isEmpty() && scope.knownShape(2).isPresent()) {
            return scope.shape(2, 3).get(2);
        }
        long hidden = scope.node().intAttribute("hidden_size", 0);
        if (hidden < 1) {
            throw scope.conflict("neither the recurrence weight nor the attribute hidden_size is known");
        }
        return Dim.of(hidden);
    }

    private static Dim directions(NodeScope scope) {
        return Dim.of(scope.node().textAttribute("direction", "forward").equals("bidirectional") ? 2 : 1);
    }
}
