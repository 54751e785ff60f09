package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Masking.UnprovableException;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Blocks.Block;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.BrokenModelException;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Proves that a pruned model computes what the original computes with the removed blocks and channels masked.
 *
 * <p>The pruned file runs in its native runtime; the reference runs as a neutral graph, or in the native runtime where
 * that rounds (see {@link ModelProof}). Also compared are
 * values inside the network where the outputs alone would show too little.
 */
public final class Verifier {

    private final EquivalenceCheck check;
    private final GraphExecutor executor;
    private final VerificationOptions options;
    private final ProofInputs inputs;

    private Verifier(EquivalenceCheck check, ReplayedNoise noise, GraphExecutor executor, VerificationOptions options) {
        this.check = check;
        this.executor = executor;
        this.options = options;
        this.inputs = new ProofInputs(
                check.original(), check.shapes(), check.coupling().operators(), noise, options);
    }

    /**
     * Compares a pruned model with the masked original.
     *
     * @throws OriginalRefusedException when the runtime refuses the original whatever the inputs
     */
    public static Verification verify(
            Model original,
            Coupling coupling,
            Shapes shapes,
            Removal removal,
            Model pruned,
            GraphExecutor executor,
            VerificationOptions options) {
        return verify(original, List.of(), coupling, shapes, removal, pruned, executor, options);
    }

    /**
     * Compares a pruned model with the masked original.
     *
     * @param blocks edits that leave residual blocks out of the original
     * @param coupling of the graph without the blocks
     * @param shapes of the original
     * @throws OriginalRefusedException when the runtime refuses the original whatever the inputs
     */
    public static Verification verify(
            Model original,
            List<Edit.Omit> blocks,
            Coupling coupling,
            Shapes shapes,
            Removal removal,
            Model pruned,
            GraphExecutor executor,
            VerificationOptions options) {
        ReplayedNoise noise = ReplayedNoise.of(original.graph(), shapes, coupling.operators());
        EquivalenceCheck check =
                EquivalenceCheck.of(noise.replayed(original.graph()), blocks, shapes, coupling, removal);
        Verifier verifier = new Verifier(check, noise, executor, options);
        if (!noise.isEmpty()) {
            Verification graphs = verifier.prove(noise.replayed(pruned.graph()));
            return new ReplayedProof(check, noise, verifier.inputs, executor).prove(graphs, original, pruned);
        }
        return verifier.proveInParts(original, pruned)
                .orElseGet(() -> verifier.prove(
                        original::runner,
                        pruned::runner,
                        pruned.graph(),
                        (runs, whole) -> new ModelProof(check, runs, original, whole, options.seed())::start));
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
        return verify(original, List.of(), coupling, shapes, removal, pruned, executor, options);
    }

    /**
     * Compares a pruned neutral graph with the masked original, both in the executor.
     *
     * @param blocks edits that leave residual blocks out of the original
     */
    public static Verification verify(
            Graph original,
            List<Edit.Omit> blocks,
            Coupling coupling,
            Shapes shapes,
            Removal removal,
            Graph pruned,
            GraphExecutor executor,
            VerificationOptions options) {
        ReplayedNoise noise = ReplayedNoise.of(original, shapes, coupling.operators());
        EquivalenceCheck check = EquivalenceCheck.of(noise.replayed(original), blocks, shapes, coupling, removal);
        return new Verifier(check, noise, executor, options).prove(noise.replayed(pruned));
    }

    /** Compares a graph, which takes random numbers as the original does, with the masked original. */
    private Verification prove(Graph pruned) {
        List<Block> blocks = blocks();
        if (blocks.size() > 1) {
            return prove(
                    blocks,
                    BlockwiseExecution.of(check.original(), executor, Settings.DEFAULT),
                    BlockwiseExecution.of(pruned, executor, Settings.DEFAULT));
        }
        return prove(
                () -> executor.prepare(check.original(), Settings.DEFAULT),
                () -> executor.prepare(pruned, Settings.DEFAULT),
                pruned,
                (runs, whole) -> {
                    GraphProof proof = new GraphProof(check, runs, options.seed());
                    return cut -> {
                        Pending<GraphProof.Masked> masked = proof.start(cut);
                        return () -> proof.prove(masked, 0);
                    };
                });
    }

