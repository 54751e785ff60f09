package io.espalier.engine.run;

import io.espalier.engine.recover.FittedWeight;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.engine.recover.SequentialRefit;
import io.espalier.engine.recover.UncutWeights;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.UncutWeight;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What a compensator works with. Thread-safe.
 *
 * @param file the file that is pruned
 * @param fitted collects what becomes of weights that are fitted
 * @param notes collects sentences for people
 * @param held collects what is to be closed when the compensator is done
 * @param threads worker threads
 */
record EngineCompensationContext(
        Repair repair,
        Batches calibration,
        GraphExecutor executor,
        Graph original,
        Graph pruned,
        KeptPositions kept,
        Operators operators,
        RefittedFile file,
        List<FittedWeight> fitted,
        List<String> notes,
        List<UncutWeights> held,
        RunContext run,
        int threads)
        implements CompensationContext {

    @Override
    public Options options() {
        return repair.options();
    }

    @Override
    public void checkCancelled() {
        run.checkCancelled();
    }

    @Override
    public void progress(String what, long done, long total) {
        run.progress(what, done, total);
    }

    @Override
    public RandomGenerator random(String provider, String subject) {
        return run.random(provider, subject);
    }

    @Override
    public void note(String sentence) {
        notes.add("the compensator '" + repair.compensator().name() + "': " + sentence);
    }

    @Override
    public Function<String, Optional<UncutWeight>> uncut(RefitSettings settings) {
        UncutWeights weights =
                UncutWeights.of(original, pruned, kept, calibration, operators, executor, run, settings, threads);
        held.add(weights);
        return weights::of;
    }

    @Override
    public List<Edit> refit(WeightSolver solver, RefitSettings settings) {
        try (SequentialRefit refit = new SequentialRefit(
                original,
                pruned,
                kept,
                calibration,
                operators,
                executor,
                run,
                settings,
                repair.loss(),
                file,
                threads)) {
            List<Edit> edits = refit.edits(solver);
            fitted.addAll(refit.fitted());
            return edits;
        }
    }
}
