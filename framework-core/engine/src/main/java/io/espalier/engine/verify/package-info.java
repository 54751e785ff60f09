/**
 * Proves that a pruned model computes what the original computes with the removed channels masked. The way in is
 * {@link io.espalier.engine.verify.Verifier}; its answer is a {@link io.espalier.engine.verify.Verification}.
 *
 * <p>An {@code EquivalenceCheck} says what is compared: the outputs, and operands of operators that choose or saturate.
 * {@code ProofInputs} makes seeded inputs that the original accepts. {@code ModelProof} compares the original in its own
 * runtime with its neutral graph, and {@code GraphProof} the pruned model with the {@code ReferenceGraph}, the original
 * at full width with masks; where a runtime rounds to integers, {@code NativeReference} and {@code FloatReference} take its
 * place, and where masking changes nothing, {@code PerturbedProof} repeats the proof on other weights. {@code ProofRuns}
 * runs these programs side by side on {@code Workers}. A model too large to be loaded as a whole is proved block by block,
 * in turn: {@code BlockwiseProof}.
 */
package io.espalier.engine.verify;
