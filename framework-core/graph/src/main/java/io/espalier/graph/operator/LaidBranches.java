package io.espalier.graph.operator;

import io.espalier.graph.shape.IntTensor;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.Optional;

/**
 * The branches of an {@code If} laid out beside each other, with a choice behind them; the branch alone that is taken where that is known.
 * Both are computed then, and one whose gradient is not finite where it is not taken spoils the other's. Names are unique over a graph and
 * its bodies, so nothing is renamed.
 */
final class LaidBranches {

    private LaidBranches() {}

    static void lay(Expansion e) {
        Node node = e.node();
        Graph yes = branch(node, "then_branch");
        Graph no = branch(node, "else_branch");
        Optional<Graph> taken = e.shapes()
                .content(e.input(0))
                .flatMap(IntTensor::known)
                .filter(condition -> condition.size() == 1 && condition.get(0).isConstant())
                .map(condition -> condition.get(0).is(0) ? no : yes);
        if (taken.isPresent()) {
            add(e, taken.get());
            for (int slot = 0; slot < node.outputs().size(); slot++) {
                e.put(slot, taken.get().outputs().get(slot));
            }
        } else {
            choose(e, yes, no);
        }
    }

    private static void choose(Expansion e, Graph yes, Graph no) {
        Node node = e.node();
        for (int slot = 0; slot < node.outputs().size(); slot++) {
            requireAlike(e, yes.outputs().get(slot), no.outputs().get(slot));
        }
        add(e, yes);
        add(e, no);
        String condition = e.rank(0) == 0 ? e.input(0) : e.reshape(e.input(0));
        for (int slot = 0; slot < node.outputs().size(); slot++) {
            e.put(
                    slot,
                    e.single(Nodes.where(
                            condition, yes.outputs().get(slot), no.outputs().get(slot), "")));
        }
    }

    private static Graph branch(Node node, String name) {
        if (node.attributes().get(name) instanceof Attribute.Body body
                && body.graph().outputs().size() == node.outputs().size()) {
            return body.graph();
        }
        throw new MisfitException("its branches do not return what it does");
    }

    private static void requireAlike(Expansion e, String first, String second) {
        if (!e.shapeOf(first).equals(e.shapeOf(second))) {
            throw new MisfitException("its branches return different shapes, and which is taken is not known");
        }
    }

    private static void add(Expansion e, Graph branch) {
        branch.nodes().forEach(e::add);
        e.constants().putAll(branch.constants());
    }
}
