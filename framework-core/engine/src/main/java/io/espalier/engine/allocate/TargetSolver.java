package io.espalier.engine.allocate;

import io.espalier.engine.allocate.Allocation.Selection;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.RemainingCounts;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.latency.LatencyModel;
import io.espalier.engine.score.GroupScores;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Removes as few channels as meet a target.
 *
 * <p>Channels go in one fixed order ({@link UnitSequence}); removing more never costs more, so the shortest beginning of
 * the order that meets the target is found by bisection over exact costs. Putting back the last unit would exceed the
 * target. Immutable and thread-safe.
 */
public final class TargetSolver {

    private final Coupling coupling;
    private final RemovalCosts costs;
    private final Widths widths;
    private final List<Group> ignored;
    private final Optional<LatencyModel> latency;

    /** A solver for targets that are no latency. */
    public TargetSolver(Coupling coupling, RemovalCosts costs, Widths widths, List<Group> ignored) {
        this(coupling, costs, widths, ignored, Optional.empty());
    }

    /**
     * A solver.
     *
     * @param ignored groups that are left alone; only named when a target cannot be reached
     * @param latency times of the groups to be pruned, in their order, for a target that is a latency
     */
    public TargetSolver(
            Coupling coupling, RemovalCosts costs, Widths widths, List<Group> ignored, Optional<LatencyModel> latency) {
        this.latency = latency;
        this.coupling = coupling;
        this.costs = costs;
        this.widths = widths;
        this.ignored = List.copyOf(ignored);
    }

    /**
     * Decides what goes.
     *
     * @param groups all groups that may be pruned, with normalised scores
     * @param spread how the removal is spread over the groups
     * @throws UnreachableTargetException when too much would remain
     */
    public Allocation solve(List<GroupScores> groups, SparsityAllocation spread, Target target) {
        return solve(groups, spread, target, 1);
    }

    /**
     * Decides what one of several steps removes: every step leaves the same share of what it finds.
     *
     * @param progress how much of the way to the target is done after the step: above 0, at most 1
     */
    public Allocation solve(List<GroupScores> groups, SparsityAllocation spread, Target target, double progress) {
        Question question = new Question(groups, spread, target, progress);
        requireCounted(target, question);
        boolean everyPool = target.metric() == Target.Metric.CHANNELS && target.isShare() && !(spread instanceof Rates);
        return question.allocation(everyPool ? question.shareOfChannels() : question.shortest());
    }

    private static void requireCounted(Target target, Question question) {
        if (target.metric() == Target.Metric.MACS && question.original() == 0) {
            throw new UnreachableTargetException("The target '" + target
                    + "' has no meaning here: no multiply-accumulates are counted in this model, because its operators do"
                    + " not contract, are not known, or read values of unknown shape. Ask for params, bytes or channels,"
                    + " or teach its operators with a plug-in.");
        }
    }

    private static List<GroupScores> ranked(List<GroupScores> groups, SparsityAllocation spread) {
        return spread instanceof ChannelScores scores
                ? IntStream.range(0, groups.size())
                        .mapToObj(
                                group -> groups.get(group).with(scores.scores().get(group)))
                        .toList()
                : groups;
    }

    /** One target for some groups. */
    private final class Question {

        private final List<GroupScores> groups;
        private final List<RatedPool> pools;
        private final Target target;
        private final double progress;
        private final UnitSequence sequence;

        Question(List<GroupScores> groups, SparsityAllocation spread, Target target, double progress) {
            this.groups = groups;
            this.pools = RatedPool.of(spread, groups.size());
            this.target = target;
            this.progress = progress;
            this.sequence = new UnitSequence(coupling, ranked(groups, spread), widths, latency);
        }

        private int channels() {
            return groups.stream().mapToInt(group -> group.scores().length).sum();
        }

        private long original() {
            return remaining(List.of(), new BitSet());
        }

        /**
         * What is left of the target's metric.
         *
         * @param gone the units that go
         * @param classes the classes they remove
         */
        private long remaining(List<Unit> gone, BitSet classes) {
            return switch (target.metric()) {
                case MACS -> costs.macs(Removal.of(classes));
                case PARAMS -> costs.parameters(Removal.of(classes));
                case BYTES -> costs.bytes(Removal.of(classes));
                case CHANNELS -> channels() - channels(gone);
                case LATENCY -> latency.orElseThrow().nanos(removed(gone), Removal.of(classes));
            };
        }

