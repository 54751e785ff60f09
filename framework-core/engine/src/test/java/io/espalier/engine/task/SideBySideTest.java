package io.espalier.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideBySideTest {

    /** A program that complains when it is used twice at a time, or used and closed. */
    private static final class TestingRunner implements Runner {

        private final AtomicBoolean busy = new AtomicBoolean();
        private boolean closed;

        @Override
        public List<String> inputs() {
            return List.of();
        }

        @Override
        public List<String> outputs() {
            return List.of();
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs) {
            enter();
            IntStream.range(0, 1000).forEach(each -> Thread.onSpinWait());
            busy.set(false);
            return Map.of();
        }

        private void enter() {
            if (closed || busy.getAndSet(true)) {
                throw new IllegalStateException("used twice");
            }
        }

        @Override
        public void close() {
            enter();
            closed = true;
        }
    }

    private final List<TestingRunner> loaded = new ArrayList<>();

    private SideBySide runs(int threads) {
        return new SideBySide(
                () -> {
                    loaded.add(new TestingRunner());
                    return loaded.get(loaded.size() - 1);
                },
                threads);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void resultsAreTakenInTheOrderOfTheItems(int threads) {
        List<Integer> items = IntStream.range(0, 200).boxed().toList();
        List<Integer> taken = new ArrayList<>();
        try (SideBySide runs = runs(threads)) {
            runs.each(items, (runner, item) -> done(runner, item), taken::add);
            runs.each(items, (runner, item) -> done(runner, item), taken::add);
        }
        assertThat(taken.subList(0, 200)).isEqualTo(items);
        assertThat(taken.subList(200, 400)).isEqualTo(items);
        assertThat(loaded).hasSizeBetween(1, threads).allMatch(each -> each.closed);
    }

    private static int done(Runner runner, int item) {
        runner.run(Map.of());
        return item;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aFailureEndsTheWorkAndClosesEveryProgram(int threads) {
        int failing = new Random(threads).nextInt(50);
        List<Integer> items = IntStream.range(0, 50).boxed().toList();
        List<Integer> taken = new ArrayList<>();
        assertThatThrownBy(() -> {
                    try (SideBySide runs = runs(threads)) {
                        runs.each(
                                items,
                                (runner, item) -> {
                                    if (item == failing) {
                                        throw new IllegalArgumentException("item " + item);
                                    }
                                    return done(runner, item);
                                },
                                taken::add);
                    }
                })
                .hasMessage("item " + failing);
        assertThat(taken).isEqualTo(items.subList(0, failing));
        assertThat(loaded).allMatch(each -> each.closed);
    }
}
