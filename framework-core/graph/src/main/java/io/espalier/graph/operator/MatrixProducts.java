package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.BIAS;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;
import static io.espalier.spi.operator.SlotRole.QUANTISATION_SCALE;
import static io.espalier.spi.operator.SlotRole.WEIGHT;
import static io.espalier.spi.operator.SlotRole.ZERO_POINT;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Products of matrices, and what else works on matrices. */
public final class MatrixProducts {

    private MatrixProducts() {}

    static List<Builder> definitions() {
        return List.of(
                define(Nodes.PRODUCT)
                        .notation(MatrixProducts::matMul)
                        .shape(2, scope -> multiply(scope, scope.shape(0), scope.shape(1), scope.type(0)))
                        .contracts()
                        .roles(DATA, WEIGHT)
                        .gradient(MatrixGradients::multiply),
                define("com.microsoft.FusedMatMul")
                        .notation(MatrixProducts::fusedMatMul)
                        .shape(2, MatrixProducts::fusedMatMul)
                        .macs((node, extents) -> macs(node, "transA", extents))
                        .roles(DATA, WEIGHT)
                        .decomposes(MatrixGradients::fusedMatMul),
                define("com.microsoft.TransposeMatMul")
                        .shape(2, MatrixProducts::fusedMatMul)
                        .macs((node, extents) -> macs(node, "transA", extents))
                        .roles(DATA, WEIGHT)
                        .decomposes(MatrixGradients::fusedMatMul),
                product(Nodes.GENERAL_PRODUCT).gradient(MatrixGradients::gemm),
                product("com.microsoft.FusedGemm").decomposes(MatrixGradients::fusedGemm),
                define("MatMulInteger")
                        .decomposes(QuantisationParts::multiply)
                        .shape(2, scope -> multiply(scope, scope.shape(0), scope.shape(1), Optional.of(DataType.INT32)))
                        .macs((node, extents) -> macs(node, "", extents))
                        .roles(DATA, WEIGHT, ZERO_POINT, ZERO_POINT),
                define("QLinearMatMul")
                        .shape(4, scope -> multiply(scope, scope.shape(0), scope.shape(3), scope.type(7)))
                        .macs((node, extents) -> macs(node, "", extents))
                        .roles(
                                DATA,
                                QUANTISATION_SCALE,
                                ZERO_POINT,
                                WEIGHT,
                                QUANTISATION_SCALE,
                                ZERO_POINT,
                                QUANTISATION_SCALE,
                                ZERO_POINT),
                define("com.microsoft.QGemm")
                        .shape(4, scope -> gemm(scope, scope.shape(3, 2)))
                        .macs((node, extents) -> macs(node, "transA", extents))
                        .roles(
                                DATA,
                                QUANTISATION_SCALE,
                                ZERO_POINT,
                                WEIGHT,
                                QUANTISATION_SCALE,
                                ZERO_POINT,
                                BIAS,
                                QUANTISATION_SCALE,
                                ZERO_POINT),
                define("com.microsoft.MatMulIntegerToFloat")
                        .shape(2, MatrixProducts::multiplyToFloat)
                        .macs((node, extents) -> macs(node, "", extents))
                        .roles(DATA, WEIGHT, QUANTISATION_SCALE, QUANTISATION_SCALE, ZERO_POINT, ZERO_POINT, BIAS),
                define("com.microsoft.DynamicQuantizeMatMul")
                        .shape(2, MatrixProducts::multiplyToFloat)
                        .macs((node, extents) -> macs(node, "", extents))
                        .roles(DATA, WEIGHT, QUANTISATION_SCALE, ZERO_POINT, BIAS),
                define("com.microsoft.MatMulNBits")
                        .notation(MatrixProducts::packedBits)
                        .shape(1, MatrixProducts::packedBits)
                        .macs((node, extents) -> macs(node, "", extents))
                        // One scale and zero point a block: they count as the weights that they are stored for.
                        .roles(DATA, WEIGHT, WEIGHT, WEIGHT, INDICES, BIAS),
                define("Det").notation("x[... #m #n] -> y[...]").shape(1, MatrixProducts::determinant),
                define("Trilu")
                        .notation("x[... #m #n] _ -> y[... m n]")
                        .sameShape()
                        .gradient(MatrixGradients::triangle),
                define("com.microsoft.Trilu").sameShape());
    }

    private static Builder product(String operator) {
        return define(operator)
                .notation(MatrixProducts::gemm)
                .shape(2, scope -> gemm(scope, scope.shape(1, 2)))
                .contracts()
                .roles(DATA, WEIGHT, BIAS);
    }

    /** Every output element sums over the last axis of the left matrix, or over the last but one. */
    private static Optional<Long> macs(Node node, String transposeAttribute, Extents extents) {
        int axis = node.intAttribute(transposeAttribute, 0) == 0 ? -1 : -2;
        return Extents.product(extents.size(node.id()), node.input(0).flatMap(left -> extents.extent(left, axis)));
    }

    private static Optional<String> gemm(NodeView view) {
        String a = view.node().intAttribute("transA", 0) != 0 ? "a[k m]" : "a[m k]";
        String b = view.node().intAttribute("transB", 0) != 0 ? "b[n k]" : "b[k n]";
        String c = switch (view.rank(2)) {
            case 2 -> "c[m n]";
            case 1 -> "c[n]";
            default -> "_";
        };
        return Optional.of(a + " " + b + " " + c + " -> y[m n]");
    }