    /** The blocks that a model too large for the memory allowed is proved in; one block when it is not. */
    private List<Block> blocks() {
        return options.fits(check.original())
                ? List.of(new Block(Set.of(), Set.of()))
                : Blocks.of(check.shortened(), check.shapes(), check.coupling().operators(), options.blockWeight());
    }

    /** Starts what runs the original, and then what compares a pruned model with it. */
    @FunctionalInterface
    private interface Proof {
        Function<PrunedRun, Supplier<Verification>> start(ProofRuns runs, Pending<List<Map<String, Tensor>>> whole);
    }

    private Verification prove(Supplier<Runner> original, Supplier<Runner> pruned, Graph graph, Proof proof) {
        try (Workers workers = new Workers(options.workers(
                check.original(), check.shapes(), check.coupling().operators()))) {
            ProofRuns runs = new ProofRuns(executor, workers);
            runs.load();
            Pending<List<Map<String, Tensor>>> whole = runs.startOriginal(original, inputs);
            Function<PrunedRun, Supplier<Verification>> started = proof.start(runs, whole);
            PrunedRun cut = new PrunedRun(graph, runs.start(pruned));
            Supplier<Verification> conclusion = started.apply(cut);
            try {
                if (whole.get().isEmpty()) {
                    throw inputs.none();
                }
            } catch (BrokenModelException broken) {
                throw broken;
            } catch (ExecutionException refused) {
                throw refused(refused);
            }
            try {
                cut.outputs().get();
            } catch (ExecutionException refused) {
                return Verification.failed("the runtime refuses the pruned model: " + refused.getMessage());
            }
            return concluded(conclusion);
        }
    }

    private static OriginalRefusedException refused(ExecutionException reason) {
        return new OriginalRefusedException("The runtime refuses the original model: " + reason.getMessage(), reason);
    }

    private static Verification concluded(Supplier<Verification> proof) {
        try {
            return proof.get();
        } catch (ExecutionException refused) {
            return Verification.notProved("the reference cannot be run: " + refused.getMessage());
        } catch (UnprovableException unprovable) {
            return Verification.notProved(unprovable.getMessage());
        }
    }

    /** The proof of a large model block by block; empty for others, and where the runtime loads whole models only. */
    private Optional<Verification> proveInParts(Model original, Model pruned) {
        List<Block> blocks = blocks();
        if (blocks.size() == 1 || check.rounds()) {
            return Optional.empty();
        }
        try {
            return Optional.of(prove(blocks, BlockwiseExecution.of(original), BlockwiseExecution.of(pruned)));
        } catch (BlockwiseExecution.NoSuchPartException whole) {
            return Optional.empty();
        }
    }

    private Verification prove(List<Block> blocks, BlockwiseExecution.Parts whole, BlockwiseExecution.Parts cut) {
        BlockwiseProof proof = new BlockwiseProof(check, blocks, executor);
        Optional<BlockwiseProof.Accepted> accepted;
        try {
            accepted = proof.accepted(inputs, whole);
        } catch (BrokenModelException broken) {
            throw broken;
        } catch (ExecutionException refused) {
            throw refused(refused);
        }
        if (accepted.isEmpty()) {
            throw inputs.none();
        }
        return concluded(() -> {
            Verification verification = proof.prove(accepted.get(), cut);
            return verification.reason().equals(EquivalenceCheck.UNSEEN)
                    ? new PerturbedProof(
                                    check,
                                    options.seed(),
                                    proof.trial(accepted.get().inputs()))
                            .prove(verification)
                    : verification;
        });
    }
}
