package io.espalier.engine.coupling.propagate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bounds rewritten after a cut pick what is left of what was picked before. */
final class SliceRangeTest {

    @Test
    void boundsAreClampedAsTheOperatorDoes() {
        assertThat(range(2, -1, 1).positions(8)).contains(new int[] {2, 3, 4, 5, 6});
        assertThat(range(-2, 0, -2).positions(8)).contains(new int[] {6, 4, 2});
        assertThat(range(-1, Long.MIN_VALUE, -1).positions(3)).contains(new int[] {2, 1, 0});
        assertThat(range(-100, Long.MAX_VALUE, 3).positions(7)).contains(new int[] {0, 3, 6});
        assertThat(range(100, -100, -1).positions(2)).contains(new int[] {1, 0});
        assertThat(range(5, 2, 1).positions(8)).contains(new int[0]);
    }

    @Test
    void whatIsNotKnownHasNoPositions() {
        assertThat(new SliceRange(0, Optional.empty(), Optional.of(1L), Optional.of(1L)).positions(3))
                .isEmpty();
        assertThat(range(0, 3, 0).positions(3)).isEmpty();
    }

    @Test
    void rewrittenBoundsPickWhatIsLeft() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 5000; round++) {
            int extent = random.nextInt(1, 13);
            long step = random.nextLong(1, 4) * (random.nextBoolean() ? 1 : -1);
            SliceRange range = range(random.nextLong(-15, 16), random.nextLong(-15, 16), step);
            int[] kept = keptBlocks(random, extent, (int) Math.abs(step));
            int[] picked = range.positions(extent).orElseThrow();
            int[] expected = Arrays.stream(picked)
                    .map(position -> Arrays.binarySearch(kept, position))
                    .filter(place -> place >= 0)
                    .toArray();
            long[] bounds = range.after(extent, kept);
            assertThat(range(bounds[0], bounds[1], step).positions(kept.length))
                    .as("round %d: %s of %d, kept %s", round, range, extent, Arrays.toString(kept))
                    .contains(expected);
        }
    }

    /** A stride treats neighbours as one block, so they stay or go together. */
    private static int[] keptBlocks(SplittableRandom random, int extent, int block) {
        long pattern = random.nextLong();
        return IntStream.range(0, extent)
                .filter(position -> (pattern >> position / block & 1) == 1)
                .toArray();
    }

    private static SliceRange range(long start, long end, long step) {
        return new SliceRange(0, Optional.of(start), Optional.of(end), Optional.of(step));
    }
}
