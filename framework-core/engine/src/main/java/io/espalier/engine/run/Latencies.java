package io.espalier.engine.run;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.latency.LatencyModel;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.latency.LatencyTable.Conditions;
import io.espalier.engine.latency.LatencyTable.Rest;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.run.PruningRequest.Timing;
import io.espalier.engine.verify.RandomInputs;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a network takes at several widths: measured when a decision asks for it, or read from a table. Not thread-safe. */
final class Latencies {

    private static final Removal NOTHING = Removal.of(new BitSet());

    private final PruningRequest request;
    private final Analysis analysis;
    private final RunContext context;
    private final Timing timing;
    private final List<String> notes = new ArrayList<>();
    private Optional<LatencyTable> table = Optional.empty();
    private boolean isSettled;

    Latencies(PruningRequest request, Analysis analysis, RunContext context) {
        this.request = request;
        this.analysis = analysis;
        this.context = context;
        this.timing = request.timing();
        this.isSettled = timing.table().isPresent();
    }

    /** Whether everything is decided by a table as it is, and nothing is measured. */
    boolean isSettled() {
        return isSettled;
    }

    /** Decides what follows by the table as it is. */
    void settle() {
        isSettled = true;
    }

    /** Decides by a table that an earlier run measured, if it belongs to this model and to these conditions. */
    boolean settle(LatencyTable earlier) {
        if (misfit(earlier).isPresent()) {
            return false;
        }
        table = Optional.of(checked(earlier));
        settle();
        return true;
    }

    /** What was measured or read; empty until a decision asked for it. */
    Optional<LatencyTable> table() {
        return table;
    }

    /** Sentences for people. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** Adds a sentence for people. */
    void note(String sentence) {
        notes.add(sentence);
    }

    /** Makes sure that the times before anything is removed of a group are known. */
    LatencyTable begin() {
        table = table.or(() -> Optional.of(timing.table().map(this::checked).orElseGet(this::begun)));
        return table.get();
    }

    /** Makes sure that the times of groups are known. */
    LatencyTable of(Decision decision, List<Group> groups, RemovalCosts costs) {
        LatencyTable known = begin();
        List<Group> missing = groups.stream()
                .filter(group -> known.of(group.name(), group.channels().size()).isEmpty())
                .toList();
        table = Optional.of(missing.isEmpty() ? known : measured(known, decision, groups, missing, costs));
        return table.get();
    }

    /** Predicts the time of what a decision leaves. */
    LatencyModel model(Decision decision, List<Group> groups, RemovalCosts costs) {
        LatencyTable known = of(decision, groups, costs);
        return new LatencyModel(known, groups, costs, correction(decision));
    }

    /** The time that a removal leaves, as a share of that with all channels. */
    double share(Removal removal) {
        return share(removal, blocks());
    }

    private double share(Removal removal, List<Edit.Omit> left) {
        return timed(
                left, timer -> timer.shares(List.of(removal), timer.rounds(1)).get(0));
    }

    private List<Edit.Omit> blocks() {
        return analysis.shortened().edits();
    }

    /** Corrects what is predicted for a decision. */
    void correct(Decision decision, double correction) {
        table = table.map(
                each -> each.corrected(decision.way(), decision.target().text(), correction));
    }

    /** Corrects what is predicted for all targets of a way to decide. */
    void correctAll(Decision way, double correction) {
        table = table.map(each -> each.corrected(way.way(), correction));
    }

    /** What is corrected for a decision. */
    double correction(Decision decision) {
        return begin().correction(decision.way(), decision.target().text());
    }

    private LatencyTable measured(
            LatencyTable known, Decision decision, List<Group> groups, List<Group> missing, RemovalCosts costs) {
        if (isSettled) {
            throw new InvalidInputException("The latency table has no times of the group of '"
                    + missing.get(0).name() + "' with "
                    + missing.get(0).channels().size()
                    + " channels; it was measured for other settings. Measure again, without --latency-table.");
        }
        return timed(blocks(), timer -> {
            TimedCuts cuts = new TimedCuts(analysis, costs, timer, context);
            LatencyTable more = known.with(cuts.of(missing));
            return decision.widths().isAuto() && more.multiples().isEmpty()
                    ? more.withMultiples(cuts.multiples(groups, decision.widths()))
                    : more;
        });
    }

    private LatencyTable begun() {
        return new LatencyTable(
                request.trail().tool(),
                request.input().file().getFileName().toString(),
                analysis.model().digest(),
                conditions(),
                timed(List.of(), CutTimer::nanos),
                rest(),
                List.of(),
                List.of(),
                Map.of());
    }

    private Rest rest() {
        return blocks().isEmpty() ? Rest.WHOLE : new Rest(sums(), share(NOTHING, List.of()));
    }

    private List<String> sums() {
        return analysis.blocks().stream().map(PlannedBlock::sum).toList();
    }

    /** A table, if it belongs to this model and to these conditions. */
    private LatencyTable checked(LatencyTable given) {
        misfit(given).ifPresent(sentence -> {
            throw new InvalidInputException(sentence);
        });
        Conditions here = conditions();
        Conditions there = given.conditions();
        if (!there.processor().equals(here.processor()) || there.cores() != here.cores()) {
            note("the latency table was measured on another machine: " + there.processor() + " with " + there.cores()
                    + " processors; here it is " + here.processor() + " with " + here.cores());
        }
        return given;
    }

    /** Why a table cannot be used for this model under these conditions. */
    private Optional<String> misfit(LatencyTable given) {
        if (!given.model().equals(analysis.model().digest())) {
            return Optional.of("The latency table was measured for another model: it names '" + given.file()
                    + "' with digest " + given.model() + ", but "
                    + request.input().file() + " has " + analysis.model().digest() + "; measure again.");
        }
        Conditions here = conditions();
        Conditions there = given.conditions();
        return other("runtime", there.runtime(), here.runtime())
                .or(() -> other("number of threads", there.threads(), here.threads()))
                .or(() -> other("shape of inputs", there.inputs(), here.inputs()))
                .or(() -> other("choice of residual blocks", given.rest().blocks(), sums()));
    }

    private static Optional<String> other(String what, Object there, Object here) {
        return there.equals(here)
                ? Optional.empty()
                : Optional.of("The latency table was measured with another " + what + ": " + there + ", and here it is "
                        + here + "; measure again, or give the same.");
    }

    private Conditions conditions() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        inputs().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return new Conditions(
                analysis.model().runtime(),
                Processor.name(),
                Runtime.getRuntime().availableProcessors(),
                timing.threads(),
                shapes);
    }

    private Map<String, Tensor> inputs() {
        return new RandomInputs(
                        analysis.model().graph(),
                        analysis.shapes(),
                        analysis.coupling().operators())
                .make(request.verification().seed(), analysis.costs().symbols());
    }

    /**
     * Measures.
     *
     * @param left the blocks that the larger network is without, which others are timed in turn with
     */
    private <T> T timed(List<Edit.Omit> left, Function<CutTimer, T> measurement) {
        if (!VerificationOptions.fits(
                analysis.model().graph(), request.verification().memory())) {
            throw new InvalidInputException(
                    "The latency of the model cannot be measured: the runtime would need more memory"
                            + " than the verification may take; allow more with --verify-memory, or give another target.");
        }
        try (CutTimer timer = new CutTimer(request, analysis, inputs(), context, left)) {
            return measurement.apply(timer);
        } catch (ExecutionException e) {
            throw new InvalidInputException(
                    "The latency of the model cannot be measured: the runtime refuses it (" + e.getMessage()
                            + "); give extents of the symbolic dimensions, or another target.",
                    e);
        }
    }
}
