package io.espalier.engine.run;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.run.PruningRequest.Costs;
import io.espalier.engine.run.PruningRequest.Data;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Proof;
import io.espalier.engine.run.PruningRequest.Search;
import io.espalier.engine.run.PruningRequest.Timing;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.score.TestingCriterion;
import io.espalier.engine.search.AccuracyGoal;
import io.espalier.events.EventSink;
import io.espalier.plugin.metrics.Top1Metric;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.option.Options;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Puts requests together, one setting at a time. */
public final class TestingRun {

    static final Path EXAMPLES = Path.of("..", "..", "docs", "examples");
    static final Path RESNET = EXAMPLES.resolve("fashion-resnet20.onnx");

    private final Path input;
    private final Optional<Path> output;
    private Optional<Decision> decision;
    private Optional<Plan> replay = Optional.empty();
    private Optional<Dataset> examples = Optional.empty();
    private Optional<Repair> repair = Optional.empty();
    private FrameworkAdapter adapter = new OnnxAdapter();
    private Optional<Widths> widths = Optional.empty();
    private Optional<Widths> otherWidths = Optional.empty();
    private Timing timing = Timing.DEFAULT;
    private Optional<Search> search = Optional.empty();
    private Optional<FineTuning> training = Optional.empty();
    private GraphExecutor executor = new OnnxExecutor();
    private List<OperatorSemantics> semantics = List.of();
    private Optional<LatencyOptions> latency = Optional.empty();
    private MetricChoice metric = new MetricChoice(Optional.empty(), List.of(new Top1Metric()));
    private final List<EventSink> sinks = new ArrayList<>();

    private TestingRun(Path input, Optional<Path> output) {
        this.input = input;
        this.output = output;
        target("macs=50%");
    }

    public static TestingRun of(Path input, Path output) {
        return new TestingRun(input, Optional.of(output));
    }

    public TestingRun target(String target) {
        decision = Optional.of(
                Decision.of(new TestingCriterion(), Options.none(), new Uniform(), Target.parse(target), 5));
        return this;
    }

    TestingRun depth(int blocks) {
        decision = decision.map(each -> each.without(new Depth(blocks, Optional.empty())));
        return this;
    }

    /** Leaves so many blocks out, chosen on the examples that weights are repaired with. */
    TestingRun depth(int blocks, Repair wanted) {
        decision = decision.map(each -> each.without(new Depth(blocks, Optional.of(wanted.calibration()))));
        return repair(wanted);
    }

    /** Finds how many blocks are left out. */
    TestingRun depthFoundOn(Repair wanted) {
        decision = decision.map(each -> each.without(Depth.found(wanted.calibration())));
        return repair(wanted);
    }

    TestingRun replay(Plan plan) {
        decision = Optional.empty();
        replay = Optional.of(plan);
        return this;
    }

    TestingRun data(Dataset data) {
        examples = Optional.of(data);
        return this;
    }

    TestingRun metric(Metric wanted) {
        Options options = Options.resolve(wanted.name(), wanted.options(), Map.of());
        metric = new MetricChoice(Optional.of(new ChosenMetric(wanted, options)), List.of());
        return this;
    }

    TestingRun repair(Repair wanted) {
        repair = Optional.of(wanted);
        return this;
    }

    TestingRun adapter(FrameworkAdapter other) {
        adapter = other;
        return this;
    }

    TestingRun widths(Widths wanted) {
        widths = Optional.of(wanted);
        return this;
    }

    /** Decides in another way, too, with other limits of widths. */
    TestingRun orWidths(Widths others) {
        otherWidths = Optional.of(others);
        return this;
    }

    TestingRun timing(Timing wanted) {
        timing = wanted;
        return this;
    }

    /** Searches for the smallest budget that keeps an accuracy. */
    TestingRun search(String goal, Target.Metric minimized, int trials) {
        search = Optional.of(new Search(AccuracyGoal.parse(goal), minimized, trials, Optional.empty(), Map.of()));
        return target(minimized + "=50%");
    }

    /** Trains after the cut. */
    TestingRun training(FineTuning wanted) {
        training = Optional.of(wanted);
        return this;
    }

    TestingRun executor(GraphExecutor other) {
        executor = other;
        return this;
    }

    TestingRun teaching(OperatorSemantics taught) {
        semantics = List.of(taught);
        return this;
    }

    TestingRun latency(LatencyOptions options) {
        latency = Optional.of(options);
        return this;
    }

    TestingRun sink(EventSink sink) {
        sinks.add(sink);
        return this;
    }

    PruningRun run() {
        return new PruningRun(new PruningRequest(
                new Input(input, adapter, executor, semantics),
                decision.map(each -> widths.map(each::with).orElse(each)),
                otherWidths.flatMap(others -> decision.map(each -> each.with(others))).stream()
                        .toList(),
                replay,
                Costs.DEFAULT,
                output,
                new Data(examples, metric, latency),
                repair,
                training,
                Optional.empty(),
                Optional.empty(),
                search,
                timing,
                Proof.DEFAULT,
                new Trail(
                        "run-1",
                        "espalier test",
                        "prune",
                        Map.of("target", "macs=50%"),
                        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                        sinks),
                1));
    }

    public PruningReport prune() {
        return run().prune();
    }

    /** Every group loses the same share. */
    private static final class Uniform implements SparsityAllocator {

        @Override
        public String name() {
            return "testing-uniform";
        }

        @Override
        public String description() {
            return "Channels compete within their group.";
        }

        @Override
        public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
            return new SparsityAllocation.Pools(IntStream.range(0, groups.size())
                    .mapToObj(group -> new SparsityAllocation.RankingPool(List.of(group)))
                    .toList());
        }
    }
}
