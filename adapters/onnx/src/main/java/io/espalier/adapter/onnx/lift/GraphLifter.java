package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.adapter.support.LiftedModel;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lifts a native model into the neutral graph and remembers where everything came from. Not thread-safe. */
public final class GraphLifter {

    private static final int OLDEST_OPSET = 7;

    final ModelSource source;
    final int opset;
    final Names names;
    final FactRules rules = new FactRules(this::fact, this::constant);

    private final Map<String, Fact> facts = new HashMap<>();
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, ConstantBinding> constantBindings = new HashMap<>();
    private final Map<String, NodeBinding> nodeBindings = new HashMap<>();

    private GraphLifter(ModelSource source, GraphProto graph, int opset) {
        this.source = source;
        this.opset = opset;
        this.names = new Names(graph);
    }

    /**
     * Lifts an open model.
     *
     * @throws InvalidInputException when the model is broken or uses something that cannot be lifted
     */
    public static LiftedProto lift(ModelSource source) {
        ModelProto model = CollectedSequences.writeOut(
                FixedControlFlow.writeOut(FunctionInliner.inline(source.image().proto()), source));
        GraphLifter lifter = new GraphLifter(source, model.getGraph(), opset(source, model));
        Graph graph = new BodyLifter(lifter, model.getGraph(), GraphPath.MAIN, new Scope(null)).lift(List.of());
        return new LiftedProto(new LiftedModel<>(graph, lifter.constantBindings, lifter.nodeBindings), model);
    }

    private static int opset(ModelSource source, ModelProto model) {
        Optional<Long> version = model.getOpsetImportList().stream()
                .filter(entry -> isStandard(entry.getDomain()))
                .map(OperatorSetIdProto::getVersion)
                .findFirst();
        boolean needed = model.getGraph().getNodeList().stream().anyMatch(node -> isStandard(node.getDomain()));
        if (version.isEmpty() && !needed) {
            return Graph.OPSET;
        }
        long opset = version.orElseThrow(() -> new InvalidInputException(
                source.file() + " does not say which opset of ONNX its operators come from; export it again"));
        if (opset < OLDEST_OPSET || opset > Graph.OPSET) {
            throw new InvalidInputException(source.file() + " uses opset " + opset + " of ONNX; Espalier reads opsets "
                    + OLDEST_OPSET + " to " + Graph.OPSET + ": export it again with one of these");
        }
        return (int) opset;
    }

    static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    Fact fact(String value) {
        return facts.getOrDefault(value, Fact.UNKNOWN);
    }

    /** Adds to what is known about a value; what was known before stays. */
    void learn(String value, Fact fact) {
        facts.merge(value, fact, Fact::or);
    }

    /** Takes back what was known about a value. */
    void forget(String value) {
        facts.remove(value);
    }

    Optional<Tensor> constant(String value) {
        return Optional.ofNullable(tensors.get(value));
    }

    void addConstant(String name, Tensor tensor, ConstantBinding binding) {
        tensors.put(name, tensor);
        constantBindings.put(name, binding);
        learn(name, Fact.of(tensor));
    }

    void addNode(String id, NodeBinding binding) {
        nodeBindings.put(id, binding);
    }

    InvalidInputException broken(String what) {
        return new InvalidInputException(source.file() + ": " + what);
    }
}
