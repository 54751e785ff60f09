package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.Masking.UnprovableException;
import io.espalier.engine.coupling.Removal;
import io.espalier.engine.shape.Shapes;
import io.espalier.engine.verify.Blocks.Block;
import io.espalier.spi.adapter.ExecutionException;
import io.espalier.spi.adapter.GraphExecutor;
import io.espalier.spi.adapter.GraphExecutor.Settings;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proves that a pruned model computes what the original computes with the removed channels masked.
 *
 * <p>The pruned file runs in its native runtime; the reference runs as a neutral graph, or in the native runtime where
 * that rounds (see {@link ModelProof}). Also compared are
 * values inside the network where the outputs alone would show too little.
 */
public final class Verifier {

    private final Claim claim;
    private final GraphExecutor executor;
    private final VerificationOptions options;
    private final ProofInputs inputs;

    private Verifier(Claim claim, GraphExecutor executor, VerificationOptions options) {
        this.claim = claim;
        this.executor = executor;
        this.options = options;
        this.inputs = new ProofInputs(claim.original(), claim.shapes(), options);
    }

    /** Compares a pruned model with the masked original. */
    public static Verification verify(
            Model original,
            Coupling coupling,
            Shapes shapes,
            Removal removal,
            Model pruned,
            GraphExecutor executor,
            VerificationOptions options) {
        Claim claim = Claim.of(original.graph(), shapes, coupling, removal);
        Verifier verifier = new Verifier(claim, executor, options);
        List<Block> blocks = verifier.blocks();
        if (blocks.size() > 1 && !ModelProof.rounds(original.graph())) {
            try {
                return verifier.prove(blocks, Relay.of(original), Relay.of(pruned));
            } catch (Relay.NoSuchPartException whole) {
                // What loads whole models only is proved as a whole.
                blocks = List.of();
            }
        }
        return verifier.prove(original, pruned);
    }

    /** Compares a pruned neutral graph with the masked original, both in the executor. */
    public static Verification verify(
            Graph original,
            Coupling coupling,
            Shapes shapes,
            Removal removal,
            Graph pruned,
            GraphExecutor executor,
            VerificationOptions options) {
        Verifier verifier = new Verifier(Claim.of(original, shapes, coupling, removal), executor, options);
        List<Block> blocks = verifier.blocks();
        if (blocks.size() > 1) {
            return verifier.prove(
                    blocks,
                    Relay.of(original, executor, Settings.DEFAULT),
                    Relay.of(pruned, executor, Settings.DEFAULT));
        }
        return verifier.prove(original, pruned);
    }

    /** The blocks that a model too large for the memory allowed is proved in; one block when it is not. */
    private List<Block> blocks() {
        return options.fits(claim.original())
                ? List.of(new Block(Set.of(), Set.of()))
                : Blocks.of(claim.original(), claim.shapes(), options.blockWeight());
    }

    private Verification prove(Model original, Model pruned) {
        try (Runner whole = original.runner()) {
            return prove(original, whole, pruned);
        } catch (ExecutionException refused) {
            return Verification.notProved("the runtime refuses the original model: " + refused.getMessage());
        }
    }

    private Verification prove(Model original, Runner whole, Model pruned) {
        try (Runner cut = pruned.runner()) {
            List<Map<String, Tensor>> accepted = inputs.acceptedBy(whole);
            return accepted.isEmpty()
                    ? Verification.notProved(ProofInputs.NONE)
                    : new ModelProof(claim, accepted, executor, options.seed())
                            .prove(original, whole, pruned.graph(), cut);
        } catch (ExecutionException refused) {
            return Verification.failed("the runtime refuses the pruned model: " + refused.getMessage());
        } catch (UnprovableException unprovable) {
            return Verification.notProved(unprovable.getMessage());
        }
    }

    private Verification prove(Graph original, Graph pruned) {
        try (Runner whole = executor.prepare(original, Settings.DEFAULT);
                Runner cut = executor.prepare(pruned, Settings.DEFAULT)) {
            List<Map<String, Tensor>> accepted = inputs.acceptedBy(whole);
            return accepted.isEmpty()
                    ? Verification.notProved(ProofInputs.NONE)
                    : new GraphProof(claim, accepted, executor, options.seed()).prove(pruned, cut, 0);
        } catch (ExecutionException refused) {
            return Verification.failed("the runtime refuses the pruned model: " + refused.getMessage());
        }
    }

    private Verification prove(List<Block> blocks, Relay.Parts whole, Relay.Parts cut) {
        BlockwiseProof proof = new BlockwiseProof(claim, blocks, executor);
        Optional<BlockwiseProof.Accepted> accepted;
        try {
            accepted = proof.accepted(inputs, whole);
        } catch (ExecutionException refused) {
            return Verification.notProved("the runtime refuses the original model: " + refused.getMessage());
        }
        if (accepted.isEmpty()) {
            return Verification.notProved(ProofInputs.NONE);
        }
        try {
            Verification verification = proof.prove(accepted.get(), cut);
            return verification.reason().equals(Claim.UNSEEN)
                    ? new ShakenProof(
                                    claim,
                                    options.seed(),
                                    proof.trial(accepted.get().inputs()))
                            .prove(verification)
                    : verification;
        } catch (ExecutionException refused) {
            return Verification.notProved("the reference cannot be run: " + refused.getMessage());
        } catch (UnprovableException unprovable) {
            return Verification.notProved(unprovable.getMessage());
        }
    }
}
