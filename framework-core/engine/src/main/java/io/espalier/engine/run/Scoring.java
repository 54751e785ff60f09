package io.espalier.engine.run;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.evidence.OwnUses;
import io.espalier.engine.plan.Plan.Calibration;
import io.espalier.engine.recover.AllPositions;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.Scorer;
import io.espalier.engine.score.SliceScores;
import io.espalier.events.Events;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.Graph;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Scores channels on the network that is left after earlier cuts; scores and channels are those of the original. */
final class Scoring {

    private static final int BATCH = 64;

    private final PruningRequest request;
    private final Analysis analysis;
    private final RunContext context;

    Scoring(PruningRequest request, Analysis analysis, RunContext context) {
        this.request = request;
        this.analysis = analysis;
        this.context = context;
    }

    /**
     * What was scored.
     *
     * @param slices scores of slices, by classes of the original
     * @param earlier what earlier cuts removed
     * @param data what the plan says of the data
     */
    record Scored(SliceScores slices, Removal earlier, Optional<Calibration> data) {

        /** All groups of the original. */
        List<Group> groups(Coupling coupling, Decision decision) {
            return Groups.of(coupling, each -> ofClass(each, decision), decision.heads());
        }

        private double ofClass(int number, Decision decision) {
            return earlier.removes(number) ? Double.NEGATIVE_INFINITY : slices.ofClass(number, decision.aggregation());
        }

        /** The scores of a group, not normalised. */
        GroupScores of(Group group, Decision decision) {
            Set<Integer> gone = new HashSet<>();
            List<CoupledChannel> channels = group.channels();
            for (int channel = 0; channel < channels.size(); channel++) {
                if (Arrays.stream(channels.get(channel).classes()).allMatch(earlier::removes)) {
                    gone.add(channel);
                }
            }
            return new GroupScores(group, slices.ofChannels(group, decision.aggregation()), gone);
        }
    }

    /** Scores what earlier cuts left. */
    Scored score(Decision decision, CutNetwork network) {
        Graph graph = network.graph();
        Coupling coupling = network.coupling();
        Graph measured = decision.steps()
                .statistics()
                .map(repair -> updated(repair, OwnUses.apart(graph, coupling)))
                .orElse(graph);
        Optional<ScoringData> data = ScoringData.of(
                decision, request, measured, coupling, analysis.costs().symbols(), context);
        SliceScores slices = new Scorer(decision.criterion(), decision.options(), request.threads(), context)
                .score(measured, coupling, data.map(ScoringData::collector));
        return new Scored(
                network.classes().map(slices::renumbered).orElse(slices),
                network.earlier(),
                data.flatMap(ScoringData::record));
    }

    /** A graph with the running statistics that data gives it. */
    private Graph updated(Repair repair, Graph graph) {
        Repairs repairs = new Repairs(
                repair,
                Batches.of(graph, repair.calibration(), BatchOptions.of(BATCH), context),
                request.input().executor(),
                analysis.coupling().operators(),
                Events.silent(),
                context,
                request.threads());
        AllPositions all = new AllPositions(analysis.coupling().operators().infer(graph));
        return GraphEdits.apply(graph, repairs.edits(graph, graph, all, RefittedFile.NONE));
    }
}
