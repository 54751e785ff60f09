package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Matrix products. */
final class MatrixRules {

    private MatrixRules() {}

    static void register(RuleTable table) {
        table.add(2, scope -> multiply(scope, scope.shape(0), scope.shape(1), scope.type(0)), "MatMul");
        table.add(
                2,
                scope -> multiply(scope, scope.shape(0), scope.shape(1), Optional.of(DataType.INT32)),
                "MatMulInteger");
        table.add(
                2,
                MatrixRules::multiplyToFloat,
                "com.microsoft.MatMulIntegerToFloat",
                "com.microsoft.DynamicQuantizeMatMul");
        table.add(4, scope -> multiply(scope, scope.shape(0), scope.shape(3), scope.type(7)), "QLinearMatMul");
        table.add(2, MatrixRules::fusedMatMul, "com.microsoft.FusedMatMul", "com.microsoft.TransposeMatMul");
        table.add(2, scope -> gemm(scope, scope.shape(1, 2)), "Gemm", "com.microsoft.FusedGemm");
        table.add(4, scope -> gemm(scope, scope.shape(3, 2)), "com.microsoft.QGemm");
        table.add(1, MatrixRules::packedBits, "com.microsoft.MatMulNBits");
        table.add(RuleTable.ALL, EinsumRule::infer, "Einsum");
        table.add(1, MatrixRules::determinant, "Det");
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
