package io.espalier.engine.allocate;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.RemainingCounts;
import io.espalier.engine.score.GroupScores;
import io.espalier.spi.allocator.SparsityAllocator.RankingPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order in which units go: within a contest the lowest score first, the later one first when scores are equal;
 * contests take turns so that each has lost the same share of its channels.
 */
final class UnitSequence {

    private final Coupling coupling;
    private final List<GroupScores> groups;
    private final Widths widths;

    UnitSequence(Coupling coupling, List<GroupScores> groups, Widths widths) {
        this.coupling = coupling;
        this.groups = groups;
        this.widths = widths;
    }

    /** The units of a contest, first to go first; the last ones that stay anyway are left out. */
    List<Unit> ofContest(RankingPool pool) {
        List<Unit> units = new ArrayList<>();
        pool.groups().forEach(group -> units.addAll(ofGroup(group)));
        units.sort(Comparator.comparingDouble(Unit::score)
                .thenComparing(Unit::group, Comparator.reverseOrder())
                .thenComparing(Unit::order));
        return units;
    }

    /** Number of channels of a contest. */
    int channels(RankingPool pool) {
        return pool.groups().stream()
                .mapToInt(group -> groups.get(group).scores().length)
                .sum();
    }

    private List<Unit> ofGroup(int number) {
        double[] scores = groups.get(number).scores();
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(channel -> scores[channel])
                        .thenComparing(Comparator.reverseOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
        int block = widths.block(coupling, groups.get(number).group());
        int fewest = widths.fewest(order.length, block);
        List<Unit> units = new ArrayList<>();
        double last = Double.NEGATIVE_INFINITY;
        for (int gone = 0; gone < order.length; ) {
            int size = units.isEmpty() && order.length % block > 0 ? order.length % block : block;
            if (order.length - gone - size < fewest) {
                break;
            }
            int[] channels = Arrays.copyOfRange(order, gone, gone + size);
            // Rounding of the mean must not change the order within the group.
            last = Math.max(
                    last,
                    Arrays.stream(channels)
                            .mapToDouble(each -> scores[each])
                            .average()
                            .orElseThrow());
            units.add(new Unit(number, units.size(), channels, last));
            gone += size;
        }
        return units;
    }

    /** A unit with the share of its contest that has gone with it. */
    private record Turn(Unit unit, int pool, long gone, long channels) {

        static int compareShares(Turn one, Turn other) {
            return Long.compare(one.gone * other.channels, other.gone * one.channels);
        }
    }

    /** The units of all contests, first to go first; those that would leave nothing of a value stay. */
    List<Unit> of(List<RankingPool> pools) {
        List<Turn> turns = new ArrayList<>();
        for (int number = 0; number < pools.size(); number++) {
            RankingPool pool = pools.get(number);
            int channels = channels(pool);
            long gone = 0;
            for (Unit unit : ofContest(pool)) {
                gone += unit.channels().length;
                turns.add(new Turn(unit, number, gone, channels));
            }
        }
        turns.sort(((Comparator<Turn>) Turn::compareShares)
                .thenComparing(Turn::pool, Comparator.reverseOrder())
                .thenComparing(Turn::gone));
        RemainingCounts occupancy = new RemainingCounts(coupling);
        return turns.stream()
                .map(Turn::unit)
                .filter(unit -> occupancy.remove(classes(unit)))
                .toList();
    }

    /** The classes that go with a unit. */
    BitSet classes(Unit unit) {
        BitSet classes = new BitSet();
        for (int channel : unit.channels()) {
            for (int each :
                    groups.get(unit.group()).group().channels().get(channel).classes()) {
                classes.set(each);
            }
        }
        return classes;
    }
}
