package io.espalier.engine.run;

import io.espalier.engine.allocate.Allocation.Selection;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.score.GroupScores;
import io.espalier.events.Summary;
import io.espalier.events.v1.BlockPlan;
import io.espalier.events.v1.GroupPlan;
import io.espalier.events.v1.Histogram;
import io.espalier.events.v1.IgnoredGroup;
import io.espalier.events.v1.Operated;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.Scored;
import io.espalier.events.v1.Setting;
import io.espalier.spi.adapter.Edit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Payloads about what was decided and done. */
final class DecisionMessages {

    private static final int BUCKETS = 10;

    private DecisionMessages() {}

    static Setting setting(String name, String value) {
        return Setting.newBuilder().setName(name).setValue(value).build();
    }

    static List<Setting> settings(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> setting(entry.getKey(), entry.getValue()))
                .toList();
    }

    static Scored scored(Decision decision, List<GroupScores> groups, Layers layers) {
        Scored.Builder message = Scored.newBuilder()
                .setCriterion(decision.criterion().name())
                .addAllOptions(settings(decision.options().asMap()))
                .addOptions(setting("aggregate", decision.aggregation().toString()))
                .addOptions(setting("normalise", decision.normalisation().toString()))
                .setGroupsTotal(groups.size());
        groups.forEach(group -> message.addGroups(scores(group, layers.name(group.group()))));
        return Summary.fit(message.build());
    }

    private static io.espalier.events.v1.GroupScores scores(GroupScores group, String name) {
        DoubleSummaryStatistics statistics = Arrays.stream(group.scores()).summaryStatistics();
        return io.espalier.events.v1.GroupScores.newBuilder()
                .setGroup(AnalysisMessages.id(group.group().id()))
                .setName(name)
                .setMinimum(statistics.getMin())
                .setMean(statistics.getAverage())
                .setMaximum(statistics.getMax())
                .setHistogram(histogram(group.scores(), statistics.getMin(), statistics.getMax()))
                .build();
    }

    private static Histogram histogram(double[] scores, double lower, double upper) {
        Long[] counts = new Long[BUCKETS];
        Arrays.fill(counts, 0L);
        double width = (upper - lower) / BUCKETS;
        for (double score : scores) {
            int bucket = width > 0 ? (int) Math.min(BUCKETS - 1, (score - lower) / width) : BUCKETS - 1;
            counts[bucket]++;
        }
        return Histogram.newBuilder()
                .setLower(lower)
                .setUpper(upper)
                .addAllCounts(List.of(counts))
                .build();
    }

    static Planned planned(Decided decided) {
        Plan plan = decided.plan();
        Planned.Builder message = Planned.newBuilder()
                .setAllocator(plan.settings().allocator())
                .setTarget(plan.settings().target())
                .setGroupsTotal(plan.groups().size())
                .setOriginal(AnalysisMessages.cost(plan.original()))
                .setPredicted(AnalysisMessages.cost(plan.predicted()))
                .setPlanDigest(decided.digest())
                .addAllBounds(bounds(plan.settings()))
                .setIgnoredTotal(plan.ignored().size());
        for (int i = 0; i < plan.blocks().size(); i++) {
            message.addBlocks(
                    block(plan.blocks().get(i), decided.names().blocks().get(i)));
        }
        for (PlannedGroup group : plan.groups()) {
            message.addGroups(group(
                    group,
                    decided.names().group(group).layer(),
                    decided.selections().get(group.id())));
            message.setChannelsKept(message.getChannelsKept() + group.kept());
            message.setChannelsTotal(message.getChannelsTotal() + group.total());
        }
        for (int i = 0; i < plan.ignored().size(); i++) {
            Plan.IgnoredGroup ignored = plan.ignored().get(i);
            message.addIgnored(IgnoredGroup.newBuilder()
                    .setName(decided.names().ignored().get(i))
                    .setChannels(ignored.channels())
                    .setReason(ignored.reason()));
        }
        return Summary.fit(message.build());
    }

    private static BlockPlan block(PlannedBlock block, List<String> layers) {
        return BlockPlan.newBuilder()
                .setSum(block.sum())
                .addAllLayers(layers)
                .setScore(block.score())
                .setParameters(block.parameters())
                .setMacs(block.macs())
                .build();
    }

    private static List<Setting> bounds(Plan.Settings settings) {
        List<Setting> bounds = new ArrayList<>();
        bounds.add(setting("min-keep", Double.toString(settings.minKeep())));
        bounds.add(setting("round-to", Integer.toString(settings.roundTo())));
        settings.ignore().forEach(pattern -> bounds.add(setting("ignore", pattern)));
        settings.only().forEach(pattern -> bounds.add(setting("only", pattern)));
        return bounds;
    }

    private static GroupPlan group(PlannedGroup group, String name, Selection selection) {
        GroupPlan.Builder message = GroupPlan.newBuilder()
                .setGroup(AnalysisMessages.id(group.id()))
                .setName(name)
                .setKept(group.kept())
                .setTotal(group.total());
        if (selection != null && group.kept() > 0 && group.kept() < group.total()) {
            BitSet removed = new BitSet();
            selection.removed().forEach(removed::set);
            double[] scores = selection.scores().scores();
            message.setHighestRemovedScore(
                    removed.stream().mapToDouble(each -> scores[each]).max().orElseThrow());
            message.setLowestKeptScore(IntStream.range(0, scores.length)
                    .filter(each -> !removed.get(each))
                    .mapToDouble(each -> scores[each])
                    .min()
                    .orElseThrow());
        }
        return message.build();
    }

    static Operated operated(List<Edit> edits, long elementsRemoved) {
        return Operated.newBuilder()
                .setEdits((int) edits.stream()
                        .filter(edit -> !(edit instanceof Edit.SetShape))
                        .count())
                .setParametersSliced(edits.stream()
                        .filter(Edit.Keep.class::isInstance)
                        .map(edit -> ((Edit.Keep) edit).constant())
                        .distinct()
                        .count())
                .setElementsRemoved(elementsRemoved)
                .build();
    }
}
