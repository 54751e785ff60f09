package io.espalier.events;

/**
 * Events that did not arrive where they should.
 *
 * @param where the sink, for people: a file, a class
 * @param count events lost so far
 * @param reason why the first of them was lost
 */
public record EventLoss(String where, long count, String reason) {

    /** One sentence for the end of a run. */
    public String sentence() {
        return count + (count == 1 ? " event was" : " events were") + " lost by " + where + ": " + reason;
    }
}
