package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Operators with bodies. */
class BodyOpsetLiftTest extends OpsetLiftCases {

    @Override
    void define() {
        controlFlow();
    }

    private void controlFlow() {
        for (int opset = 7; opset <= 24; opset++) {
            boolean attribute = opset < 13;
            at(opset, "If", m -> {
                TestingProto then =
                        reduceSum(TestingProto.body(), attribute, "x", "t").output("t", DataType.FLOAT32);
                TestingProto otherwise = reduceSum(TestingProto.body().node("Neg", "x", "n"), attribute, "n", "t")
                        .output("t", DataType.FLOAT32);
                x(m, 2, 3)
                        .input("c", DataType.BOOL)
                        .node("If", "c", "y", graph("then_branch", then), graph("else_branch", otherwise));
            });
            at(opset, "Loop", m -> {
                TestingProto body = TestingProto.body()
                        .input("i", DataType.INT64)
                        .input("keep", DataType.BOOL)
                        .input("state", DataType.FLOAT32, 1, 1)
                        .node("Identity", "keep", "going");
                reduceSum(body, attribute, "x", "sum")
                        .node("Add", "sum state", "next")
                        .node("Identity", "next", "scan");
                body.output("going", DataType.BOOL)
                        .output("next", DataType.FLOAT32)
                        .output("scan", DataType.FLOAT32);
                weights(x(m, 2, 3), "start", 1, 1)
                        .constant("n", Tensors.longs(List.of(), 3))
                        .constant("true", Tensors.fromDoubles(DataType.BOOL, List.of(), 1))
                        .node("Loop", "n true start", "last y", graph("body", body));
            });
            if (opset >= 9) {
                at(opset, "Scan", m -> {
                    TestingProto body = TestingProto.body()
                            .input("state", DataType.FLOAT32, 1, 1)
                            .input("row", DataType.FLOAT32, 1, 3);
                    reduceSum(body, attribute, "row", "sum")
                            .node("Add", "sum state", "next")
                            .node("Identity", "next", "out");
                    body.output("next", DataType.FLOAT32).output("out", DataType.FLOAT32);
                    weights(x(m, 2, 1, 3), "start", 1, 1)
                            .node("Scan", "start x", "last y", integer("num_scan_inputs", 1), graph("body", body));
                });
            }
        }
    }

    private static TestingProto reduceSum(TestingProto proto, boolean attribute, String from, String to) {
        if (attribute) {
            return proto.node("ReduceSum", from, to, ints("axes", 0, 1));
        }
        return proto.node("Constant", "", from + "_axes", ints("value_ints", 0, 1))
                .node("ReduceSum", from + " " + from + "_axes", to);
    }
}
