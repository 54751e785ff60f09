package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.guard.GuardedAdapter;
import io.espalier.engine.guard.GuardedExecutor;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.open.CompleteModel;
import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.search.AccuracyGoal;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.events.EventSink;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.Budget;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Everything a run needs to know.
 *
 * @param input the model and what opens it
 * @param decision how to decide what goes; empty when a plan is replayed
 * @param alternatives other ways to decide, of which the best on the data that weights are repaired with is taken
 * @param replay the plan to replay; empty when a decision is asked for
 * @param costs how to count costs
 * @param output the file to write; {@link PruningRun#plan()} does not need it
 * @param data what to measure with
 * @param repair how to repair weights after the cut, when wanted
 * @param fineTuning trains what was pruned, when wanted
 * @param scheduled how the model is trained while it is pruned, when wanted
 * @param training how the result is to be trained, where it is pruned before training
 * @param search how the target is found, where an accuracy is asked for; that of the decision is replaced
 * @param timing how the model is timed at several widths, where the target is a latency
 * @param verification how to prove the result
 * @param trail who receives the events of the run
 * @param threads worker threads for scoring and for the proof, at least 1
 */
public record PruningRequest(
        Input input,
        Optional<Decision> decision,
        List<Decision> alternatives,
        Optional<Plan> replay,
        Costs costs,
        Optional<Path> output,
        Data data,
        Optional<Repair> repair,
        Optional<FineTuning> fineTuning,
        Optional<Scheduled> scheduled,
        Optional<TrainingRecipe> training,
        Optional<Search> search,
        Timing timing,
        Proof verification,
        Trail trail,
        int threads) {

    public PruningRequest {
        if (decision.isPresent() == replay.isPresent()) {
            throw new IllegalArgumentException("a run needs either a decision or a plan to replay");
        }
        alternatives = List.copyOf(alternatives);
    }

    /** This request with other data to score and to repair on in the place of what it has. */
    PruningRequest calibrated(UnaryOperator<Dataset> change) {
        return with(
                decision.map(each -> each.calibrated(change)),
                alternatives.stream().map(each -> each.calibrated(change)).toList(),
                repair.map(each ->
                        new Repair(each.compensator(), each.options(), change.apply(each.calibration()), each.loss())));
    }

    /** This request without other ways to decide. */
    PruningRequest inOneWay() {
        return with(decision, List.of(), repair);
    }

    /** This request with another target, in all its ways to decide. */
    PruningRequest to(Target target) {
        return with(
                decision.map(each -> each.to(target)),
                alternatives.stream().map(each -> each.to(target)).toList(),
                repair);
    }

    /** This request with so many residual blocks left out, in all its ways to decide. */
    PruningRequest without(int blocks) {
        return with(
                decision.map(each -> each.without(blocks)),
                alternatives.stream().map(each -> each.without(blocks)).toList(),
                repair);
    }

    private PruningRequest with(Optional<Decision> decided, List<Decision> others, Optional<Repair> repaired) {
        return new PruningRequest(
                input,
                decided,
                others,
                replay,
                costs,
                output,
                data,
                repaired,
                fineTuning,
                scheduled,
                training,
                search,
                timing,
                verification,
                trail,
                threads);
    }

    /** A run that decides in one way and does not train. */
    public PruningRequest(
            Input input,
            Optional<Decision> decision,
            Optional<Plan> replay,
            Costs costs,
            Optional<Path> output,
            Data data,
            Optional<Repair> repair,
            Proof verification,
            Trail trail,
            int threads) {
        this(
                input,
                decision,
                List.of(),
                replay,
                costs,
                output,
                data,
                repair,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Timing.DEFAULT,
                verification,
                trail,
                threads);
    }

    /**
     * The model.
     *
     * @param file the model file
     * @param adapter opens it
     * @param options validated options of the adapter
     * @param executor runs neutral graphs
     * @param semantics operators that plug-ins teach
     * @param budget how much work the model may ask for
     * @param given values of inputs of the model
     */
    public record Input(
            Path file,
            FrameworkAdapter adapter,
            Options options,
            GraphExecutor executor,
            List<OperatorSemantics> semantics,
            Budget budget,
            GivenInputs given) {
        public Input {
            adapter = GuardedAdapter.of(adapter);
            executor = GuardedExecutor.of(executor);
            semantics = List.copyOf(semantics);
        }

        /** A model that is opened with the default options and budget. */
        public Input(Path file, FrameworkAdapter adapter, GraphExecutor executor, List<OperatorSemantics> semantics) {
            this(file, adapter, executor, semantics, Budget.DEFAULT, GivenInputs.NONE);
        }

        /** A model that is opened with the default options. */
        public Input(
                Path file,
                FrameworkAdapter adapter,
                GraphExecutor executor,
                List<OperatorSemantics> semantics,
                Budget budget,
                GivenInputs given) {
            this(file, adapter, AdapterContext.of(adapter).options(), executor, semantics, budget, given);
        }

        /** Opens this model, or another file of its kind. */
        public Model open(Path file, RunContext context) {
            Operators operators = Operators.standard().with(semantics);
            AdapterContext lifting = new AdapterContext(options, operators, context::checkCancelled, budget);
            return CompleteModel.of(adapter.open(file, lifting), given, operators, budget);
        }
    }

    /**
     * How the smallest budget is found at which the model keeps an accuracy.
     *
     * @param goal what is to be kept of what the metric says
     * @param minimized what budgets are shares of
     * @param maxTrials most budgets that are tried, at least 1
     * @param maxTime how long it may take, but for the last cut; empty for as long as it takes
     * @param arguments what the caller asked for, for the record of the search
     */
    public record Search(
            AccuracyGoal goal,
            Target.Metric minimized,
            int maxTrials,
            Optional<Duration> maxTime,
            Map<String, List<String>> arguments) {

        /** Trials that are usually enough, with some for the curve. */
        public static final int MAX_TRIALS = 12;

        /** A budget in thousandths of the original as a target, such as {@code macs=43.5%}. */
        String targetOf(int budget) {
            return SearchRecord.target(minimized.toString(), budget);
        }
    }

    /**
     * How the model is timed at several widths.
     *
     * @param table what was measured before; then nothing is measured
     * @param threads threads of the runtime, at least 1
     * @param seconds how long the measurements should take, about
     */
    public record Timing(Optional<LatencyTable> table, int threads, double seconds) {

        /** One thread, and two minutes. */
        public static final Timing DEFAULT = new Timing(Optional.empty(), 1, 120);
    }

    /**
     * How a model is trained while it is pruned.
     *
     * @param training trains
     * @param schedule when it is cut, and how far
     * @param options validated options of the schedule
     * @param rewind the epoch that training goes back to after each cut; empty when it goes on
     */
    public record Scheduled(FineTuning training, PruningSchedule schedule, Options options, OptionalInt rewind) {

        /** The schedule with its options, such as {@code cubic end=0.5 start=0 steps=10}. */
        public String label() {
            return options.asMap().entrySet().stream()
                    .map(option -> " " + option.getKey() + "=" + option.getValue())
                    .collect(Collectors.joining("", schedule.name(), ""));
        }
    }

    /** How to count costs: values of symbolic extents by name; the others have defaults. */
    public record Costs(Map<String, Long> symbols) {
        public static final Costs DEFAULT = new Costs(Map.of());

        public Costs {
            symbols = Map.copyOf(symbols);
        }
    }

    /**
     * What to measure with.
     *
     * @param examples labelled examples for a metric, and for one more proof
     * @param metric what judges the models on the examples
     * @param latency how to measure latency; empty when it is not wanted
     */
    public record Data(Optional<Dataset> examples, MetricChoice metric, Optional<LatencyOptions> latency) {
        /** Latency only. */
        public static final Data DEFAULT = new Data(Optional.empty(), Optional.of(LatencyOptions.DEFAULT));

        /** Examples without a metric: for the proof only. */
        public Data(Optional<Dataset> examples, Optional<LatencyOptions> latency) {
            this(examples, MetricChoice.NONE, latency);
        }
    }

    /**
     * How to prove the result.
     *
     * @param seed seed of the random inputs
     * @param acceptUnproved whether a result about which nothing could be shown is written all the same
     * @param memory bytes that a runtime may take for weights; a model that needs more is proved block by block
     */
    public record Proof(long seed, boolean acceptUnproved, long memory) {
        public static final Proof DEFAULT = new Proof(0, false);

        /** A proof with the default memory. */
        public Proof(long seed, boolean acceptUnproved) {
            this(seed, acceptUnproved, VerificationOptions.DEFAULT_MEMORY);
        }
    }

    /**
     * Who receives the events of the run.
     *
     * @param runId identifies the run among all runs
     * @param tool name and version of the program, such as {@code espalier 0.1.0}
     * @param command the command, such as {@code prune}
     * @param options options of the command after defaults were filled in, for the journal
     * @param plugins versions of the plug-ins that take part, by id, for the journal
     * @param clock where times of events come from
     * @param sinks receivers besides the journal
     */
    public record Trail(
            String runId,
            String tool,
            String command,
            Map<String, String> options,
            Map<String, String> plugins,
            Clock clock,
            List<EventSink> sinks) {
        public Trail {
            sinks = List.copyOf(sinks);
        }

        /** The trail of a run without plug-ins. */
        public Trail(
                String runId,
                String tool,
                String command,
                Map<String, String> options,
                Clock clock,
                List<EventSink> sinks) {
            this(runId, tool, command, options, Map.of(), clock, sinks);
        }
    }
}
