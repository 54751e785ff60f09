package io.espalier.engine.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that are given to inputs: what they tell of the graph, and which are refused. */
final class GivenInputsTest {

    private static final Operators OPERATORS = Operators.standard();

    private static Graph network() {
        GraphBuilder graph = new GraphBuilder("given", 1);
        String image = graph.input("image", "batch", 3, 8, 8);
        String state = graph.input("state", "batch", 6, "height");
        String steps = graph.input("steps", DataType.INT64, 2);
        graph.input("flag", DataType.BOOL);
        String y = graph.conv("conv", image, 6, Window.same(3));
        graph.output(y, graph.relu(state), graph.node("Cast", List.of(steps), "to", 1L));
        return graph.build();
    }

    private static Tensor number(double value) {
        return Tensors.fromDoubles(DataType.FLOAT64, List.of(), value);
    }

    private static Tensor state(long batch, long channels, long height) {
        return Tensors.floats(List.of(batch, channels, height), new float[(int) (batch * channels * height)]);
    }

    @Test
    void extentsOfTheValueHoldEverywhere() {
        Graph graph = new GivenInputs(Map.of("state", state(2, 6, 5))).in(network());
        Shapes shapes = OPERATORS.infer(graph);
        assertThat(shapes.require("state")).containsExactly(Dim.of(2), Dim.of(6), Dim.of(5));
        assertThat(shapes.require("image").get(0)).isEqualTo(Dim.of(2));
        assertThat(graph.inputs()).containsOnlyKeys("image", "state", "steps", "flag");
        assertThat(graph.constants()).isEqualTo(network().constants());
    }

    @Test
    void aNumberFillsTheInputInItsType() {
        Graph graph = new GivenInputs(Map.of("steps", number(4), "flag", number(1))).in(network());
        assertThat(graph.given().get("steps").type()).isEqualTo(DataType.INT64);
        assertThat(Tensors.toLongs(graph.given().get("steps"))).containsExactly(4, 4);
        assertThat(graph.given().get("flag").type()).isEqualTo(DataType.BOOL);
        assertThat(OPERATORS.infer(graph).content("steps").orElseThrow().constants())
                .contains(List.of(4L, 4L));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("nothing", number(1), "no input 'nothing'; its inputs are 'image', 'state'"),
                Arguments.of("state", number(1), "[batch, 6, height], so that one number does not give all of it"),
                Arguments.of("state", state(2, 5, 5), "but its value has the shape [2, 5, 5]"),
                Arguments.of("state", Tensors.vector(1, 2), "but its value has the shape [2]"),
                Arguments.of("state", state(0, 6, 5), "give between 1 and 65536 elements"),
                Arguments.of("state", state(1, 6, 20_000), "give between 1 and 65536 elements"),
                Arguments.of("steps", number(0.5), "0.5 does not fit its type INT64"),
                Arguments.of("steps", number(1e300), "does not fit its type INT64"),
                Arguments.of("steps", number(Double.NaN), "NaN is no finite number"),
                Arguments.of(
                        "steps",
                        Tensors.fromDoubles(DataType.FLOAT64, List.of(2L), 1, Double.NEGATIVE_INFINITY),
                        "-Infinity at position 1 is no finite number"),
                Arguments.of("flag", number(2), "2.0 does not fit its type BOOL"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aValueThatTheInputCannotHaveIsRefused(String input, Tensor value, String sentence) {
        assertThatThrownBy(() -> new GivenInputs(Map.of(input, value)).in(network()))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void valuesThatContradictEachOtherAreRefused() {
        Tensor image = Tensors.floats(List.of(3L, 3L, 8L, 8L), new float[3 * 3 * 64]);
        assertThatThrownBy(() -> new GivenInputs(Map.of("state", state(2, 6, 5), "image", image)).in(network()))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("makes 'batch' 2, but another axis makes it 3");
    }

    /** The input would have no effect any more if a constant took its place. */
    @Test
    void extentsThatFollowFromAValueAreNotReplacedByConstants() {
        GraphBuilder builder = new GraphBuilder("target", 5);
        String x = builder.conv("conv1", builder.input("image", 1, 2, 6, 6), 6, Window.same(3));
        String target = builder.input("target", DataType.INT64, 4);
        String y = builder.follow(builder.node("Reshape", List.of(x, target)), 1, 6, 4, 9);
        builder.output(builder.conv("conv2", y, 3, Window.same(1)));
        Graph open = builder.build();
        Graph graph = new GivenInputs(Map.of("target", Tensors.vector(1, 6, 4, 9))).in(open);
        Shapes shapes = OPERATORS.infer(graph);
        assertThat(shapes.require(y)).containsExactly(Dim.of(1), Dim.of(6), Dim.of(4), Dim.of(9));
        Coupling coupling = CouplingAnalysis.analyse(graph, shapes, OPERATORS);
        Group channels = Groups.of(coupling, each -> each).get(0);
        Removal removal = Removal.of(List.of(channels.channels().get(0)));
        assertThatThrownBy(() -> Surgery.prune(graph, shapes, coupling, removal))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("reads from 'target' change, and they cannot be rewritten");
    }
}
