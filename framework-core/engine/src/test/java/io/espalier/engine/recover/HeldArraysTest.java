package io.espalier.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldArraysTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 500, Long.MAX_VALUE})
    @DisplayName("Arrays are the same from the heap and from files, and files are gone once closed")
    void heapOrFiles(long most) {
        double[][] arrays = new double[5][];
        HeldArrays held = new HeldArrays(most);
        try (held) {
            for (int i = 0; i < arrays.length; i++) {
                arrays[i] = new SplittableRandom(i).doubles(10 + 20 * i, -1, 1).toArray();
                assertThat(held.put(arrays[i])).isEqualTo(i);
            }
            for (int i = 0; i < arrays.length; i++) {
                assertThat(held.get(i)).containsExactly(arrays[i]);
            }
        }
        if (most < Long.MAX_VALUE) {
            assertThatThrownBy(() -> held.get(4)).isInstanceOf(UncheckedIOException.class);
        }
    }
}
