package io.espalier.api;

import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRequest.Costs;
import io.espalier.engine.run.PruningRequest.Data;
import io.espalier.engine.run.PruningRun;
import io.espalier.spi.Stability;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Asks what would be removed from a model; the model is not touched. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class PlanRequest extends RunRequest<PlanRequest> {

    PlanRequest(Extensions extensions, Path model, RunSettings settings) {
        super(extensions, model, settings);
    }

    @Override
    PlanRequest with(RunSettings changed) {
        return new PlanRequest(extensions, model, changed);
    }

    /**
     * Makes the plan.
     *
     * @throws EspalierException as {@link Espalier} says
     */
    public PlanResult make() {
        return make(Optional.empty());
    }

    /**
     * Makes the plan and writes it to a file; one that exists is replaced.
     *
     * @throws EspalierException as {@link Espalier} says
     */
    public PlanResult to(Path file) {
        OutputRules.checkPlan(model, file);
        return make(Optional.of(file));
    }

    private PlanResult make(Optional<Path> file) {
        return Failures.translated(() -> {
            return PlanResult.of(cancellable(new PruningRun(request(file)), PruningRun::plan));
        });
    }

    private PruningRequest request(Optional<Path> file) {
        Decisions decisions = new Decisions(settings, extensions);
        if (SearchSettings.isAsked(settings.target)) {
            throw InputRefusedException.request(
                    "a plan measures nothing, so an accuracy cannot be its target; prune to it, which writes the plan too");
        }
        return new PruningRequest(
                extensions.input(model, extensions.given(settings.inputs)),
                Optional.of(decisions.decision()),
                List.of(),
                Optional.empty(),
                new Costs(settings.extents),
                file,
                new Data(Optional.empty(), Optional.empty()),
                settings.depth.isFound() ? decisions.repair() : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                settings.timing(),
                new PruningRequest.Proof(settings.seed, false),
                trail("plan"),
                settings.threads());
    }
}
