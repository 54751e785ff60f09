package io.espalier.engine.run;

/**
 * What is left of a model without some residual blocks, with the scores and times of it that are known.
 *
 * @param analysis what is left
 * @param known what was scored and timed of it
 */
record Remainder(Analysis analysis, KnownScores known) {

    /** How many residual blocks are left out. */
    int blocks() {
        return analysis.blocks().size();
    }
}
