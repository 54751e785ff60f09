package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.reprove.PlanProof;
import io.espalier.engine.reprove.Rebuilding;
import io.espalier.engine.run.Outputs;
import io.espalier.engine.run.ResultFolder;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.spi.Stability;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for the proof of a pruned model again, from files alone. Immutable and thread-safe.
 *
 * <p>The plan is carried out once more, and the pruned file must be equal to the result; then numbers are compared. Only
 * weights that the plan records as recovered may differ from the cut, and only as the record says; the result names them.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class VerifyRequest {

    private static final int INPUTS_A_SHAPE = 3;

    private final Extensions extensions;
    private final Files files;
    private final long seed;
    private final Map<String, Long> extents;
    private final Map<String, InputValue> inputs;
    private final long memory;
    private final int threads;

    /** What is compared. */
    private record Files(Path original, Path plan, Path pruned) {}

    VerifyRequest(Extensions extensions, Path original, Path plan, Path pruned) {
        this(
                extensions,
                new Files(original, plan, pruned),
                0,
                Map.of(),
                Map.of(),
                VerificationOptions.DEFAULT_MEMORY,
                RunSettings.PROCESSORS);
    }

    private VerifyRequest(
            Extensions extensions,
            Files files,
            long seed,
            Map<String, Long> extents,
            Map<String, InputValue> inputs,
            long memory,
            int threads) {
        this.extensions = extensions;
        this.files = files;
        this.seed = seed;
        this.extents = extents;
        this.inputs = inputs;
        this.memory = memory;
        this.threads = threads;
    }

    /** The seed of the random inputs: 0 unless said otherwise. */
    public VerifyRequest seed(long random) {
        return new VerifyRequest(extensions, files, random, extents, inputs, memory, threads);
    }

    /** Extents of symbolic axes in the inputs tried, by the name of the axis, at least 1; the others have defaults. */
    public VerifyRequest extents(Map<String, Long> fixed) {
        return new VerifyRequest(extensions, files, seed, Map.copyOf(fixed), inputs, memory, threads);
    }

    /** Values of inputs, by the name of the input, instead of those that the plan records. */
    public VerifyRequest inputs(Map<String, InputValue> values) {
        return new VerifyRequest(extensions, files, seed, extents, Map.copyOf(values), memory, threads);
    }

    /** Bytes that the runtime may take for weights: a gigabyte unless said otherwise. */
    public VerifyRequest memory(long bytes) {
        return new VerifyRequest(extensions, files, seed, extents, inputs, bytes, threads);
    }

    /** Worker threads: one for each processor unless said otherwise. The result does not depend on it. */
    public VerifyRequest threads(int number) {
        return new VerifyRequest(extensions, files, seed, extents, inputs, memory, RunSettings.threads(number));
    }

    /**
     * Compares the models. A model that is not proved is a result like any other, not an exception.
     *
     * @throws EspalierException as {@link Espalier} says
     */
    public VerifyResult run() {
        return Failures.translated(() -> {
            ResultFolder.settle(Outputs.of(files.pruned()));
            Plan plan = Plan.read(files.plan());
            GivenInputs given = given(plan);
            try (Inspection original = Inspection.of(extensions, files.original(), extents, given)) {
                requireMadeFor(original, plan);
                try (Model pruned = extensions.open(files.pruned(), given)) {
                    return prove(original, plan.engine(), pruned, given);
                }
            }
        });
    }

    private GivenInputs given(Plan plan) {
        Map<String, Tensor> values = plan.engine().settings().givenInputs();
        values.putAll(extensions.given(inputs).values());
        return new GivenInputs(values);
    }

    private VerifyResult prove(
            Inspection original, io.espalier.engine.plan.Plan plan, Model pruned, GivenInputs given) {
        PlanProof proof =
                new PlanProof(original.model(), original.shapes(), original.coupling(), plan, extensions.budget());
        PlanProof.Result result = proof.prove(
                pruned,
                new Rebuilding(files.pruned().getFileName().toString(), file -> extensions.open(file, given)),
                extensions.executor(),
                new VerificationOptions(
                        seed, INPUTS_A_SHAPE, extents, Optional.empty(), memory, threads, extensions.budget()));
        return new VerifyResult(
                Proof.of(result.verification()),
                result.differences().stream().map(VerifyResult.Difference::of).toList(),
                plan.recovery().map(Recovery::compensator),
                plan.recovery().map(Recovery::constants).orElse(List.of()).stream()
                        .map(Recovery.RecoveredConstant::name)
                        .toList());
    }

    private void requireMadeFor(Inspection original, Plan plan) {
        if (!plan.modelDigest().equals(original.digest())) {
            throw new InputRefusedException(
                    Reason.TASK,
                    "the plan '" + files.plan() + "' was made for '" + plan.model() + "' with digest "
                            + plan.modelDigest() + ", but '" + files.original() + "' has " + original.digest()
                            + "; name the model it was made for",
                    null);
        }
    }
}
