package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.NamePatterns.Ignored;
import io.espalier.engine.score.Normalisation;
import io.espalier.spi.allocator.SparsityAllocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sentences for people about a decision. Not thread-safe. */
final class DecisionNotes {

    private static final int LAYERS_NAMED = 3;

    private final Plan plan;
    private final PlanNames names;
    private final Layers layers;
    private final List<String> all = new ArrayList<>();

    DecisionNotes(Plan plan, PlanNames names, Layers layers) {
        this.plan = plan;
        this.names = names;
        this.layers = layers;
    }

    List<String> all() {
        return all;
    }

    /** Says which groups were left alone because a criterion reads nothing of them. */
    void unread(String criterion, List<Ignored> unread) {
        if (unread.isEmpty()) {
            return;
        }
        int channels =
                unread.stream().mapToInt(each -> each.group().channels().size()).sum();
        all.add((unread.size() == 1 ? "a group" : unread.size() + " groups") + " with " + channels
                + " channels left alone, because the criterion '" + criterion + "' reads none of "
                + (unread.size() == 1 ? "its" : "their") + " parameters: "
                + listed(unread, each -> "'" + layers.name(each.group()) + "'"));
    }

    /**
     * Warns where channels of different groups compete with scores that cannot be compared.
     *
     * @param groups the groups that may be pruned, with normalised scores
     * @param spread which of them compete
     */
    void comparison(List<GroupScores> groups, Normalisation normalisation, SparsityAllocation spread) {
        if (!(spread instanceof SparsityAllocation.Pools pools)) {
            return;
        }
        for (SparsityAllocation.RankingPool pool : pools.pools()) {
            List<GroupScores> competing =
                    pool.groups().stream().map(groups::get).toList();
            Optional<String> warning = switch (normalisation) {
                case SUM -> widths(competing);
                case NONE -> levels(competing);
                default -> Optional.empty();
            };
            if (warning.isPresent()) {
                all.add(warning.get());
                return;
            }
        }
    }

    /** Scores of a group that add up to 1 are the smaller the more there are. */
    private static Optional<String> widths(List<GroupScores> competing) {
        boolean differ = competing.stream()
                        .mapToInt(each -> each.scores().length)
                        .distinct()
                        .count()
                > 1;
        return differ
                ? Optional.of(
                        "scores are divided by the sum of their group, and groups of different widths compete: channels of"
                                + " wide groups are removed first because there are many of them; --normalise mean compares them alike")
                : Optional.empty();
    }

    private Optional<String> levels(List<GroupScores> competing) {
        Comparator<GroupScores> byHighest = Comparator.comparingDouble(each -> largest(each.scores()));
        Comparator<GroupScores> byLowest = Comparator.comparingDouble(each -> -largest(negated(each.scores())));
        Optional<GroupScores> low = competing.stream().min(byHighest);
        Optional<GroupScores> high = competing.stream().max(byLowest);
        return low.isPresent()
                        && largest(low.get().scores())
                                < -largest(negated(high.orElseThrow().scores()))
                ? Optional.of("all channels of '" + layers.name(low.get().group()) + "' score less than any of '"
                        + layers.name(high.get().group())
                        + "', and they compete without normalisation: that compares layers, not channels; --normalise mean, or"
                        + " --allocator uniform, compares channels")
                : Optional.empty();
    }

    private static double largest(double... scores) {
        return Arrays.stream(scores).max().orElse(0);
    }

    private static double[] negated(double... scores) {
        return Arrays.stream(scores).map(score -> -score).toArray();
    }

    /**
     * Says why the multiply-accumulates fall more than a share of channels makes expect. Layers that are all narrowed alike
     * keep the square of the share, because both their inputs and their outputs shrink.
     */
    void macs(Target target) {
        long total = plan.groups().stream().mapToLong(PlannedGroup::total).sum();
        long kept = plan.groups().stream().mapToLong(PlannedGroup::kept).sum();
        boolean isNarrowed =
                target.metric() == Target.Metric.CHANNELS && plan.blocks().isEmpty();
        if (!isNarrowed || plan.original().macs() == 0 || total == 0) {
            return;
        }
        double share = (double) kept / total;
        double macs = (double) plan.predicted().macs() / plan.original().macs();
        if (macs < share * share) {
            all.add(String.format(
                    Locale.ROOT,
                    "%.0f%% of the MACs remain, though %.0f%% of the channels do: %s",
                    macs * 100,
                    share * 100,
                    reason()));
        }
    }

    /** Says which residual blocks were left out, and what is lost after each. */
    void blocks() {
        if (plan.blocks().isEmpty()) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < plan.blocks().size(); i++) {
            List<String> block = names.blocks().get(i);
            shown.add(String.format(
                    Locale.ROOT,
                    "'%s' (%.3f)",
                    String.join("', '", block),
                    plan.blocks().get(i).score()));
        }
        all.add((shown.size() == 1 ? "a residual block is" : shown.size() + " residual blocks are")
                + " left out (share of the variance of the outputs that is lost by then): " + String.join("; ", shown));
    }

    private String reason() {
        List<PlannedGroup> cut = plan.groups().stream()
                .filter(group -> group.kept() < group.total())
                .toList();
        List<PlannedGroup> wide = cut.stream()
                .filter(group -> names.group(group).channelsPerUnit() > 1)
                .sorted(Comparator.comparingDouble(group ->
                        -(group.total() - group.kept()) * names.group(group).channelsPerUnit()))
                .toList();
        if (!wide.isEmpty()) {
            return "a target in channels counts units that can only be removed as a whole, and one is worth several channels"
                    + " in " + listed(wide, this::width);
        }
        List<PlannedGroup> narrowest = cut.stream()
                .sorted(Comparator.comparingDouble(group -> (double) group.kept() / group.total()))
                .toList();
        return "layers that cost much were narrowed more than others: " + listed(narrowest, this::kept);
    }

    private String width(PlannedGroup group) {
        double width = names.group(group).channelsPerUnit();
        return "'" + names.group(group).layer() + "' ("
                + (width == Math.rint(width) ? Long.toString((long) width) : String.format(Locale.ROOT, "%.1f", width))
                + ")";
    }

    private String kept(PlannedGroup group) {
        return "'" + names.group(group).layer() + "' keeps " + group.kept() + " of " + group.total();
    }

    private static <T> String listed(List<T> items, Function<T, String> text) {
        String named = items.stream().limit(LAYERS_NAMED).map(text).collect(Collectors.joining(", "));
        return items.size() <= LAYERS_NAMED ? named : named + " and " + (items.size() - LAYERS_NAMED) + " more";
    }
}