    private static Optional<String> matMul(NodeView view) {
        boolean vectorLeft = view.rank(0) == 1;
        boolean vectorRight = view.rank(1) == 1;
        String batch = vectorLeft && vectorRight ? "" : "... ";
        String left = vectorLeft ? "a[k]" : "a[... m k]";
        String right = vectorRight ? "b[k]" : "b[... k n]";
        String rows = vectorLeft ? "" : "m ";
        String columns = vectorRight ? "" : "n";
        return Optional.of(left + " " + right + " -> y[" + batch + rows + columns + "]");
    }

    private static Optional<String> fusedMatMul(NodeView view) {
        return view.rank(0) > 1 && view.rank(1) > 1
                ? Optional.of(oriented(view, "A", "m", "k") + " " + oriented(view, "B", "k", "n") + " -> y[... m n]")
                : Optional.empty();
    }

    /** A matrix as it is before the transpositions of the fused operator: of its last axes, and of its first. */
    private static String oriented(NodeView view, String name, String rows, String columns) {
        boolean turned = view.node().intAttribute("trans" + name, 0) != 0;
        boolean batchTurned = view.node().intAttribute("transBatch" + name, 0) != 0;
        String first = turned ? columns : rows;
        String last = turned ? rows : columns;
        return "x[" + (batchTurned ? first + " ... " : "... " + first + " ") + last + "]";
    }

    /**
     * Weights of few bits, packed in blocks along the index that is summed: a block goes as a whole, with its scales.
     * Where zero points are packed across blocks, or the last block is not full, all blocks stay.
     */
    private static Optional<String> packedBits(NodeView view) {
        long block = view.node().intAttribute("block_size", 0);
        boolean whole = block > 0 && view.node().intAttribute("K", 0) % block == 0;
        boolean crossing = view.node().input(3).isPresent()
                && view.node().intAttribute("bits", 4) != Byte.SIZE
                && !view.shapes()
                        .type(view.node().inputs().get(3))
                        .map(DataType::isFloating)
                        .orElse(false);
        if (view.node().input(4).isPresent() || block <= 0) {
            return Optional.empty();
        }
        String k = whole && !crossing ? "(k #p)" : "#k";
        String blocks = whole && !crossing ? "k" : "#q";
        String zeros = crossing ? "#r" : blocks;
        return Optional.of("a[... " + k + "] b[n " + blocks + " #c] " + rows("s", blocks, view.rank(2))
                + " " + rows("z", zeros, view.rank(3)) + " _ d[n] -> y[... n] | n=@N, p=" + block
                + (whole && !crossing ? ", (k p)=@K" : ""));
    }

    private static String rows(String name, String columns, int rank) {
        return name + (rank == 1 ? "[(n " + columns + ")]" : "[n " + columns + "]");
    }

    private static void multiply(NodeScope scope, List<Dim> left, List<Dim> right, Optional<DataType> type) {
        if (left.isEmpty() || right.isEmpty()) {
            throw scope.conflict("a scalar cannot be a matrix");
        }
        List<Dim> a = left.size() == 1 ? List.of(Dim.ONE, left.get(0)) : left;
        List<Dim> b = right.size() == 1 ? List.of(right.get(0), Dim.ONE) : right;
        Broadcast.same(scope, a.get(a.size() - 1), b.get(b.size() - 2), "the inner extents");
        List<Dim> output =
                new ArrayList<>(Broadcast.of(scope, List.of(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2))));
        if (left.size() > 1) {
            output.add(a.get(a.size() - 2));
        }
        if (right.size() > 1) {
            output.add(b.get(b.size() - 1));
        }
        scope.put(0, type, output);
    }

    private static void multiplyToFloat(NodeScope scope) {
        multiply(scope, scope.shape(0), scope.shape(1), Optional.of(DataType.FLOAT32));
    }

    private static void fusedMatMul(NodeScope scope) {
        List<Dim> left = oriented(scope, 0, "A");
        List<Dim> right = oriented(scope, 1, "B");
        multiply(scope, left, right, scope.type(0));
    }

    /** The shape of an operand after the transpositions that the fused operator does itself. */
    private static List<Dim> oriented(NodeScope scope, int slot, String name) {
        List<Dim> shape = new ArrayList<>(scope.shape(slot));
        int rank = shape.size();
        if (scope.node().intAttribute("transBatch" + name, 0) == 1 && rank > 2) {
            shape.add(rank - 2, shape.remove(0));
        }
        if (scope.node().intAttribute("trans" + name, 0) == 1 && rank > 1) {
            shape.add(rank - 2, shape.remove(rank - 1));
        }
        return shape;
    }

    private static void gemm(NodeScope scope, List<Dim> right) {
        List<Dim> left = scope.shape(0, 2);
        int transA = scope.node().intAttribute("transA", 0) == 0 ? 0 : 1;
        int transB = scope.node().intAttribute("transB", 0) == 0 ? 0 : 1;
        Broadcast.same(scope, left.get(1 - transA), right.get(transB), "the inner extents");
        scope.put(0, List.of(left.get(transA), right.get(1 - transB)));
    }

    private static void packedBits(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        if (input.isEmpty()) {
            throw scope.conflict("a scalar cannot be a matrix");
        }
        long inner = scope.node().intAttribute("K", -1);
        Broadcast.same(scope, input.get(input.size() - 1), Dim.of(inner), "the inner extents");
        List<Dim> output = new ArrayList<>(input);
        output.set(input.size() - 1, Dim.of(scope.node().intAttribute("N", 0)));
        scope.put(0, output);
    }

    private static void determinant(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        if (input.size() < 2) {
            throw scope.conflict("the input " + input + " is no matrix");
        }
        scope.put(0, input.subList(0, input.size() - 2));
    }
}
