package io.espalier.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {

    @Test
    void undeclaredInputExtentsAreNamedAfterInputAndAxis() {
        Shapes shapes = new TestingGraph()
                .input("image", "? 3 height ?")
                .node("Relu", "image -> y")
                .infer();

        assertThat(shapes.require("y")).hasToString("[image.0, 3, height, image.3]");
        assertThat(shapes.type("y")).contains(DataType.FLOAT32);
        assertThat(shapes.values()).containsExactly("image", "y");
    }

    @Test
    void shapesThatTheGraphComputesComeOutAsPolynomials() {
        Shapes shapes = new TestingGraph()
                .input("x", "batch time 384")
                .scalar("zero", 0)
                .scalar("one", 1)
                .vector("front", 0)
                .vector("heads", 12)
                .vector("open", -1)
                .node("Shape", "x -> s")
                .node("Gather", "s zero -> n", "axis", 0)
                .node("Gather", "s one -> t", "axis", 0)
                .node("Unsqueeze", "n front -> n1")
                .node("Unsqueeze", "t front -> t1")
                .node("Concat", "n1 t1 heads open -> target", "axis", 0)
                .node("Reshape", "x target -> split")
                .node("Transpose", "split -> q", "perm", new long[] {0, 2, 1, 3})
                .node("Transpose", "split -> k", "perm", new long[] {0, 2, 3, 1})
                .node("MatMul", "q k -> scores")
                .node("Mul", "n heads -> merged")
                .infer();

        assertThat(shapes.require("split")).hasToString("[batch, time, 12, 32]");
        assertThat(shapes.require("scores")).hasToString("[batch, 12, time, time]");
        assertThat(shapes.content("target").orElseThrow().elements())
                .hasToString("[Optional[batch], Optional[time], Optional[12], Optional[-1]]");
        assertThat(shapes.content("merged"))
                .contains(new IntTensor(
                        List.of(1L), List.of(Optional.of(Dim.symbol("batch").times(12)))));
        assertThat(shapes.problems()).isEmpty();
    }

    @Test
    void unknownOperatorsFallBackOnWhatIsDeclared() {
        Shapes shapes = new TestingGraph()
                .input("x", "batch 4")
                .declare("y", DataType.INT64, "batch ? 7")
                .node("acme.Mystery", "x -> y z")
                .node("Relu", "z -> after")
                .infer();

        assertThat(shapes.require("y")).hasToString("[batch, y.1, 7]");
        assertThat(shapes.type("y")).contains(DataType.INT64);
        assertThat(shapes.shape("z")).isEmpty();
        assertThat(shapes.shape("after")).isEmpty();
        assertThat(shapes.problems()).isEmpty();
        assertThatThrownBy(() -> shapes.require("z"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'z'");
    }

    @Test
    void inferredNumbersWinOverDeclaredOnesAndDeclaredNumbersOverInventedSymbols() {
        Shapes shapes = new TestingGraph()
                .input("x", "batch 4")
                .declare("y", DataType.FLOAT32, "2 9")
                .declare("places", DataType.INT64, "2 5")
                .node("Relu", "x -> y")
                .node("NonZero", "x -> places")
                .node("NonZero", "y -> more")
                .infer();

        assertThat(shapes.require("y")).hasToString("[batch, 4]");
        assertThat(shapes.require("places")).hasToString("[2, 5]");
        assertThat(shapes.require("more")).hasToString("[2, more.1]");
    }

    @Test
    void contradictionsAreToldAndLeaveTheOutputUnknown() {
        Shapes shapes = new TestingGraph()
                .input("x", "batch 4")
                .weight("w", 5, 3)
                .declare("y", DataType.FLOAT32, "batch 3")
                .node("MatMul", "x w -> y")
                .infer();

        assertThat(shapes.shape("y")).isEmpty();
        assertThat(shapes.problems())
                .singleElement()
                .asString()
                .contains("MatMul")
                .contains("'y'")
                .contains("4 and 5");
    }

    @Test
    void rulesFromOutsideTeachOperators() {
        ShapeRule rule = new ShapeRule(1, scope -> {
            List<Dim> shape = scope.shape(0);
            scope.put(0, List.of(shape.get(0), shape.get(1).times(2)));
        });
        TestingGraph graph = new TestingGraph().input("x", "batch 4").node("acme.Double", "x -> y");

        assertThat(ShapeInference.infer(graph.build(), node -> Optional.of(rule))
                        .require("y"))
                .hasToString("[batch, 8]");
    }

    @Test
    void knownConditionsTakeTheirBranch() {
        Shapes shapes = new TestingGraph()
                .input("x", "batch 4")
                .vector("one", 1)
                .node("Size", "x -> size")
                .node("Greater", "size one -> big")
                .node(
                        "If",
                        "big -> y",
                        "then_branch",
                        new TestingGraph().node("NonZero", "x -> inside").returns("inside"),
                        "else_branch",
                        new TestingGraph().node("Shape", "x -> outside").returns("outside"))
                .infer();

        assertThat(shapes.require("y")).hasToString("[2, inside.1]");
        assertThat(shapes.require("outside")).hasToString("[2]");
    }

    @Test
    void openConditionsKeepWhatBothBranchesAgreeOn() {
        Shapes shapes = new TestingGraph()
                .input("x", "batch 4")
                .input("choice", DataType.BOOL, "")
                .vector("axis", 0)
                .constant("twice", Tensors.vector(1, 2))
                .node(
                        "If",
                        "choice -> y",
                        "then_branch",
                        new TestingGraph().node("Tile", "x twice -> inside").returns("inside"),
                        "else_branch",
                        new TestingGraph().node("Relu", "x -> outside").returns("outside"))
                .infer();

        assertThat(shapes.require("y")).hasToString("[batch, y.1]");
    }

    @Test
    void loopsKeepTheExtentsTheirBodyKeeps() {
        TestingGraph body = new TestingGraph()
                .input("i", DataType.INT64, "")
                .input("go", DataType.BOOL, "")
                .input("state", (String) null)
                .input("grown", (String) null)
                .constant("yes", Tensors.fromDoubles(DataType.BOOL, List.of(), 1))
                .node("Identity", "yes -> again")
                .node("Tanh", "state -> next")
                .node("Concat", "grown state -> longer", "axis", 0)
                .returns("again", "next", "longer", "next");
        Shapes shapes = new TestingGraph()
                .input("x", "batch 4")
                .scalar("trips", 6)
                .node("Loop", "trips _ x x -> last long all", "body", body)
                .infer();

        assertThat(shapes.require("last")).hasToString("[batch, 4]");
        assertThat(shapes.require("long")).hasToString("[long.0, 4]");
        assertThat(shapes.require("all")).hasToString("[6, batch, 4]");
        assertThat(shapes.require("next")).hasToString("[batch, 4]");
    }

    @Test
    void scansTakeElementsOffAnAxis() {
        TestingGraph body = new TestingGraph()
                .input("state", (String) null)
                .input("element", (String) null)
                .node("Add", "state element -> next")
                .node("Relu", "next -> out")
                .returns("next", "out");
        Shapes shapes = new TestingGraph()
                .input("start", "batch 4")
                .input("x", "batch time 4")
                .node(
                        "Scan",
                        "start x -> last all",
                        "body",
                        body,
                        "num_scan_inputs",
                        1,
                        "scan_input_axes",
                        new long[] {1},
                        "scan_output_axes",
                        new long[] {-1})
                .infer();

        assertThat(shapes.require("last")).hasToString("[batch, 4]");
        assertThat(shapes.require("all")).hasToString("[batch, 4, time]");
        assertThat(shapes.require("element")).hasToString("[batch, 4]");
    }
}
