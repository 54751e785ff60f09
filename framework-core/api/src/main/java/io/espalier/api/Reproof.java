package io.espalier.api;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.plan.PlanReplay;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Proves a pruned model again. What a repair changed after the cut is put back first, and told. */
final class Reproof {

    /** The metadata entry that names the compensator of a repaired model. */
    private static final String REPAIR = "espalier.repair";

    private static final int INPUTS_A_SHAPE = 3;
    private static final int BLOCK_BYTES = 1 << 16;

    private final Inspection original;
    private final Removal removal;
    private final GraphExecutor executor;

    Reproof(Inspection original, Plan plan, GraphExecutor executor) {
        this.original = original;
        this.removal = PlanReplay.removal(plan.engine(), original.coupling());
        this.executor = executor;
    }

    VerifyResult of(Model pruned, long seed, Map<String, Long> dims, long memory, int threads) {
        VerificationOptions options =
                new VerificationOptions(seed, INPUTS_A_SHAPE, dims, Optional.empty(), memory, threads);
        Optional<String> repair = Optional.ofNullable(pruned.metadata().get(REPAIR));
        if (repair.isEmpty()) {
            Verification verification = Verifier.verify(
                    original.model(), original.coupling(), original.shapes(), removal, pruned, executor, options);
            return new VerifyResult(Proof.of(verification), repair, List.of());
        }
        Map<String, Tensor> changed = changed(pruned.graph());
        Verification verification = Verifier.verify(
                original.model().graph(),
                original.coupling(),
                original.shapes(),
                removal,
                pruned.graph().withConstants(changed),
                executor,
                options);
        return new VerifyResult(Proof.of(verification), repair, List.copyOf(changed.keySet()));
    }

    /** The values right after the cut of all constants that have others now. */
    private Map<String, Tensor> changed(Graph pruned) {
        Graph before = original.model().graph();
        Graph cut = Surgery.prune(before, original.shapes(), original.coupling(), removal)
                .graph();
        Map<String, Tensor> changed = new LinkedHashMap<>();
        pruned.constants().forEach((name, now) -> {
            Tensor then = cut.constants().get(name);
            if (then != null
                    && then.type() == now.type()
                    && then.shape().equals(now.shape())
                    && !sameElements(then, now)) {
                changed.put(name, then);
            }
        });
        return changed;
    }

    private static boolean sameElements(Tensor one, Tensor other) {
        int width = one.type().bytes();
        ByteBuffer left = ByteBuffer.allocate(BLOCK_BYTES);
        ByteBuffer right = ByteBuffer.allocate(BLOCK_BYTES);
        for (long start = 0; start < one.size(); start += BLOCK_BYTES / width) {
            int bytes = (int) Math.min(BLOCK_BYTES / width, one.size() - start) * width;
            one.read(start, left.clear().limit(bytes));
            other.read(start, right.clear().limit(bytes));
            if (!left.flip().equals(right.flip())) {
                return false;
            }
        }
        return true;
    }
}
