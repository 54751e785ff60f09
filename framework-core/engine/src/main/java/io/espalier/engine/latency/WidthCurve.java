package io.espalier.engine.latency;

import io.espalier.engine.latency.TimedGroups.TimedWidth;
import java.util.ArrayList;
import java.util.List;

/**
 * The time of a network by the width of some of its groups. What was measured is made monotone by isotonic regression (Barlow et
 * al., Statistical Inference under Order Restrictions, 1972), so that noise never pays for keeping fewer channels.
 *
 * @param widths in descending order, that of the original first
 * @param shares of the time of the original: 1 first, and none larger than the one before
 */
public record WidthCurve(List<Integer> widths, List<Double> shares) {

    public WidthCurve {
        widths = List.copyOf(widths);
        shares = List.copyOf(shares);
    }

    /** Widths that are timed alike. */
    private record Pool(double sum, int count) {

        double mean() {
            return sum / count;
        }

        Pool with(Pool other) {
            return new Pool(sum + other.sum, count + other.count);
        }
    }

    /** The time at every width: fewer channels never take longer, and between two widths it falls evenly. */
    static WidthCurve of(TimedGroups groups) {
        List<TimedWidth> points = new ArrayList<>();
        points.add(new TimedWidth(groups.channels(), 1));
        points.addAll(groups.times());
        return of(points);
    }

    private static WidthCurve of(List<TimedWidth> points) {
        List<Pool> pools = new ArrayList<>();
        for (TimedWidth point : points) {
            Pool pool = new Pool(point.share(), 1);
            while (!pools.isEmpty() && pools.get(pools.size() - 1).mean() < pool.mean()) {
                pool = pools.remove(pools.size() - 1).with(pool);
            }
            pools.add(pool);
        }
        List<Double> shares = new ArrayList<>();
        // Noise that makes a cut slower than the original would move the original itself, which is 1 by definition.
        pools.forEach(pool -> {
            for (int i = 0; i < pool.count(); i++) {
                shares.add(shares.isEmpty() ? 1 : Math.min(1, pool.mean()));
            }
        });
        return new WidthCurve(points.stream().map(TimedWidth::width).toList(), shares);
    }

    /** The fewest channels that were timed. */
    int narrowest() {
        return widths.get(widths.size() - 1);
    }

    /** The share of the whole time that a cut to a width saves; below the narrowest that was timed, what that one saves. */
    public double saved(int width) {
        for (int i = 1; i < widths.size(); i++) {
            if (width >= widths.get(i)) {
                double part = (double) (widths.get(i - 1) - width) / (widths.get(i - 1) - widths.get(i));
                return 1 - shares.get(i - 1) - part * (shares.get(i) - shares.get(i - 1));
            }
        }
        return 1 - shares.get(shares.size() - 1);
    }
}
