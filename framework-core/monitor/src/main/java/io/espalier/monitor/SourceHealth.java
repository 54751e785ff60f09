package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** How one thread that watches is: what it reads, whether it does, what it had to pass over. Thread-safe. */
public final class SourceHealth {

    private static final long STUCK_NANOS = 30_000_000_000L;
    private static final int MAX_SENTENCE = 600;

    private enum State {
        READING,
        RESTARTING,
        ENDED
    }

    private final String kind;
    private final String place;
    private final Consumer<String> say;
    private State state = State.READING;
    private boolean beats;
    private long lastBeat;
    private long passedOver;
    private long restarts;
    private long defects;
    private String trouble = "";
    private String said = "";

    SourceHealth(String kind, String place, Consumer<String> say) {
        this.kind = kind;
        this.place = place;
        this.say = say;
    }

    /** It works, now; one that has said so and falls silent is stuck. */
    public synchronized void beat() {
        beats = true;
        lastBeat = System.nanoTime();
    }

    /** Something that is no event was passed over. */
    public void passedOver(String sentence) {
        synchronized (this) {
            if (passedOver++ > 0) {
                return;
            }
        }
        note(sentence, "; further ones are only counted");
    }

    /** Something went wrong that ends nothing; the same sentence is said once in a row. */
    public void note(String sentence) {
        note(sentence, "");
    }

    private void note(String sentence, String more) {
        synchronized (this) {
            if (sentence.equals(said)) {
                return;
            }
            said = sentence;
            trouble = Words.cut(sentence, MAX_SENTENCE);
        }
        say.accept(sentence + more);
    }

    /** Something went wrong that never should. */
    public void defect(String sentence) {
        synchronized (this) {
            defects++;
        }
        note(sentence);
    }

    synchronized void reading() {
        state = State.READING;
        beats = false;
    }

    void restarting(String sentence) {
        synchronized (this) {
            state = State.RESTARTING;
            restarts++;
        }
        note(sentence);
    }

    synchronized void ended() {
        state = State.ENDED;
    }

    /** Whether it does not read although it should. */
    synchronized boolean down() {
        return state == State.RESTARTING || stuck();
    }

    private boolean stuck() {
        return state == State.READING && beats && System.nanoTime() - lastBeat > STUCK_NANOS;
    }

    synchronized long restarts() {
        return restarts;
    }

    synchronized void addTo(ObjectNode json) {
        json.put("kind", kind);
        json.put("place", Words.cut(place));
        json.put("state", stuck() ? "stuck" : Words.lower(state.name()));
        json.put("passedOver", passedOver);
        json.put("restarts", restarts);
        json.put("defects", defects);
        json.put("trouble", trouble);
    }
}
