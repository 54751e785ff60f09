import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.OperatingSystemMXBean;
import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxFiles;
import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.Normalisation;
import io.espalier.engine.score.Scorer;
import io.espalier.engine.score.SliceScores;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.plugin.magnitude.L1Criterion;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.LanguageNetworks.DecoderSize;
import io.espalier.testkit.model.LanguageNetworks;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How long pruning takes, how it grows with width, and how much memory it needs. Run it with {@code docs/benchmarks/run};
 * what it measures and how is in {@code docs/benchmarks/README.md}.
 */
public final class PruneSpeed {

    private static final int WARM_UP = 15;
    private static final int ROUNDS = 5;
    /** As many as the processor runs at once: what a session of onnxruntime takes too, unless told otherwise. */
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private static final long MEBIBYTE = 1 << 20;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private PruneSpeed() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments.length == 0 ? "all" : arguments[0];
        switch (what) {
            case "all" -> {
                speed();
                width();
                memory();
            }
            case "speed" -> speed();
            case "width" -> width();
            case "memory" -> memory();
            case "analysis" -> analysis(Path.of(arguments[1]));
            case "depth" -> depth();
            case "cold" -> cold(Path.of(arguments[1]));
            case "heap" -> heap(Path.of(arguments[1]));
            case "write" -> write(Path.of(arguments[1]));
            default -> throw new IllegalArgumentException(
                    "there is no benchmark '" + what + "'; there are all, speed, width, depth, memory and analysis FILE");
        }
    }

    // ---- against session creation

    private static void speed() throws Exception {
        say("Pruning to half of the MACs by l1, against creating an onnxruntime session from the same file; milliseconds");
        compare("resnet50", ResidualNetworks.resnet50(1, Scale.FULL));
        compare("densenet161", ClassicNetworks.densenet161(1, Scale.FULL));
    }

    /** The networks as files. */
    private static void write(Path folder) {
        OnnxFiles.save(ResidualNetworks.resnet50(1, Scale.FULL), folder.resolve("resnet50.onnx"));
        OnnxFiles.save(ClassicNetworks.densenet161(1, Scale.FULL), folder.resolve("densenet161.onnx"));
    }

    private static void compare(String name, Graph graph) throws Exception {
        Path folder = Files.createTempDirectory("espalier-benchmark-");
        try {
            Path file = folder.resolve(name + ".onnx");
            OnnxFiles.save(graph, file);
            say("");
            say("%s, %d nodes, %.1f MB", name, graph.nodes().size(), Files.size(file) / 1e6);
            child(List.of(), "cold", file.toString());
            List<Map<String, Time>> sessions = new ArrayList<>();
            List<Map<String, Time>> prunings = new ArrayList<>();
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                Map<String, Time> session = session(file);
                Map<String, Time> pruning = prune(file, folder.resolve("pruned.onnx"));
                if (round >= WARM_UP) {
                    sessions.add(session);
                    prunings.add(pruning);
                }
            }
            report("warm", medians(sessions), medians(prunings));
        } finally {
            delete(folder);
        }
    }

    /** One of each in a fresh JVM. */
    private static void cold(Path file) throws Exception {
        Map<String, Time> pruning = prune(file, file.resolveSibling("cold.onnx"));
        report("cold", session(file), pruning);
    }

    private static Map<String, Time> session(Path file) throws OrtException {
        Clock clock = new Clock();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
            clock.lap("session");
            session.close();
        }
        return clock.laps;
    }

    private static void report(String temperature, Map<String, Time> sessions, Map<String, Time> pruning) {
        Time session = total(sessions);
        Map<String, Time> barred = new LinkedHashMap<>(pruning);
        barred.keySet().removeAll(List.of("open", "allocate"));
        say("  %s: session %.0f (%.0f)", temperature, session.wall(), session.processor());
        compare("analysis, scoring, surgery, saving", total(barred), session);
        compare("everything, opening and allocation too", total(pruning), session);
        StringBuilder steps = new StringBuilder();
        pruning.forEach((step, time) ->
                steps.append(String.format(Locale.ROOT, "  %s %.0f (%.0f)", step, time.wall(), time.processor())));
        say("       %s", steps);
    }

    private static void compare(String what, Time time, Time session) {
        say(
                "       %s: %.0f (%.0f), ratio %.2f (%.2f)",
                what,
                time.wall(),
                time.processor(),
                time.wall() / session.wall(),
                time.processor() / session.processor());
    }

    // ---- the work

    /** Milliseconds of each step. */
    private static Map<String, Time> prune(Path file, Path target) throws IOException {
        // Freeing the pages of an old result is no part of the work.
        Files.deleteIfExists(target);
        Clock clock = new Clock();
        try (Model model = new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
            Graph graph = model.graph();
            clock.lap("open");
            Shapes shapes = Operators.standard().infer(graph);
            Coupling coupling = CouplingAnalysis.analyse(graph, shapes, Operators.standard());
            clock.lap("analyse");
            SliceScores slices = new Scorer(new L1Criterion(), Options.none(), THREADS, new TestingRunContext(0))
                    .score(graph, coupling);
            clock.lap("score");
            List<Group> groups = Groups.of(coupling, each -> slices.ofClass(each, Aggregation.SUM));
            clock.lap("group");
            Allocation allocation = allocate(graph, shapes, coupling, slices, groups);
            clock.lap("allocate");
            List<Edit> edits = Surgery.prune(graph, shapes, coupling, allocation.removal()).edits();
            clock.lap("cut");
            model.write(target, edits, Map.of());
            clock.lap("save");
        }
        return clock.laps;
    }

    private static Allocation allocate(
            Graph graph, Shapes shapes, Coupling coupling, SliceScores slices, List<Group> groups) {
        List<GroupScores> scored = groups.stream()
                .map(group ->
                        new GroupScores(group, Normalisation.SUM.of(slices.ofChannels(group, Aggregation.SUM))))
                .toList();
        Pools global = new Pools(List.of(
                new RankingPool(IntStream.range(0, scored.size()).boxed().toList())));
        CostModel costs = CostModel.of(graph, shapes, Operators.standard(), Map.of());
        return new TargetSolver(coupling, RemovalCosts.of(costs, coupling), Widths.DEFAULT, List.of())
                .solve(scored, global, Target.parse("macs=50%"));
    }

    /**
     * Milliseconds.
     *
     * @param wall by the clock on the wall
     * @param processor of all threads of this process, the collector and the compiler included
     */
    private record Time(double wall, double processor) {

        static Time now() {
            return new Time(System.nanoTime() / 1e6, SYSTEM.getProcessCpuTime() / 1e6);
        }

        Time since(Time start) {
            return new Time(wall - start.wall, processor - start.processor);
        }

        Time plus(Time other) {
            return new Time(wall + other.wall, processor + other.processor);
        }
    }

    private static final class Clock {

        private final Map<String, Time> laps = new LinkedHashMap<>();
        private Time start = Time.now();

        void lap(String step) {
            laps.put(step, Time.now().since(start));
            start = Time.now();
        }
    }

    // ---- growth with width

    private static void width() {
        say("");
        say("Analysis alone (shapes, coupling, groups), warm, milliseconds; growth against channels");
        for (String name : List.of("resnet50", "densenet161")) {
            double first = 0;
            for (int times : new int[] {1, 2, 4}) {
                Scale scale = new Scale(times, 224, 1000);
                Graph graph = name.equals("resnet50")
                        ? ResidualNetworks.resnet50(1, scale)
                        : ClassicNetworks.densenet161(1, scale);
                List<Map<String, Time>> analyses = new ArrayList<>();
                for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                    Map<String, Time> time = analyse(graph);
                    if (round >= WARM_UP) {
                        analyses.add(time);
                    }
                }
                Time time = total(medians(analyses));
                first = times == 1 ? time.processor() : first;
                say(
                        "  %s x%d: %.0f, of processor time %.0f, which is %.2f times the first",
                        name,
                        times,
                        time.wall(),
                        time.processor(),
                        time.processor() / first);
            }
        }
    }

    // ---- analysis of deep and of given networks

    private static void depth() {
        say("");
        say("Analysis of a Llama of width 2048 (shapes, coupling, groups), warm, milliseconds of its thread");
        for (int layers : new int[] {20, 40, 80, 160}) {
            Graph graph = LanguageNetworks.llama(0, new DecoderSize(32000, 2048, 16, 4, 6144, layers));
            double time = 0;
            for (int round = 0; round < ROUNDS; round++) {
                double start = threadTime();
                analyse(graph);
                time = threadTime() - start;
            }
            say("  %d layers, %d nodes: %.0f", layers, graph.nodes().size(), time);
        }
    }

    /** The first analysis of a file in this JVM, and a later one. */
    private static void analysis(Path file) {
        try (Model model = new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
            say("%s, %d nodes", file.getFileName(), model.graph().nodes().size());
            for (int round = 0; round <= ROUNDS; round++) {
                double start = threadTime();
                Map<String, Time> steps = analyse(model.graph());
                double thread = threadTime() - start;
                if (round == 0 || round == ROUNDS) {
                    Time time = total(steps);
                    say(
                            "  %s: %.0f ms, of processor time %.0f, of its own thread %.0f (groups are %.0f of the first)",
                            round == 0 ? "cold" : "warm",
                            time.wall(),
                            time.processor(),
                            thread,
                            steps.get("groups").wall());
                }
            }
        }
    }

    private static double threadTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e6;
    }

    private static Map<String, Time> analyse(Graph graph) {
        Clock clock = new Clock();
        Shapes shapes = Operators.standard().infer(graph);
        clock.lap("shapes");
        Coupling coupling = CouplingAnalysis.analyse(graph, shapes, Operators.standard());
        clock.lap("coupling");
        if (Groups.of(coupling, each -> 0).isEmpty()) {
            throw new IllegalStateException("nothing was found");
        }
        clock.lap("groups");
        return clock.laps;
    }

    // ---- memory

    private static void memory() throws Exception {
        say("");
        say("Peak heap of pruning a model of about 400 MB in a JVM with -Xmx256m");
        Path folder = Files.createTempDirectory("espalier-benchmark-");
        try {
            Path file = folder.resolve("resnet50-wide.onnx");
            OnnxFiles.save(ResidualNetworks.resnet50(1, new Scale(2, 224, 1000)), file);
            child(List.of("-Xmx256m"), "heap", file.toString());
        } finally {
            delete(folder);
        }
    }

    private static void heap(Path file) throws IOException {
        Path target = file.resolveSibling("pruned.onnx");
        prune(file, target);
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
        say(
                "  %.0f MB model to %.0f MB: at most %d MiB of %d MiB heap used, garbage included",
                Files.size(file) / 1e6,
                Files.size(target) / 1e6,
                peak / MEBIBYTE,
                Runtime.getRuntime().maxMemory() / MEBIBYTE);
    }

    // ---- tools

    private static void child(List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PruneSpeed.class.getName()));
        command.addAll(Arrays.asList(arguments));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IllegalStateException("the child " + command + " ended with " + code);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static Time total(Map<String, Time> steps) {
        return steps.values().stream().reduce(new Time(0, 0), Time::plus);
    }

    /** Medians of the steps, in their order. */
    private static Map<String, Time> medians(List<Map<String, Time>> rounds) {
        Map<String, Time> medians = new LinkedHashMap<>();
        for (String step : rounds.get(0).keySet()) {
            medians.put(step, new Time(
                    median(rounds, round -> round.get(step).wall()),
                    median(rounds, round -> round.get(step).processor())));
        }
        return medians;
    }

    private static double median(List<Map<String, Time>> rounds, ToDoubleFunction<Map<String, Time>> value) {
        return rounds.stream()
                .mapToDouble(value)
                .sorted()
                .skip(rounds.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
