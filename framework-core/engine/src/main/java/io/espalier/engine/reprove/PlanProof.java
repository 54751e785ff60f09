package io.espalier.engine.reprove;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.layer.FileNames;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.plan.PlanReplay;
import io.espalier.engine.reprove.Difference.Kind;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves a pruned file against its original and its plan. First the plan is carried out once more, and the file must be
 * equal to the result: interface, nodes, attributes, constants. Only constants that the plan records as recovered may have
 * other elements, those of the record. Then the numbers of the cut are proved as in every run (see {@link Verifier}). Not
 * thread-safe.
 */
public final class PlanProof {

    private static final int DIFFERENCES_IN_REASON = 3;

    private final Model original;
    private final Shapes shapes;
    private final Shortened shortened;
    private final Coupling coupling;
    private final Plan plan;
    private final Removal removal;
    private final List<Edit> edits;

    /**
     * Carries out a plan.
     *
     * @param original the model that the plan was made for
     * @param coupling of its graph
     * @param budget how much work the analysis may be, where the plan leaves blocks out
     */
    public PlanProof(Model original, Shapes shapes, Coupling coupling, Plan plan, Budget budget) {
        this.original = original;
        this.shapes = shapes;
        this.plan = plan;
        this.shortened = PlanReplay.shortened(plan, original.graph(), shapes, coupling.operators());
        this.coupling = plan.blocks().isEmpty()
                ? coupling
                : CouplingAnalysis.analyse(shortened.graph(), shapes, coupling.operators(), budget);
        this.removal = PlanReplay.removal(plan, this.coupling);
        this.edits = Surgery.prune(shortened.graph(), shapes, this.coupling, removal)
                .after(shortened.edits())
                .edits();
    }

    /**
     * What was found.
     *
     * @param verification the verdict: {@link Verification.Outcome#FAILED} when anything differs
     * @param differences what differs from what the plan says; empty when nothing does
     */
    public record Result(Verification verification, List<Difference> differences) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    /**
     * Proves one file.
     *
     * @param pruned the file
     * @param files opens files of its kind
     */
    public Result prove(Model pruned, Rebuilding files, GraphExecutor executor, VerificationOptions options) {
        List<Difference> differences = differences(pruned, files);
        if (!differences.isEmpty()) {
            return new Result(Verification.different(reason(differences)), differences);
        }
        if (plan.recovery().isEmpty()) {
            return new Result(verify(pruned, executor, options), List.of());
        }
        try (Rebuilt cut = files.write(original, edits, Map.of())) {
            return new Result(verify(cut.model(), executor, options), List.of());
        }
    }

    private Verification verify(Model cut, GraphExecutor executor, VerificationOptions options) {
        return Verifier.verify(original, shortened.edits(), coupling, shapes, removal, cut, executor, options);
    }

    private List<Difference> differences(Model pruned, Rebuilding files) {
        Optional<String> recoveredGraph = plan.recovery().flatMap(Recovery::graph);
        if (recoveredGraph.isPresent()) {
            return GraphDigest.of(pruned.graph()).equals(recoveredGraph.get())
                    ? List.of()
                    : List.of(new Difference(Kind.NODE, "", "its graph is not the one that the recovery made"));
        }
        Graph graph = pruned.graph();
        List<Difference> missing = plan.recovery()
                .map(recovery -> RecoveryRecord.missing(recovery, graph))
                .orElse(List.of());
        if (!missing.isEmpty()) {
            return missing;
        }
        try (Rebuilt expected = files.write(original, withRecovered(graph), addedMetadata(pruned))) {
            return expected.model().digest().equals(pruned.digest())
                    ? List.of()
                    : differences(expected.model().graph(), pruned);
        }
    }

    /** The entries that the original does not have as they are. Metadata is free: it says nothing about the model. */
    private Map<String, String> addedMetadata(Model pruned) {
        Map<String, String> added = new LinkedHashMap<>(pruned.metadata());
        added.entrySet().removeAll(original.metadata().entrySet());
        return added;
    }

    private static List<Difference> differences(Graph expected, Model found) {
        FileNames names = FileNames.of(found);
        List<Difference> shown = GraphDifferences.between(expected, found.graph()).stream()
                .map(each -> new Difference(each.kind(), names.of(each.name()), names.in(each.text())))
                .toList();
        return shown.isEmpty()
                ? List.of(new Difference(
                        Kind.FILE,
                        "",
                        "its graph is the planned one, but its bytes are not: another program wrote it, or something"
                                + " was changed that the graph does not show"))
                : shown;
    }

    /** The edits of the cut, and the recovered constants as the file has them. */
    private List<Edit> withRecovered(Graph found) {
        if (plan.recovery().isEmpty()) {
            return edits;
        }
        Map<String, Tensor> constants = found.allConstants();
        List<Edit> all = new ArrayList<>(edits);
        plan.recovery()
                .get()
                .constants()
                .forEach(each -> all.add(new Edit.SetConstant(each.name(), constants.get(each.name()))));
        return all;
    }

    private static String reason(List<Difference> differences) {
        int more = differences.size() - DIFFERENCES_IN_REASON;
        return "the file is not what its plan says: "
                + String.join(
                        "; ",
                        differences.stream()
                                .limit(DIFFERENCES_IN_REASON)
                                .map(Difference::text)
                                .toList())
                + (more > 0 ? "; and " + more + " more" : "");
    }
}
