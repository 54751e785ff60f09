package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.Work;
import io.espalier.events.v1.WorkStarted;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static final long SECOND = 1_000_000_000L;

    private final StringWriter shown = new StringWriter();
    private final AtomicLong now = new AtomicLong(5 * SECOND);

    @Test
    @DisplayName("A terminal sees one line that is rewritten, with the time left, and taken away at the end")
    void terminal() {
        ProgressLine line = new ProgressLine(new PrintWriter(shown), true, now::get);

        line.accept(progress("scoring", 0, 1200));
        now.addAndGet(10 * SECOND);
        line.accept(progress("scoring", 300, 1200));
        line.accept(PruningEvent.newBuilder()
                .setRunFinished(RunFinished.getDefaultInstance())
                .build());

        assertThat(shown.toString())
                .isEqualTo(terminal("scoring 0/1,200") + terminal("scoring 300/1,200, 0:30 left") + "\r\u001b[K");
    }

    @Test
    @DisplayName("A terminal is not flooded: at most ten lines a second")
    void notFlooded() {
        ProgressLine line = new ProgressLine(new PrintWriter(shown), true, now::get);

        for (int i = 1; i <= 1000; i++) {
            now.addAndGet(SECOND / 1000);
            line.accept(progress("scoring", i, 1000));
        }

        assertThat(shown.toString().split("\r", -1).length - 1).isBetween(9, 11);
    }

    @Test
    @DisplayName("Elsewhere a plain line comes every few seconds, and none for quick work")
    void plain() {
        ProgressLine line = new ProgressLine(new PrintWriter(shown), false, now::get);

        line.accept(progress("lifting", 0, 0));
        now.addAndGet(SECOND);
        line.accept(progress("scoring", 1, 4));
        now.addAndGet(3 * SECOND);
        line.accept(progress("scor\u001bing", 2, 4));
        line.close();

        assertThat(shown.toString().replace(System.lineSeparator(), "\n")).isEqualTo("espalier: scor\\u001bing 2/4\n");
    }

    @Test
    @DisplayName("Work that reports nothing is named with its time, every few seconds until the run ends")
    void silentWork() {
        for (boolean terminal : List.of(false, true)) {
            shown.getBuffer().setLength(0);
            ProgressLine line = new ProgressLine(new PrintWriter(shown), terminal, now::get);
            line.accept(work(Work.WORK_VERIFY));
            for (int second = 1; second <= 13; second++) {
                now.addAndGet(SECOND);
                line.tick();
            }
            line.accept(PruningEvent.newBuilder()
                    .setRunFinished(RunFinished.getDefaultInstance())
                    .build());
            now.addAndGet(13 * SECOND);
            line.tick();

            UnaryOperator<String> whole = terminal ? ProgressLineTest::terminal : each -> "espalier: " + each + "\n";
            assertThat(shown.toString().replace(System.lineSeparator(), "\n"))
                    .isEqualTo(whole.apply("verify, for 0:04")
                            + whole.apply("verify, for 0:08")
                            + whole.apply("verify, for 0:12")
                            + (terminal ? "\r\u001b[K" : ""));
        }
    }

    @Test
    @DisplayName("What is tried is named, with what it is at and how long it has taken, until something else is")
    void tried() {
        ProgressLine line = new ProgressLine(new PrintWriter(shown), false, now::get);
        String[] trial = {"trial 3/12, macs=49%", "way 1/2, l2"};
        line.accept(work(Work.WORK_ANALYSE));
        now.addAndGet(4 * SECOND);
        line.accept(progress("trying ways", 0, 2, trial));
        now.addAndGet(4 * SECOND);
        line.accept(progress("fitting weights", 1, 4, trial));
        now.addAndGet(4 * SECOND);
        line.tick();
        line.accept(progress("trying ways", 1, 2, "trial 3/12, macs=49%", "way 2/2, obs"));
        now.addAndGet(5 * SECOND);
        line.tick();
        line.accept(progress("trying ways", 2, 2));
        now.addAndGet(5 * SECOND);
        line.tick();
        line.accept(work(Work.WORK_PLAN));
        now.addAndGet(4 * SECOND);
        line.tick();

        assertThat(shown.toString().lines())
                .containsExactly(
                        "espalier: trial 3/12, macs=49%, way 1/2, l2: trying ways 0/2",
                        "espalier: trial 3/12, macs=49%, way 1/2, l2: fitting weights 1/4",
                        "espalier: trial 3/12, macs=49%, way 1/2, l2, for 0:08",
                        "espalier: trial 3/12, macs=49%, way 2/2, obs, for 0:05",
                        "espalier: trying ways, for 0:05",
                        "espalier: plan, for 0:04");
    }

    @Test
    @DisplayName(
            "The time that is left of several trials counts from the first, that of what a trial does from its own beginning")
    void left() {
        ProgressLine line = new ProgressLine(new PrintWriter(shown), false, now::get);
        line.accept(progress("trying ways", 0, 3, "way 1/3, l2"));
        now.addAndGet(10 * SECOND);
        line.accept(progress("scoring", 1, 2, "way 1/3, l2"));
        now.addAndGet(10 * SECOND);
        line.accept(progress("trying ways", 1, 3, "way 2/3, obs"));
        now.addAndGet(10 * SECOND);
        line.accept(progress("scoring", 1, 100, "way 2/3, obs"));

        assertThat(shown.toString().lines())
                .containsExactly(
                        "espalier: way 1/3, l2: scoring 1/2",
                        "espalier: way 2/3, obs: trying ways 1/3, 0:40 left",
                        "espalier: way 2/3, obs: scoring 1/100");
    }

    private static String terminal(String line) {
        return "\r\u001b[K\u001b[?7l" + line + "\u001b[?7h";
    }

    private static PruningEvent work(Work work) {
        return PruningEvent.newBuilder()
                .setWorkStarted(WorkStarted.newBuilder().setWork(work))
                .build();
    }

    private static PruningEvent progress(String phase, long done, long total, String... within) {
        return PruningEvent.newBuilder()
                .setProgressReported(ProgressReported.newBuilder()
                        .setPhase(phase)
                        .setDone(done)
                        .setTotal(total)
                        .addAllWithin(List.of(within)))
                .build();
    }
}
