package io.espalier.cli;

import io.espalier.cli.event.EventText;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.events.EventSink;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Shows how far a run has come, from its events: one line that is rewritten on a terminal, elsewhere a plain line every
 * few seconds. Work that reports nothing is shown by its name, or by what is being tried, and the time it has taken, whenever {@link
 * #tick} finds that nothing was shown for a while. Thread-safe.
 */
final class ProgressLine implements EventSink, AutoCloseable {

    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 3_000_000_000L;
    private static final long SILENT_NANOS = 4_000_000_000L;
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final long SECOND = 1_000_000_000L;
    private static final String ERASE = "\r\u001b[K";
    /** A line that is too long is cut by the terminal: on two lines it could not be rewritten. */
    private static final String CUT = "\u001b[?7l";

    private static final String WRAPPED = "\u001b[?7h";

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final Map<String, Long> phaseStarts = new HashMap<>();
    private String phase = "";
    /** What the run is at: a piece of work, or what is being tried. */
    private String work = "";

    private long workStart;
    private String tried = "";
    private long lastShown;
    private boolean visible;
    private Optional<Ticker> ticker = Optional.empty();

    /**
     * Progress on a writer.
     *
     * @param terminal whether a line can be rewritten there
     * @param nanoTime a clock that never runs backwards
     */
    ProgressLine(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.lastShown = nanoTime.getAsLong();
    }

    @Override
    public synchronized void accept(PruningEvent event) {
        if (event.hasProgressReported()) {
            show(event.getProgressReported());
        } else if (event.hasTrialEnded()) {
            note(Clean.text(EventText.trial(event.getTrialEnded())));
        } else if (event.hasWorkStarted()) {
            phaseStarts.clear();
            phase = "";
            tried = "";
            work(EventText.work(event.getWorkStarted()));
        } else if (event.hasRunFinished() || event.hasRunFailed()) {
            work = "";
            close();
        }
    }

    private void work(String name) {
        work = name;
        workStart = nanoTime.getAsLong();
    }

    private void show(ProgressReported progress) {
        long now = nanoTime.getAsLong();
        String within = Clean.text(EventText.within(progress));
        boolean begins = !progress.getPhase().equals(phase) || !within.equals(tried);
        if (!within.equals(tried)) {
            tried = within;
            // What follows begins anew, but for the count of what is tried.
            phaseStarts.keySet().retainAll(Set.of(progress.getPhase()));
            work(within.isEmpty() ? Clean.text(progress.getPhase()) : within);
        }
        phase = progress.getPhase();
        long phaseStart = phaseStarts.merge(phase, now, (before, later) -> progress.getDone() == 0 ? later : before);
        if (now - lastShown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS) && !(begins && terminal)) {
            return;
        }
        print((within.isEmpty() ? "" : within + ": ") + line(progress, now - phaseStart), now);
    }

    /** Lets time pass: {@link #tick} is called once a second until this is closed. */
    synchronized void start() {
        ticker = Optional.of(Ticker.every(TICK, this::tick));
    }

    /** Says what the run is at when it has said nothing for a while. */
    synchronized void tick() {
        long now = nanoTime.getAsLong();
        if (!work.isEmpty() && now - lastShown >= SILENT_NANOS && now - workStart >= SILENT_NANOS) {
            print(work + ", for " + Figures.clock((now - workStart) / SECOND), now);
        }
    }

    /** Prints a line that stays. */
    private void note(String line) {
        out.println((visible ? ERASE : "") + "espalier: " + line);
        out.flush();
        visible = false;
        lastShown = nanoTime.getAsLong();
    }

    private void print(String line, long now) {
        lastShown = now;
        if (terminal) {
            out.print(ERASE + CUT + line + WRAPPED);
            visible = true;
        } else {
            out.println("espalier: " + line);
        }
        out.flush();
    }

    private static String line(ProgressReported progress, long elapsedNanos) {
        String phase = Clean.text(progress.getPhase());
        if (progress.getTotal() == 0) {
            return progress.getDone() == 0 ? phase : phase + " " + Figures.count(progress.getDone());
        }
        String line = phase + " " + Figures.count(progress.getDone()) + "/" + Figures.count(progress.getTotal());
        return progress.getDone() == 0 || progress.getDone() >= progress.getTotal() || elapsedNanos <= 0
                ? line
                : line + ", " + Figures.clock(remainingSeconds(progress, elapsedNanos)) + " left";
    }

    private static long remainingSeconds(ProgressReported progress, long elapsedNanos) {
        double perUnit = (double) elapsedNanos / progress.getDone();
        return Math.round(perUnit * (progress.getTotal() - progress.getDone()) / 1e9);
    }

    /** Takes the line away, so that what follows starts on an empty one. */
    @Override
    public synchronized void close() {
        ticker.ifPresent(Ticker::close);
        if (visible) {
            out.print(ERASE);
            out.flush();
            visible = false;
        }
    }
}
