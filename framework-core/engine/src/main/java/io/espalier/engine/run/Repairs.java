package io.espalier.engine.run;

import io.espalier.engine.guard.CompensatorGuard;
import io.espalier.engine.recover.FittedWeight;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.engine.recover.UncutWeights;
import io.espalier.events.Events;
import io.espalier.events.v1.Repaired;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs a compensator on the pruned graph. */
final class Repairs {

    private final Repair repair;
    private final Batches calibration;
    private final GraphExecutor executor;
    private final Operators operators;
    private final Events events;
    private final RunContext context;
    private final int threads;
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final List<FittedWeight> fitted = Collections.synchronizedList(new ArrayList<>());

    Repairs(
            Repair repair,
            Batches calibration,
            GraphExecutor executor,
            Operators operators,
            Events events,
            RunContext context,
            int threads) {
        this.repair = repair;
        this.calibration = calibration;
        this.executor = executor;
        this.operators = operators;
        this.events = events;
        this.context = context;
        this.threads = threads;
    }

    /** What became of weights that were fitted. */
    List<FittedWeight> fitted() {
        return List.copyOf(fitted);
    }

    /** What the compensator said. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** The edits that repair, to be applied after those of the cut; none when there is nothing to repair. */
    List<Edit> edits(Graph original, Graph pruned, KeptPositions kept, RefittedFile file) {
        List<UncutWeights> held = Collections.synchronizedList(new ArrayList<>());
        List<Edit> edits;
        try {
            edits = List.copyOf(new CompensatorGuard(repair.compensator())
                    .compensate(context(original, pruned, kept, file, held), pruned));
        } finally {
            held.forEach(UncutWeights::close);
        }
        if (edits.isEmpty()) {
            return edits;
        }
        events.emit(Repaired.newBuilder()
                .setCompensator(repair.compensator().name())
                .addAllOptions(DecisionMessages.settings(repair.options().asMap()))
                .setParametersChanged(constants(edits))
                .setExamples(calibration.examples())
                .build());
        return edits;
    }

    private EngineCompensationContext context(
            Graph original, Graph pruned, KeptPositions kept, RefittedFile file, List<UncutWeights> held) {
        return new EngineCompensationContext(
                repair,
                calibration,
                executor,
                original,
                pruned,
                kept,
                operators,
                file,
                fitted,
                notes,
                held,
                context,
                threads);
    }

    /** How many constants edits give values. */
    static int constants(List<Edit> edits) {
        return edits.stream()
                .mapToInt(edit -> edit instanceof Edit.AddNode add
                        ? add.constants().size()
                        : edit instanceof Edit.RemoveNode ? 0 : 1)
                .sum();
    }
}
