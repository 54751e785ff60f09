package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Lifts a native model into the neutral graph and remembers where everything came from. Not thread-safe. */
public final class GraphLifter {

    private static final int OLDEST_OPSET = 1;

    private GraphLifter() {}

    /**
     * Lifts an open model. Where a rule needs a type that the file does not declare, the model is lifted as far as it goes,
     * the type is inferred from the result, and the model is lifted again.
     *
     * @throws InvalidInputException when the model is broken or uses something that cannot be lifted
     */
    public static LiftedProto lift(ModelSource source, AdapterContext context) {
        NodeBudget budget = NodeBudget.of(source.image().proto(), context.budget());
        ModelProto inlined = FunctionInliner.inline(source.image().proto(), budget);
        int opset = opset(source, inlined);
        new NodeCheck(source.file(), opset).check(inlined.getGraph());
        ModelProto model = CollectedSequences.writeOut(
                FixedControlFlow.writeOut(inlined, source, context.options().integer("unroll"), budget));
        Map<String, ValueType> inferred = new HashMap<>();
        while (true) {
            context.checkCancelled();
            KnownTypes types = new KnownTypes(inferred);
            LiftState state = new LiftState(source, model.getGraph(), opset, types);
            Graph graph = new BodyLifter(state, model.getGraph(), GraphPath.MAIN, new Scope(null)).lift();
            Map<String, ValueType> news = types.unanswered().isEmpty()
                    ? Map.of()
                    : news(types, context.types().typesOf(graph));
            if (news.isEmpty()) {
                return state.lifted(graph, model);
            }
            inferred.putAll(news);
        }
    }

    private static Map<String, ValueType> news(KnownTypes types, Map<String, ValueType> found) {
        Map<String, ValueType> news = new HashMap<>(found);
        news.keySet().retainAll(types.unanswered());
        news.entrySet().removeIf(entry -> !types.isNews(entry.getKey(), entry.getValue()));
        return news;
    }

    private static int opset(ModelSource source, ModelProto model) {
        Optional<Long> version = model.getOpsetImportList().stream()
                .filter(entry -> Domains.isStandard(entry.getDomain()))
                .map(OperatorSetIdProto::getVersion)
                .findFirst();
        boolean needed = model.getGraph().getNodeList().stream().anyMatch(node -> Domains.isStandard(node.getDomain()));
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
}
