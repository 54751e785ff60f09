package io.espalier.monitor;

/** Answers one kind of request. */
@FunctionalInterface
interface Page {

    /** Answers; the path behind the name of the page is given without its slash. */
    void answer(Exchange exchange, String rest);
}
