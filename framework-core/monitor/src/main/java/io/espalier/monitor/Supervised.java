package io.espalier.monitor;

/**
 * Work that has to go on: it runs in a thread of its own, and when it fails it is reported and begun again, after pauses
 * that grow from one second to a minute. Thread-safe.
 */
public final class Supervised implements AutoCloseable {

    private static final long FIRST_PAUSE_MILLIS = 1000;
    private static final long LAST_PAUSE_MILLIS = 60_000;
    private static final long SOUND_NANOS = 60_000_000_000L;
    private static final long JOIN_MILLIS = 3000;

    private final SourceHealth health;
    private final Work work;
    private final Thread thread;
    private final long firstPauseMillis;
    private volatile boolean closed;

    /** What is done; returns when there is nothing more to do. */
    @FunctionalInterface
    public interface Work {

        /** Works until it is interrupted, at best. */
        void run() throws Exception;
    }

    private Supervised(String name, SourceHealth health, Work work, long firstPauseMillis) {
        this.health = health;
        this.work = work;
        this.firstPauseMillis = firstPauseMillis;
        this.thread = new Thread(this::supervise, name);
        thread.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @param name of the thread
     */
    public static Supervised start(String name, SourceHealth health, Work work) {
        return start(name, health, work, FIRST_PAUSE_MILLIS);
    }

    static Supervised start(String name, SourceHealth health, Work work, long firstPauseMillis) {
        Supervised supervised = new Supervised(name, health, work, firstPauseMillis);
        supervised.thread.start();
        return supervised;
    }

    private void supervise() {
        long pause = firstPauseMillis;
        try {
            while (!closed) {
                long began = System.nanoTime();
                health.reading();
                try {
                    work.run();
                    health.ended();
                    return;
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
                    pause = System.nanoTime() - began > SOUND_NANOS ? firstPauseMillis : pause;
                    health.restarting(thread.getName() + " failed and is started again: " + e);
                }
                Thread.sleep(pause);
                pause = Math.min(2 * pause, LAST_PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed: nothing is left to be done.
            closed = true;
        }
    }

    /** Interrupts the work and waits for it, some seconds at most. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
