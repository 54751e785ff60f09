package io.espalier.engine.coupling;

/** How what an operator treats row by row, such as the heads of attention, is made smaller. */
public enum Heads {

    /** Heads go or stay as they are. */
    WHOLE,

    /** Every head stays and loses as many channels as the others. */
    SIZE,

    /** Heads may go, and those that stay may lose channels, all equally many. */
    BOTH
}
