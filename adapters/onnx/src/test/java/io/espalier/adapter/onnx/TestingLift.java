package io.espalier.adapter.onnx;

import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Lifts models of tests, and runs them as the file and as the neutral graph. */
final class TestingLift {

    private TestingLift() {}

    static Graph lift(Path folder, TestingProto proto) {
        try (Model model = new OnnxAdapter().open(proto.save(folder.resolve("model.onnx")))) {
            return model.graph();
        }
    }

    /** Lifts a model for which the host infers some types. */
    static Graph lift(Path folder, TestingProto proto, Map<String, ValueType> types) {
        OnnxAdapter adapter = new OnnxAdapter();
        AdapterContext context = AdapterContext.of(adapter, graph -> types);
        try (Model model = adapter.open(proto.save(folder.resolve("model.onnx")), context)) {
            return model.graph();
        }
    }

    static ValueType type(DataType type, long... extents) {
        return new ValueType(
                type,
                Optional.of(LongStream.of(extents)
                        .<Dimension>mapToObj(Dimension.Fixed::new)
                        .toList()));
    }

    static Map<String, Tensor> runNative(Path folder, TestingProto proto, Map<String, Tensor> inputs) {
        try (Model model = new OnnxAdapter().open(proto.save(folder.resolve("model.onnx")));
                Runner runner = model.runner()) {
            return runner.run(inputs);
        }
    }

    static Map<String, Tensor> runLifted(Graph graph, Map<String, Tensor> inputs) {
        try (Runner runner = new OnnxExecutor().prepare(graph, GraphExecutor.Settings.DEFAULT)) {
            return runner.run(inputs);
        }
    }
}
