package io.espalier.adapter.tflite.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.lite.schema.CallOnceOptionsT;
import org.tensorflow.lite.schema.CallOptionsT;
import org.tensorflow.lite.schema.IfOptionsT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.WhileOptionsT;

/** Whether operators that run other graphs name graphs that take and give what they do, and none that runs itself. */
final class CallCheck {

    private final NativeModel model;
    private final Set<Integer> finished = new HashSet<>();

    CallCheck(NativeModel model) {
        this.model = model;
    }

    /** A graph that an operator runs, with the numbers of its inputs and outputs. */
    private record Call(int graph, int inputs, int outputs) {}

    /** What is wrong, in words. */
    Optional<String> problem() {
        for (int graph = 0; graph < model.subgraphs().size(); graph++) {
            Optional<String> problem = problem(graph, Set.of());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> problem(int index, Set<Integer> within) {
        if (within.contains(index)) {
            return Optional.of("graph " + index + " runs itself");
        }
        if (!finished.add(index)) {
            return Optional.empty();
        }
        Set<Integer> path = new HashSet<>(within);
        path.add(index);
        for (OperatorT operator : model.subgraphs().get(index).getOperators()) {
            for (Call call : calls(operator)) {
                Optional<String> problem = problem(call).or(() -> problem(call.graph(), path));
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> problem(Call call) {
        if (call.graph() < 0 || call.graph() >= model.subgraphs().size()) {
            return Optional.of("an operator runs graph " + call.graph() + " of "
                    + model.subgraphs().size());
        }
        SubGraphT graph = model.subgraphs().get(call.graph());
        return graph.getInputs().length == call.inputs() && graph.getOutputs().length == call.outputs()
                ? Optional.empty()
                : Optional.of("an operator runs graph " + call.graph() + " with other inputs or outputs than it has");
    }

    private static List<Call> calls(OperatorT operator) {
        Object options = operator.getBuiltinOptions() == null
                ? null
                : operator.getBuiltinOptions().getValue();
        int inputs = operator.getInputs().length;
        int outputs = operator.getOutputs().length;
        List<Call> calls = new ArrayList<>();
        if (options instanceof WhileOptionsT loop) {
            calls.add(new Call(loop.getCondSubgraphIndex(), inputs, 1));
            calls.add(new Call(loop.getBodySubgraphIndex(), inputs, outputs));
        } else if (options instanceof IfOptionsT choice) {
            calls.add(new Call(choice.getThenSubgraphIndex(), inputs - 1, outputs));
            calls.add(new Call(choice.getElseSubgraphIndex(), inputs - 1, outputs));
        } else if (options instanceof CallOptionsT call) {
            calls.add(new Call((int) call.getSubgraph(), inputs, outputs));
        } else if (options instanceof CallOnceOptionsT once) {
            calls.add(new Call(once.getInitSubgraphIndex(), 0, 0));
        }
        return calls;
    }
}
