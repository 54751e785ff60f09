package io.espalier.engine.guard;

import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Calls a compensator. Thread-safe. */
public final class CompensatorGuard {

    private final WeightCompensator compensator;
    private final ProviderGuard guard;

    public CompensatorGuard(WeightCompensator compensator) {
        this.compensator = compensator;
        this.guard = new ProviderGuard(compensator);
    }

    /**
     * New values of constants, in the form that they have.
     *
     * @param constants all constants of the pruned graph
     */
    public List<Edit.SetConstant> compensate(CompensationContext context, Map<String, Tensor> constants) {
        List<Edit> edits = guard.call("compensate", () -> compensator.compensate(context));
        return edits.stream().map(edit -> checked(edit, constants)).toList();
    }

    private Edit.SetConstant checked(Edit edit, Map<String, Tensor> constants) {
        String rule = "its edits give constants of the pruned graph new values of unchanged type and shape";
        guard.require(edit instanceof Edit.SetConstant, "it returned " + words(edit), rule);
        Edit.SetConstant set = (Edit.SetConstant) edit;
        Tensor before = constants.get(set.constant());
        guard.require(before != null, "it set '" + set.constant() + "', which is no constant of the graph", rule);
        Tensor after = set.value();
        guard.require(
                after.type() == before.type() && after.shape().equals(before.shape()),
                "it set '" + set.constant() + "', which is " + before.type() + before.shape() + ", to " + after.type()
                        + after.shape(),
                rule);
        return set;
    }

    private static String words(Edit edit) {
        if (edit instanceof Edit.AddNode add) {
            return "an edit that adds the node " + Quoted.name(add.node().id());
        }
        if (edit instanceof Edit.RemoveNode remove) {
            return "an edit that removes the node " + Quoted.name(remove.node());
        }
        return "the edit " + edit;
    }
}
