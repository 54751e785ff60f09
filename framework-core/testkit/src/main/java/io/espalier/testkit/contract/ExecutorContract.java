package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a {@link GraphExecutor} owes its callers: results by name, state between runs, and sentences. */
public abstract class ExecutorContract extends ProviderContract<GraphExecutor> {

    private static final int STEPS = 20;
    private static final int WIDTH = 5;
    /** Momentum gradient descent on the mean square of w - x; the inputs w and v are state. */
    private static final Graph DESCENT = descent();

    private static final Map<String, String> STATE = Map.of("w", "next_w", "v", "next_v");

    protected ExecutorContract() {
        super(GraphExecutor.class);
    }

    /** A new instance of the executor under test. */
    protected abstract GraphExecutor executor();

    @Override
    protected final GraphExecutor provider() {
        return executor();
    }

    private static Graph descent() {
        ValueType vector = new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"))));
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        List.of("w", "v", "x").forEach(name -> inputs.put(name, vector));
        return new Graph(
                "descent",
                inputs,
                List.of("next_w", "loss", "next_v"),
                List.of(
                        Node.of("Sub", List.of("w", "x"), List.of("gradient"), Map.of()),
                        Node.of("Mul", List.of("gradient", "gradient"), List.of("square"), Map.of()),
                        Node.of("ReduceMean", List.of("square"), List.of("loss"), Map.of()),
                        Node.of("Mul", List.of("v", "momentum"), List.of("kept"), Map.of()),
                        Node.of("Add", List.of("kept", "gradient"), List.of("next_v"), Map.of()),
                        Node.of("Mul", List.of("next_v", "rate"), List.of("step"), Map.of()),
                        Node.of("Sub", List.of("w", "step"), List.of("next_w"), Map.of())),
                Map.of("momentum", Tensors.floats(List.of(), 0.9f), "rate", Tensors.floats(List.of(), 0.05f)),
                Map.of());
    }

    private static Tensor vector(Random random) {
        float[] values = new float[WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return Tensors.floats(List.of((long) WIDTH), values);
    }

    private static Map<String, Tensor> start(Random random) {
        return Map.of("w", vector(random), "v", vector(random), "x", vector(random));
    }

    @Test
    void stateKeptInsideIsStateCarriedByHand() {
        List.of(Purpose.values()).forEach(purpose -> descendsTheSameWay(Settings.of(purpose)));
    }

    private void descendsTheSameWay(Settings settings) {
        Random random = new Random(20260101);
        Map<String, Tensor> first = start(random);
        try (Session keeping = executor().prepare(DESCENT, settings, STATE);
                Runner carrying = executor().prepare(DESCENT, settings)) {
            assertThat(keeping.outputs()).containsExactly("loss");
            assertThat(keeping.state()).isEmpty();
            Map<String, Tensor> carried = new LinkedHashMap<>(first);
            Map<String, Tensor> given = first;
            for (int step = 0; step < STEPS; step++) {
                Map<String, Tensor> expected = carrying.run(carried);
                assertSame(keeping.run(given), Map.of("loss", expected.get("loss")));
                given = Map.of("x", vector(random));
                carried.putAll(given);
                STATE.forEach((input, output) -> carried.put(input, expected.get(output)));
            }
            assertSame(keeping.state(), Map.of("w", carried.get("w"), "v", carried.get("v")));
        }
    }

    @Test
    void aStateThatIsGivenReplacesWhatWasKept() {
        Random random = new Random(20260102);
        Map<String, Tensor> first = start(random);
        try (Session session = executor().prepare(DESCENT, Settings.DEFAULT, STATE)) {
            Map<String, Tensor> loss = session.run(first);
            Map<String, Tensor> state = session.state();
            session.run(Map.of("x", vector(random)));
            assertSame(session.run(first), loss);
            assertSame(session.state(), state);
        }
    }

    @Test
    void aRunThatFailsLeavesTheState() {
        Random random = new Random(20260103);
        try (Session session = executor().prepare(DESCENT, Settings.DEFAULT, STATE)) {
            assertThatThrownBy(() -> session.run(Map.of("x", vector(random))))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("'w'");
            session.run(start(random));
            Map<String, Tensor> state = session.state();
            assertThatThrownBy(() -> session.run(Map.of("x", Tensors.floats(List.of(2L), 0, 0))))
                    .isInstanceOf(ExecutionException.class);
            assertSame(session.state(), state);
        }
    }

    @Test
    void anInputMayBeKeptAsItIs() {
        ValueType vector = new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"))));
        Graph graph = new Graph(
                "still",
                Map.of("x", vector),
                List.of("y", "same"),
                List.of(
                        Node.of("Identity", List.of("x"), List.of("same"), Map.of()),
                        Node.of("Add", List.of("x", "x"), List.of("y"), Map.of())),
                Map.of(),
                Map.of());
        Tensor x = vector(new Random(20260104));
        try (Session session = executor().prepare(graph, Settings.DEFAULT, Map.of("x", "same"))) {
            Map<String, Tensor> first = session.run(Map.of("x", x));
            for (int step = 0; step < STEPS; step++) {
                assertSame(session.run(Map.of()), first);
            }
            assertSame(session.state(), Map.of("x", x));
        }
    }

    @Test
    void anInputMayBeKeptForTheNextRun() {
        ValueType vector = new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"))));
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        List.of("x", "last").forEach(input -> inputs.put(input, vector));
        Graph graph = new Graph(
                "difference",
                inputs,
                List.of("change", "kept"),
                List.of(
                        Node.of("Identity", List.of("x"), List.of("kept"), Map.of()),
                        Node.of("Sub", List.of("x", "last"), List.of("change"), Map.of())),
                Map.of(),
                Map.of());
        try (Session session = executor().prepare(graph, Settings.DEFAULT, Map.of("last", "kept"))) {
            session.run(Map.of("x", Tensors.floats(List.of(2L), 0, 0), "last", Tensors.floats(List.of(2L), 0, 0)));
            for (int step = 1; step < STEPS; step++) {
                Tensor square = Tensors.floats(List.of(2L), step * step, 1);
                Tensor change = Tensors.floats(List.of(2L), 2 * step - 1, step == 1 ? 1 : 0);
                assertSame(session.run(Map.of("x", square)), Map.of("change", change));
                assertSame(session.state(), Map.of("last", square));
            }
        }
    }

    @Test
    void severalThreadsGiveTheSame() {
        Map<String, Tensor> first = start(new Random(20260105));
        try (Session one = executor().prepare(DESCENT, Settings.DEFAULT);
                Session four = executor().prepare(DESCENT, Settings.DEFAULT.withThreads(4))) {
            assertSame(four.run(first), one.run(first));
        }
    }

    @Test
    void anUnknownDeviceGetsASentence() {
        assertThatThrownBy(() -> executor().prepare(DESCENT, Settings.DEFAULT.on("abacus")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'abacus'")
                .hasMessageContaining(Settings.CPU)
                .message()
                .hasLineCount(1);
    }

    @Test
    void stateNamesWhatTheGraphHas() {
        for (Map<String, String> wrong :
                List.of(Map.of("nothing", "next_w"), Map.of("w", "nothing"), Map.of("w", "next_w", "v", "next_w"))) {
            assertThatThrownBy(() -> executor().prepare(DESCENT, Settings.DEFAULT, wrong))
                    .as(wrong.toString())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((name, tensor) -> {
            assertThat(actual.get(name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(Tensors.toBytes(actual.get(name))).as(name).isEqualTo(Tensors.toBytes(tensor));
        });
    }
}
