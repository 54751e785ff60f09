package io.espalier.engine.plan;

import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.Allocation.Selection;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.plan.Plan.Atoms;
import io.espalier.engine.plan.Plan.FrozenAxis;
import io.espalier.engine.plan.Plan.IgnoredGroup;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.Plan.Reader;
import io.espalier.engine.plan.Plan.ScoreSummary;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.plan.Plan.Statistic;
import io.espalier.engine.score.NamePatterns.Ignored;
import io.espalier.graph.cost.Cost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;

/** Writes a decision down as a plan. */
public final class PlanMaker {

    private final Coupling coupling;

    public PlanMaker(Coupling coupling) {
        this.coupling = coupling;
    }

    /**
     * The plan of an allocation.
     *
     * @param tool name and version of the program
     * @param original cost before
     * @param blocks residual blocks that are left out before
     */
    public Plan plan(
            String tool,
            ModelReference model,
            Settings settings,
            Cost original,
            List<PlannedBlock> blocks,
            Allocation allocation,
            List<Ignored> ignored,
            List<Blocked> blocked) {
        return new Plan(
                tool,
                model,
                settings,
                original,
                allocation.cost(),
                blocks,
                allocation.selections().stream().map(this::group).toList(),
                ignored.stream().map(PlanMaker::ignored).toList(),
                blocked.stream().map(PlanMaker::frozen).toList(),
                coupling.statistics().stream()
                        .map(each -> new Statistic(each.operator(), each.node(), each.value(), each.axis()))
                        .toList(),
                Optional.empty());
    }

    private static IgnoredGroup ignored(Ignored ignored) {
        return new IgnoredGroup(
                ignored.group().name(), ignored.group().channels().size(), ignored.reason());
    }

    private static FrozenAxis frozen(Blocked blocked) {
        return new FrozenAxis(
                blocked.barrier().operator(),
                blocked.barrier().node(),
                blocked.barrier().value(),
                blocked.barrier().axis(),
                blocked.barrier().reason(),
                blocked.classes());
    }

    private PlannedGroup group(Selection selection) {
        Group group = selection.scores().group();
        DoubleSummaryStatistics scores =
                Arrays.stream(selection.scores().scores()).summaryStatistics();
        return new PlannedGroup(
                group.id(),
                group.name(),
                selection.kept(),
                group.channels().size(),
                new ScoreSummary(scores.getMin(), scores.getAverage(), scores.getMax()),
                atoms(group, selection.removed()));
    }

    private List<Atoms> atoms(Group group, List<Integer> removed) {
        if (removed.isEmpty()) {
            return List.of();
        }
        Removal removal = Removal.of(removed.stream().map(group.channels()::get).toList());
        List<Atoms> atoms = new ArrayList<>();
        for (LabelledAxis labelledAxis : group.labelledAxes()) {
            int[] classes = coupling.classesAt(labelledAxis);
            List<Integer> positions = new ArrayList<>();
            for (int position = 0; position < classes.length; position++) {
                if (removal.removes(classes[position])) {
                    positions.add(position);
                }
            }
            if (!positions.isEmpty()) {
                atoms.add(new Atoms(
                        labelledAxis.use().constant(),
                        reader(labelledAxis),
                        labelledAxis.map(),
                        labelledAxis.axis(),
                        labelledAxis.extents(),
                        positions));
            }
        }
        return atoms;
    }

    static Optional<Reader> reader(LabelledAxis labelledAxis) {
        return labelledAxis.use().isShared()
                ? Optional.empty()
                : Optional.of(
                        new Reader(labelledAxis.use().node(), labelledAxis.use().slot()));
    }
}
