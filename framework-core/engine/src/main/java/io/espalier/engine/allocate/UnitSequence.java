package io.espalier.engine.allocate;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.RemainingCounts;
import io.espalier.engine.latency.LatencyModel;
import io.espalier.engine.score.GroupScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The order in which units are removed: within a pool what an earlier step removed, then the lowest score first, the later one first when scores are equal;
 * pools take turns so that each has lost the same share of its channels, or shares in the ratio of their rates.
 */
final class UnitSequence {

    private final Coupling coupling;
    private final List<GroupScores> groups;
    private final Widths widths;
    private final Optional<LatencyModel> latency;

    /**
     * An order.
     *
     * @param latency times of the groups, where units are to go in steps that save time
     */
    UnitSequence(Coupling coupling, List<GroupScores> groups, Widths widths, Optional<LatencyModel> latency) {
        this.latency = latency;
        this.coupling = coupling;
        this.groups = groups;
        this.widths = widths;
    }

    /** The units of a pool in the order of their removal; the last ones, which are kept anyway, are left out. */
    List<Unit> ofPool(RatedPool pool) {
        List<Unit> units = new ArrayList<>();
        pool.groups().forEach(group -> units.addAll(ofGroup(group)));
        units.sort(Comparator.comparingDouble(Unit::score)
                .thenComparing(Unit::group, Comparator.reverseOrder())
                .thenComparing(Unit::order));
        return units;
    }

    /** Number of channels of a pool. */
    int channels(RatedPool pool) {
        return pool.groups().stream()
                .mapToInt(group -> groups.get(group).scores().length)
                .sum();
    }

    private List<Unit> ofGroup(int number) {
        double[] scores = groups.get(number).scores().clone();
        groups.get(number).earlier().forEach(channel -> scores[channel] = Double.NEGATIVE_INFINITY);
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
        return latency.map(times -> FasterWidths.of(units, removed -> times.saved(number, removed)))
                .orElse(units);
    }

    /**
     * A unit with its moment.
     *
     * @param removed channels of its pool that are removed with it and before it
     * @param moment the share of the channels of its pool that this is, divided by the rate of the pool
     */
    private record Turn(Unit unit, int pool, int removed, double moment) {}

    /** The units of all pools in the order of their removal, first what an earlier step removed; those that would leave nothing of a value are kept. */
    List<Unit> of(List<RatedPool> pools) {
        List<Turn> turns = new ArrayList<>();
        for (int number = 0; number < pools.size(); number++) {
            RatedPool pool = pools.get(number);
            if (pool.rate() == 0) {
                continue;
            }
            int channels = channels(pool);
            int removed = 0;
            for (Unit unit : ofPool(pool)) {
                removed += unit.channels().length;
                turns.add(new Turn(unit, number, removed, (double) removed / channels / pool.rate()));
            }
        }
        turns.sort(Comparator.comparing((Turn turn) -> !isEarlier(turn.unit()))
                .thenComparingDouble(Turn::moment)
                .thenComparing(Turn::pool, Comparator.reverseOrder())
                .thenComparing(Turn::removed));
        RemainingCounts occupancy = new RemainingCounts(coupling);
        return turns.stream()
                .map(Turn::unit)
                .filter(unit -> occupancy.remove(classes(unit)))
                .toList();
    }

    /** Whether an earlier step removed something of a unit. */
    boolean isEarlier(Unit unit) {
        Set<Integer> earlier = groups.get(unit.group()).earlier();
        return Arrays.stream(unit.channels()).anyMatch(earlier::contains);
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
