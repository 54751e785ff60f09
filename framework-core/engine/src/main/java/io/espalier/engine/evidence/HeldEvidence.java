package io.espalier.engine.evidence;

/** Evidence that holds something outside of the heap until it is closed. */
public interface HeldEvidence extends AutoCloseable {

    @Override
    void close();
}
