package io.espalier.engine.run;

import io.espalier.engine.run.PruningRequest.Repair;
import io.espalier.engine.surgery.GraphEdits;
import io.espalier.events.Events;
import io.espalier.events.v1.Repaired;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a compensator on the pruned graph and turns what it returns into edits. */
final class Repairs {

    private final Repair repair;
    private final GraphExecutor executor;
    private final Events events;
    private final RunContext context;

    Repairs(Repair repair, GraphExecutor executor, Events events, RunContext context) {
        this.repair = repair;
        this.executor = executor;
        this.events = events;
        this.context = context;
    }

    /** The edits that repair, to be applied after those of the cut; none when there is nothing to repair. */
    List<Edit> edits(Graph original, List<Edit> cut) {
        Graph pruned = GraphEdits.apply(original, cut);
        Map<String, Tensor> changed =
                repair.compensator().compensate(pruned, repair.calibration(), executor, repair.options(), context);
        Map<String, Tensor> constants = pruned.allConstants();
        List<Edit> edits = new ArrayList<>();
        changed.forEach((name, value) -> {
            require(name, value, constants.get(name));
            edits.add(new Edit.SetConstant(name, value));
        });
        events.emit(Repaired.newBuilder()
                .setCompensator(repair.compensator().name())
                .addAllOptions(DecisionMessages.settings(repair.options().asMap()))
                .setParametersChanged(changed.size())
                .setExamples(repair.calibration().size())
                .build());
        return edits;
    }

    private void require(String name, Tensor value, Tensor before) {
        if (before == null || before.type() != value.type() || !before.shape().equals(value.shape())) {
            throw new InvalidInputException(
                    "The compensator '" + repair.compensator().name() + "' returned '" + name
                            + "' as " + value.type() + value.shape() + ", which does not replace "
                            + (before == null ? "any constant" : "" + before.type() + before.shape())
                            + "; this is a defect of the plug-in that offers it.");
        }
    }
}
