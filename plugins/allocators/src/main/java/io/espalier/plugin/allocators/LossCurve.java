package io.espalier.plugin.allocators;

import java.util.ArrayList;
import java.util.List;

/**
 * What a group loses when so many of its weakest channels are removed: the largest convex function that lies nowhere above what was
 * measured, so that every further channel loses at least as much as the one before.
 *
 * @param removed numbers of removed channels, ascending, from 0
 * @param lost what is lost then
 */
record LossCurve(double[] removed, double[] lost) {

    /** One cut that was measured. */
    record Point(double removed, double lost) {}

    /**
     * The curve of some cuts. What was gained by a cut counts as nothing lost.
     *
     * @param measured in ascending order of removed channels
     * @param end what is lost with all channels
     */
    static LossCurve of(List<Point> measured, Point end) {
        List<Point> hull = new ArrayList<>(List.of(new Point(0, 0)));
        List<Point> all = new ArrayList<>(measured);
        all.add(end);
        for (Point point : all) {
            Point next = new Point(point.removed(), Math.max(0, point.lost()));
            while (hull.size() > 1
                    && slope(hull.get(hull.size() - 2), hull.get(hull.size() - 1)) >= slope(last(hull), next)) {
                hull.remove(hull.size() - 1);
            }
            hull.add(next);
        }
        return new LossCurve(
                hull.stream().mapToDouble(Point::removed).toArray(),
                hull.stream().mapToDouble(Point::lost).toArray());
    }

    private static Point last(List<Point> points) {
        return points.get(points.size() - 1);
    }

    private static double slope(Point from, Point to) {
        return (to.lost() - from.lost()) / (to.removed() - from.removed());
    }

    /** What the next channel loses when so many are gone. */
    double slope(int gone) {
        int piece = 1;
        while (piece < removed.length - 1 && removed[piece] <= gone) {
            piece++;
        }
        return (lost[piece] - lost[piece - 1]) / (removed[piece] - removed[piece - 1]);
    }
}
