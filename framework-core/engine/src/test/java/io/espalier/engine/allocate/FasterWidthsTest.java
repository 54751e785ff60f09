package io.espalier.engine.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FasterWidthsTest {

    private static List<Unit> units(double... scores) {
        return IntStream.range(0, scores.length)
                .mapToObj(i -> new Unit(0, i, new int[] {i}, scores[i]))
                .toList();
    }

    private static List<List<Integer>> channels(List<Unit> units) {
        return units.stream()
                .map(unit -> IntStream.of(unit.channels()).boxed().toList())
                .toList();
    }

    @Test
    @DisplayName("Where time falls by steps of four, four channels go together, and what follows the last step stays")
    void staircase() {
        IntToDoubleFunction stairs = removed -> removed / 4;

        List<Unit> joined = FasterWidths.of(units(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), stairs);

        assertThat(channels(joined)).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7));
        assertThat(joined).extracting(Unit::score).containsExactly(2.5, 6.5);
    }

    @Test
    @DisplayName("Where time falls evenly nothing is joined")
    void even() {
        assertThat(channels(FasterWidths.of(units(1, 2, 3), removed -> removed)))
                .containsExactly(List.of(0), List.of(1), List.of(2));
    }

    @Test
    @DisplayName("A small saving is passed over on the way to a large one")
    void hull() {
        IntToDoubleFunction saved = removed -> new double[] {0, 1, 1.1, 10}[removed];

        assertThat(channels(FasterWidths.of(units(1, 1, 1), saved))).containsExactly(List.of(0, 1, 2));
    }

    @Test
    @DisplayName("What an earlier step removed goes first, alone")
    void earlier() {
        List<Unit> joined = FasterWidths.of(units(Double.NEGATIVE_INFINITY, 1, 2), removed -> removed / 2);

        assertThat(channels(joined)).containsExactly(List.of(0), List.of(1));
    }

    @Test
    @DisplayName("Where nothing saves time nothing goes")
    void flat() {
        assertThat(FasterWidths.of(units(1, 2, 3), removed -> 0)).isEmpty();
    }
}
