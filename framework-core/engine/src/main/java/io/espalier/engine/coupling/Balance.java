package io.espalier.engine.coupling;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Checks whether what is kept stays rectangular in every grid. */
final class Balance {

    private final List<Grid> grids = new ArrayList<>();
    private final List<int[]> classes = new ArrayList<>();
    private final Map<Integer, List<long[]>> places = new HashMap<>();

    Balance(Coupling coupling) {
        Set<List<Object>> seen = new LinkedHashSet<>();
        for (Grid grid : coupling.grids()) {
            int[] cells = Arrays.stream(grid.labels()).map(coupling::classOf).toArray();
            List<Object> key = List.of(IntBuffer.wrap(cells), IntBuffer.wrap(grid.extents()));
            if (Arrays.stream(cells).allMatch(cell -> cell < 0) || !seen.add(key)) {
                continue;
            }
            int number = grids.size();
            grids.add(grid);
            classes.add(cells);
            for (int i = 0; i < cells.length; i++) {
                if (cells[i] >= 0) {
                    places.computeIfAbsent(cells[i], key2 -> new ArrayList<>(1)).add(new long[] {number, i});
                }
            }
        }
    }

    /** A row that has lost fewer columns than another of its grid. */
    record Deficit(int grid, int row) {}

    /** The value or parameter whose grid falls short. */
    String origin(Deficit deficit) {
        return grids.get(deficit.grid()).origin();
    }

    /** Whether a class lies in a grid at all. */
    boolean isConstrained(int classNumber) {
        return places.containsKey(classNumber);
    }

    /** Classes of one row of a grid. */
    int[] rowClasses(Deficit deficit) {
        int width = grids.get(deficit.grid()).width();
        return Arrays.copyOfRange(classes.get(deficit.grid()), deficit.row() * width, (deficit.row() + 1) * width);
    }

    /**
     * The first imbalance that removing some classes leaves, or empty when every grid stays rectangular.
     *
     * @param gone classes that go; all others stay
     */
    Optional<Deficit> deficit(Collection<Integer> gone) {
        Map<Integer, Map<Integer, Integer>> lost = new TreeMap<>();
        for (int classNumber : gone) {
            for (long[] place : places.getOrDefault(classNumber, List.of())) {
                int grid = (int) place[0];
                int row = (int) (place[1] / grids.get(grid).width());
                lost.computeIfAbsent(grid, key -> new TreeMap<>()).merge(row, 1, Integer::sum);
            }
        }
        for (Map.Entry<Integer, Map<Integer, Integer>> entry : lost.entrySet()) {
            Grid grid = grids.get(entry.getKey());
            Optional<Integer> row = shortRow(grid.extents(), entry.getValue());
            if (row.isPresent()) {
                return Optional.of(new Deficit(entry.getKey(), row.get()));
            }
        }
        return Optional.empty();
    }

    /** The first innermost row that lost fewer than the others, looking at all levels of nesting. */
    private static Optional<Integer> shortRow(int[] extents, Map<Integer, Integer> lost) {
        int level = extents.length - 1;
        int rows = 1;
        for (int i = 0; i < level; i++) {
            rows *= extents[i];
        }
        int width = extents[level];
        Map<Integer, Integer> emptied = new LinkedHashMap<>();
        int most = 0;
        for (Map.Entry<Integer, Integer> row : lost.entrySet()) {
            if (row.getValue() == width) {
                emptied.put(row.getKey(), 1);
            } else {
                most = Math.max(most, row.getValue());
            }
        }
        if (most > 0) {
            for (int row = 0; row < rows; row++) {
                if (!emptied.containsKey(row) && lost.getOrDefault(row, 0) < most) {
                    return Optional.of(row);
                }
            }
        }
        if (emptied.isEmpty() || level <= 1) {
            return Optional.empty();
        }
        int[] outer = Arrays.copyOf(extents, level);
        Map<Integer, Integer> outerLost = new TreeMap<>();
        emptied.keySet().forEach(row -> outerLost.merge(row / outer[level - 1], 1, Integer::sum));
        return shortRow(outer, outerLost).map(row -> row * outer[level - 1]);
    }
}
