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
                .isEqualTo("\r\u001b[Kscoring 0/1,200\r\u001b[Kscoring 300/1,200, 0:30 left\r\u001b[K");
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
            line.accept(PruningEvent.newBuilder()
                    .setWorkStarted(WorkStarted.newBuilder().setWork(Work.WORK_VERIFY))
                    .build());
            for (int second = 1; second <= 13; second++) {
                now.addAndGet(SECOND);
                line.tick();
            }
            line.accept(PruningEvent.newBuilder()
                    .setRunFinished(RunFinished.getDefaultInstance())
                    .build());
            now.addAndGet(13 * SECOND);
            line.tick();

            String prefix = terminal ? "\r\u001b[K" : "espalier: ";
            String suffix = terminal ? "" : "\n";
            assertThat(shown.toString().replace(System.lineSeparator(), "\n"))
                    .isEqualTo(prefix + "verify, for 0:04" + suffix + prefix + "verify, for 0:08" + suffix + prefix
                            + "verify, for 0:12" + suffix + (terminal ? "\r\u001b[K" : ""));
        }
    }

    private static PruningEvent progress(String phase, long done, long total) {
        return PruningEvent.newBuilder()
                .setProgressReported(ProgressReported.newBuilder()
                        .setPhase(phase)
                        .setDone(done)
                        .setTotal(total))
                .build();
    }
}
