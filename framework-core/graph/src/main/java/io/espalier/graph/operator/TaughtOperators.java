package io.espalier.graph.operator;

import io.espalier.graph.shape.NodeScope;
import io.espalier.spi.operator.OperatorSemantics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Definitions of the operators that plug-ins teach. */
final class TaughtOperators {

    private final OperatorSemantics semantics;

    private TaughtOperators(OperatorSemantics semantics) {
        this.semantics = semantics;
    }

    static List<OperatorDefinition> definitions(OperatorSemantics semantics) {
        TaughtOperators taught = new TaughtOperators(semantics);
        List<OperatorDefinition> definitions = new ArrayList<>();
        for (String operator : semantics.operators()) {
            OperatorDefinition.define(operator)
                    .notation(taught::notation)
                    .shape(0, taught::infer)
                    .build()
                    .forEach(definitions::add);
        }
        return definitions;
    }

    private Optional<String> notation(NodeView view) {
        return semantics.indexLine(view.node(), view.ranks());
    }

    private void infer(NodeScope scope) {
        NodeView view = new NodeView(scope.node(), scope.values());
        notation(view)
                .map(text -> IndexNotation.parse(text, view))
                .ifPresent(line -> NotationShapes.infer(scope, line));
    }
}
