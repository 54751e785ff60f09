package io.espalier.engine.coupling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What else goes when classes go: the cells of a row, and a row whose cells have all gone. */
final class Closure {

    private static final int[] NONE = {};

    private final int[][] rowsOf;
    private final int[][] rowsWithCell;
    private final int[][] ringsOf;
    private final List<Coupling.RowClass> rows;
    private final List<Coupling.RingClass> rings;

    Closure(Coupling coupling) {
        this.rows = coupling.rows();
        this.rings = coupling.rings();
        List<List<Integer>> byRow = lists(coupling.classCount());
        List<List<Integer>> byCell = lists(coupling.classCount());
        for (int i = 0; i < rows.size(); i++) {
            byRow.get(rows.get(i).row()).add(i);
            for (int cell : rows.get(i).cells()) {
                byCell.get(cell).add(i);
            }
        }
        this.rowsOf = arrays(byRow);
        this.rowsWithCell = arrays(byCell);
        List<List<Integer>> byMember = lists(coupling.classCount());
        for (int i = 0; i < rings.size(); i++) {
            for (int member : rings.get(i).members()) {
                byMember.get(member).add(i);
            }
        }
        this.ringsOf = arrays(byMember);
    }

    private static List<List<Integer>> lists(int count) {
        List<List<Integer>> lists = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>(0));
        }
        return lists;
    }

    private static int[][] arrays(List<List<Integer>> lists) {
        int[][] arrays = new int[lists.size()][];
        Arrays.setAll(arrays, i -> lists.get(i).isEmpty() ? NONE : numbers(lists.get(i)));
        return arrays;
    }

    private static int[] numbers(Collection<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private boolean touchesRow(Collection<Integer> classes) {
        for (int each : classes) {
            if (rowsOf[each].length + rowsWithCell[each].length + ringsOf[each].length > 0) {
                return true;
            }
        }
        return false;
    }

    /** All classes that go, in ascending order. */
    int[] of(Collection<Integer> seeds) {
        if (!touchesRow(seeds)) {
            return seeds.size() == 1 ? new int[] {seeds.iterator().next()} : numbers(new TreeSet<>(seeds));
        }
        TreeSet<Integer> gone = new TreeSet<>();
        Map<Integer, Integer> goneCells = new HashMap<>();
        Deque<Integer> queue = new ArrayDeque<>(seeds);
        do {
            spread(queue, gone, goneCells);
            queue.addAll(tied(gone));
        } while (!queue.isEmpty());
        return numbers(gone);
    }

    private void spread(Deque<Integer> queue, TreeSet<Integer> gone, Map<Integer, Integer> goneCells) {
        while (!queue.isEmpty()) {
            int next = queue.remove();
            if (!gone.add(next)) {
                continue;
            }
            for (int row : rowsOf[next]) {
                Arrays.stream(rows.get(row).cells()).forEach(queue::add);
            }
            for (int row : rowsWithCell[next]) {
                if (goneCells.merge(row, 1, Integer::sum) == rows.get(row).cells().length) {
                    queue.add(rows.get(row).row());
                }
            }
        }
    }

    /** What is tied to something that has gone while others of its row stay. */
    private List<Integer> tied(TreeSet<Integer> gone) {
        List<Integer> missing = new ArrayList<>();
        for (int each : gone) {
            for (int number : ringsOf[each]) {
                Coupling.RingClass ring = rings.get(number);
                List<Integer> row = ring.rows().get(ring.members().indexOf(each));
                if (!gone.containsAll(row)) {
                    ring.members().stream()
                            .filter(member -> !gone.contains(member))
                            .forEach(missing::add);
                }
            }
        }
        return missing;
    }
}
