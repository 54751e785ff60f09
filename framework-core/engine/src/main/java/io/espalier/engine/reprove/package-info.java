/**
 * The proof of a pruned file from files alone: what its plan makes of the original is made once more and compared with it
 * exactly; only then are numbers compared.
 *
 * <p>{@link io.espalier.engine.reprove.PlanProof} is the way in. {@link io.espalier.engine.reprove.GraphDifferences} names
 * what differs, {@link io.espalier.engine.reprove.RecoveryRecord} tells which weights a compensator gave other values after
 * the cut. What a file says about itself is never evidence.
 */
package io.espalier.engine.reprove;