        /** How many channels each group loses. */
        private int[] removed(List<Unit> gone) {
            int[] removed = new int[groups.size()];
            gone.forEach(unit -> removed[unit.group()] += unit.channels().length);
            return removed;
        }

        private long limit(long before) {
            return target.limit(before, progress);
        }

        private static int channels(List<Unit> units) {
            return units.stream().mapToInt(unit -> unit.channels().length).sum();
        }

        /** The shortest beginning of the sequence that meets the target; what an earlier step removed does not come back. */
        List<Unit> shortest() {
            List<Unit> units = sequence.of(pools);
            UnitClasses classes = new UnitClasses(groups, units);
            long original = original();
            long limit = limit(original);
            if (original <= limit) {
                return List.of();
            }
            long lowest = remaining(units, classes.added(new BitSet(), 0, units.size()));
            if (lowest > limit) {
                throw unreachable(lowest, limit);
            }
            int tooFew = (int) units.stream().filter(sequence::isEarlier).count();
            BitSet least = classes.added(new BitSet(), 0, tooFew);
            if (tooFew > 0 && remaining(units.subList(0, tooFew), least) <= limit) {
                return units.subList(0, tooFew);
            }
            int enough = units.size();
            while (enough - tooFew > 1) {
                int middle = (tooFew + enough) >>> 1;
                BitSet gone = classes.added(least, tooFew, middle);
                if (remaining(units.subList(0, middle), gone) <= limit) {
                    enough = middle;
                } else {
                    tooFew = middle;
                    least = gone;
                }
            }
            return latency.isPresent() ? withoutNeedless(units.subList(0, enough), limit) : units.subList(0, enough);
        }

        /**
         * Puts back what the last unit, which may save much more than was missing, has made needless: the units that score most
         * first, and of each group the one that went last.
         */
        private List<Unit> withoutNeedless(List<Unit> units, long limit) {
            List<Unit> gone = new ArrayList<>(units);
            Set<Integer> held = new HashSet<>();
            for (int i = gone.size() - 1; i >= 0; i--) {
                Unit unit = gone.remove(i);
                if (sequence.isEarlier(unit) || held.contains(unit.group()) || remaining(gone) > limit) {
                    gone.add(i, unit);
                    held.add(unit.group());
                }
            }
            return gone;
        }

        private long remaining(List<Unit> gone) {
            return remaining(gone, new UnitClasses(groups, gone).added(new BitSet(), 0, gone.size()));
        }

        /** Every pool keeps its share, rounded down, and at least one channel. */
        List<Unit> shareOfChannels() {
            List<Unit> gone = new ArrayList<>();
            RemainingCounts occupancy = new RemainingCounts(coupling);
            for (RatedPool pool : pools) {
                int kept = sequence.channels(pool);
                long limit = Math.max(1, limit(kept));
                for (Unit unit : sequence.ofPool(pool)) {
                    if (kept <= limit) {
                        break;
                    }
                    if (occupancy.remove(sequence.classes(unit))) {
                        kept -= unit.channels().length;
                        gone.add(unit);
                    }
                }
                if (kept > limit) {
                    throw unreachable(kept, limit);
                }
            }
            return gone;
        }

        private UnreachableTargetException unreachable(long lowest, long limit) {
            List<Group> still = pools.stream()
                    .filter(pool -> pool.rate() == 0)
                    .flatMap(pool -> pool.groups().stream())
                    .map(group -> groups.get(group).group())
                    .toList();
            return new UnreachableTargetReport(
                            TargetSolver.this.coupling, costs, widths, ignored, still, target, latency)
                    .explain(groups.stream().map(GroupScores::group).toList(), lowest, limit);
        }

        Allocation allocation(List<Unit> gone) {
            List<TreeSet<Integer>> removed = new ArrayList<>();
            groups.forEach(group -> removed.add(new TreeSet<>()));
            for (Unit unit : gone) {
                for (int channel : unit.channels()) {
                    removed.get(unit.group()).add(channel);
                }
            }
            List<Selection> selections = new ArrayList<>();
            for (int i = 0; i < groups.size(); i++) {
                selections.add(new Selection(groups.get(i), List.copyOf(removed.get(i))));
            }
            BitSet classes = new UnitClasses(groups, gone).added(new BitSet(), 0, gone.size());
            Removal removal = Removal.of(classes);
            return new Allocation(selections, removal, costs.of(removal), remaining(gone, classes), limit(original()));
        }
    }
}
