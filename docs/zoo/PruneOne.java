import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.Normalisation;
import io.espalier.engine.score.Scorer;
import io.espalier.engine.score.SliceScores;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.magnitude.L1Criterion;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingRunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prunes one ONNX file to half of the channels of every group, proves the result and writes down what was found.
 *
 * <p>Arguments: the model, and the file for the result (JSON). Ends with 0 however the network fared; see README.md.
 */
public final class PruneOne {

    private static final Target TARGET = Target.parse("channels=50%");

    private final Map<String, Object> result = new LinkedHashMap<>();
    private String stage = "open";

    private PruneOne() {}

    public static void main(String[] arguments) throws IOException {
        PruneOne one = new PruneOne();
        try {
            one.prune(Path.of(arguments[0]));
        } catch (Exception | StackOverflowError | OutOfMemoryError failure) {
            one.result.put("failed", one.stage);
            one.result.put("message", String.valueOf(failure.getMessage()));
            one.result.put("exception", failure.getClass().getName());
            failure.printStackTrace();
        }
        one.result.put("peakMiB", peakMebibytes());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(Path.of(arguments[1]).toFile(), one.result);
    }

    private void prune(Path file) throws IOException {
        Path target = file.resolveSibling("pruned-" + file.getFileName());
        try (Model model = new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
            result.put("operators", model.graph().nodes().size());
            begin("analyse");
            long start = System.nanoTime();
            Analysis analysis = Analysis.of(model.graph());
            Coupling coupling = analysis.coupling();
            result.put("analysisSeconds", seconds(start));
            begin("score");
            SliceScores slices = new Scorer(new L1Criterion(), Options.none(), 2, new TestingRunContext(0))
                    .score(model.graph(), coupling);
            List<Group> groups = Groups.of(coupling, each -> slices.ofClass(each, Aggregation.SUM));
            result.put("groups", groups.size());
            reach(model.graph(), coupling, groups);
            barriers(coupling);
            begin("allocate");
            Allocation allocation = allocate(analysis, slices, groups);
            CostModel costs = CostModel.of(model.graph(), analysis.shapes(), Operators.standard(), Map.of());
            result.put("parameters", costs.total().parameters());
            result.put("macs", costs.total().macs());
            begin("cut");
            model.write(
                    target,
                    Surgery.prune(model.graph(), analysis.shapes(), coupling, allocation.removal()).edits(),
                    Map.of());
            result.put("pruneSeconds", seconds(start));
            Cost kept = allocation.cost();
            result.put("parametersKept", kept.parameters());
            result.put("macsKept", kept.macs());
            begin("verify");
            try (Model pruned = new OnnxAdapter().open(target, AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
                verified(Verifier.verify(
                        model,
                        coupling,
                        analysis.shapes(),
                        allocation.removal(),
                        pruned,
                        new OnnxExecutor(),
                        new VerificationOptions(0, 1, Map.of(), Optional.empty())));
            }
            result.put("seconds", seconds(start));
        } finally {
            Files.deleteIfExists(target);
        }
    }

    private void begin(String next) {
        stage = next;
    }

    private static double seconds(long start) {
        return Math.round((System.nanoTime() - start) / 1e7) / 100.0;
    }

    private static Allocation allocate(Analysis analysis, SliceScores slices, List<Group> groups) {
        List<GroupScores> scored = groups.stream()
                .map(group ->
                        new GroupScores(group, Normalisation.SUM.of(slices.ofChannels(group, Aggregation.SUM))))
                .toList();
        Pools uniform = new Pools(IntStream.range(0, scored.size())
                .mapToObj(group -> new RankingPool(List.of(group)))
                .toList());
        CostModel costs = CostModel.of(analysis.graph(), analysis.shapes(), Operators.standard(), Map.of());
        return new TargetSolver(analysis.coupling(), RemovalCosts.of(costs, analysis.coupling()), Widths.DEFAULT, List.of())
                .solve(scored, uniform, TARGET);
    }

    /** How many of the output channels of convolutions, linear layers and cells belong to a group. */
    private void reach(Graph graph, Coupling coupling, List<Group> groups) {
        // Tables that are looked up, and tables that a network multiplies with its weights, make no channels.
        Set<String> tables = graph.nodes().stream()
                .filter(node -> node.operator().startsWith("Gather")
                        || Set.of("MatMul", "Gemm").contains(node.operator())
                                && graph.constants().keySet().containsAll(node.inputs()))
                .map(node -> node.inputs().get(0))
                .collect(Collectors.toSet());
        BitSet offered = new BitSet();
        groups.forEach(group -> group.channels()
                .forEach(channel -> Arrays.stream(channel.classes()).forEach(offered::set)));
        long all = 0;
        long reached = 0;
        List<String> closed = new ArrayList<>();
        for (LabelledAxis home : coupling.labelledAxes()) {
            if (home.role() == ParameterRole.PRODUCER
                    && !tables.contains(home.use().constant())) {
                int[] classes = coupling.classesAt(home);
                long here = Arrays.stream(classes)
                        .filter(each -> each >= 0 && offered.get(each))
                        .count();
                all += classes.length;
                reached += here;
                if (here == 0) {
                    closed.add(home.use().constant());
                }
            }
        }
        result.put("outputChannels", all);
        result.put("outputChannelsReached", reached);
        result.put("closed", closed);
    }

    private void barriers(Coupling coupling) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Blocked blocked : Blocked.in(coupling)) {
            counts.merge(
                    blocked.barrier().operator() + " " + blocked.barrier().node() + ": "
                            + blocked.barrier().reason(),
                    blocked.classes(),
                    Integer::sum);
        }
        result.put("barriers", counts);
    }

    private void verified(Verification verification) {
        result.put("outcome", verification.outcome().toString());
        result.put("maxAbsolute", verification.maxAbsolute());
        result.put("maxRelative", verification.maxRelative());
        result.put("tolerance", verification.tolerance());
        result.put("reason", verification.reason());
    }

    private static long peakMebibytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
