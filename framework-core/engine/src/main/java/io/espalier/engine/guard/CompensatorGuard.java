package io.espalier.engine.guard;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls a compensator. Thread-safe. */
public final class CompensatorGuard {

    private static final String RULE = "its edits give constants of the pruned graph new values of unchanged type and"
            + " shape, give nodes inputs of their own, or add and remove nodes";

    private final WeightCompensator compensator;
    private final ProviderGuard guard;

    public CompensatorGuard(WeightCompensator compensator) {
        this.compensator = compensator;
        this.guard = new ProviderGuard(compensator);
    }

    /**
     * The edits of a compensator.
     *
     * @param pruned the pruned graph, to which they apply
     */
    public List<Edit> compensate(CompensationContext context, Graph pruned) {
        List<Edit> edits = guard.call("compensate", () -> compensator.compensate(context));
        Map<String, Tensor> constants = pruned.allConstants();
        edits.forEach(edit -> check(edit, constants));
        if (!edits.stream().allMatch(edit -> edit instanceof Edit.SetConstant)) {
            checkWhole(edits, pruned);
        }
        return edits;
    }

    /** The loss that the compensator needs, if it needs one. */
    public Optional<NamedLoss> loss(Options options) {
        return guard.call("loss", () -> compensator.loss(options));
    }

    private void check(Edit edit, Map<String, Tensor> constants) {
        boolean grows =
                edit instanceof Edit.SetInput || edit instanceof Edit.AddNode || edit instanceof Edit.RemoveNode;
        guard.require(grows || edit instanceof Edit.SetConstant, "it returned the edit " + edit, RULE);
        if (edit instanceof Edit.SetConstant set) {
            Tensor before = constants.get(set.constant());
            guard.require(before != null, "it set '" + set.constant() + "', which is no constant of the graph", RULE);
            Tensor after = set.value();
            guard.require(
                    after.type() == before.type() && after.shape().equals(before.shape()),
                    "it set '" + set.constant() + "', which is " + before.type() + before.shape() + ", to "
                            + after.type() + after.shape(),
                    RULE);
        }
    }

    /** Nodes that are added and removed leave a graph with all values that the others read. */
    private void checkWhole(List<Edit> edits, Graph pruned) {
        try {
            GraphEdits.apply(pruned, edits);
        } catch (IllegalArgumentException | IllegalStateException e) {
            guard.require(false, "its edits do not fit the graph: " + e.getMessage(), RULE);
        }
    }
}
