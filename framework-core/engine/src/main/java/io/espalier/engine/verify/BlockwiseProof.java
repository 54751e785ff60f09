package io.espalier.engine.verify;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.verify.Blocks.Block;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The proof of a cut that never loads a whole model. Every version of it (the original in its runtime and as a neutral
 * graph, the masked original, the pruned model) runs block by block from its own intermediate values, so what is
 * compared at the end are the outputs of whole models. At each border of a block the pruned model is compared with the
 * masked original too, at the positions that are kept.
 */
final class BlockwiseProof {

    private final EquivalenceCheck check;
    private final Graph original;
    private final List<Block> blocks;
    private final KeptIndices keptIndices;
    private final GraphExecutor executor;
    private final Set<String> extents;

    private final Comparison lift;
    private final Comparison noise;
    private final Comparison change;
    private final Comparison difference;
    private final Comparison inside;

    BlockwiseProof(EquivalenceCheck check, List<Block> blocks, GraphExecutor executor) {
        this.check = check;
        this.original = check.original();
        this.blocks = blocks;
        this.keptIndices = check.keptIndices();
        this.executor = executor;
        this.extents = extents(original, check.coupling().operators());
        this.lift = check.comparison();
        this.noise = check.comparison();
        this.change = check.comparison();
        this.difference = check.comparison();
        this.inside = new Comparison(Set.of(), 1);
    }

    /**
     * Inputs that the original accepts, and what it makes of them.
     *
     * @param outputs for each input, the outputs by name
     */
    record Accepted(List<Map<String, Tensor>> inputs, List<Map<String, Tensor>> outputs) {}

    /** Runs the original on inputs that are tried in turn; empty when it accepts none. */
    Optional<Accepted> accepted(ProofInputs tried, BlockwiseExecution.Parts whole) {
        List<Map<String, Long>> candidates = new ArrayList<>(tried.candidates());
        while (!candidates.isEmpty()) {
            List<Map<String, Long>> chosen = candidates.subList(0, Math.min(Extents.ASSIGNMENTS, candidates.size()));
            List<Map<String, Tensor>> inputs = tried.at(chosen);
            BlockwiseExecution execution = new BlockwiseExecution(whole, inputs, original.outputs());
            try {
                return Optional.of(new Accepted(inputs, outputs(execution, inputs.size())));
            } catch (ExecutionException e) {
                int refused = execution.refused().orElse(Integer.MAX_VALUE) / tried.each();
                if (refused >= chosen.size()) {
                    throw e;
                }
                tried.refuse(candidates.remove(refused), e);
            }
        }
        return Optional.empty();
    }

    private List<Map<String, Tensor>> outputs(BlockwiseExecution execution, int runs) {
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            outputs.add(new LinkedHashMap<>());
        }
        for (Block block : blocks) {
            List<Map<String, Tensor>> results = execution.advance(block);
            for (int run = 0; run < runs; run++) {
                outputs.get(run).putAll(only(results.get(run), original.outputs()));
            }
        }
        return outputs;
    }

    /** Compares a pruned model with the masked original. */
    Verification prove(Accepted accepted, BlockwiseExecution.Parts pruned) {
        Graph reference = check.masked(original);
        List<String> outputs = original.outputs();
        Set<String> compared = compared();
        List<Map<String, Tensor>> inputs = accepted.inputs();
        BlockwiseExecution lifted =
                new BlockwiseExecution(BlockwiseExecution.of(original, executor, Settings.DEFAULT), inputs, outputs);
        BlockwiseExecution plain =
                new BlockwiseExecution(BlockwiseExecution.of(original, executor, Settings.PLAIN), inputs, outputs);
        BlockwiseExecution masked =
                new BlockwiseExecution(BlockwiseExecution.of(reference, executor, Settings.DEFAULT), inputs, compared);
        BlockwiseExecution cut = new BlockwiseExecution(pruned, inputs, compared);
        for (Block block : blocks) {
            List<Map<String, Tensor>> unmasked = lifted.advance(block);
            List<Map<String, Tensor>> rough = check.isHalf() ? unmasked : plain.advance(block);
            List<Map<String, Tensor>> expected = masked.advance(block);
            List<Map<String, Tensor>> actual;
            try {
                actual = cut.advance(block);
            } catch (ExecutionException refused) {
                return Verification.failed("the runtime refuses the pruned model: " + refused.getMessage());
            }
            for (int run = 0; run < inputs.size(); run++) {
                Map<String, Tensor> result = only(unmasked.get(run), outputs);
                lift.add(only(accepted.outputs().get(run), result.keySet()), result);
                noise.add(only(rough.get(run), outputs), result);
                change.add(result, only(expected.get(run), outputs));
                difference.add(only(expected.get(run), compared), actual.get(run));
                inside.add(kept(expected.get(run)), actual.get(run));
            }
        }
        return judge(inputs.size(), compared.size());
    }

    private Verification judge(int inputs, int values) {
        double tolerance = check.tolerance(noise.maxRelative());
        boolean sameShapes = lift.problem().isEmpty() || !lift.isFinite();
        double lifted = sameShapes ? lift.maxRelative() : Double.POSITIVE_INFINITY;
        if (lifted > tolerance) {
            return Verification.wrongLift(lifted);
        }
        Verification verification =
                check.judge(difference, change, tolerance, inputs, values).withLift(lifted);
        boolean differs = !inside.problem().isEmpty() && inside.isFinite() || inside.maxRelative() > tolerance;
        return verification.outcome() == Outcome.PROVED && differs ? differsInside(verification) : verification;
    }

    private Verification differsInside(Verification verification) {
        return new Verification(
                Outcome.FAILED,
                inside.maxAbsolute(),
                inside.maxRelative(),
                verification.tolerance(),
                verification.inputs(),
                verification.values(),
                "the pruned model differs from the masked original inside, between two blocks"
                        + (inside.problem().isEmpty() ? "" : ": " + inside.problem()),
                verification.lift());
    }

    /** Runs graphs block by block on the same inputs. */
    PerturbedProof.Trial trial(List<Map<String, Tensor>> inputs) {
        return (perturbation, changes, tolerance) -> {
            Graph unmasked = GraphEdits.apply(original, perturbation);
            Graph masked = check.masked(unmasked);
            Graph pruned = check.cut(unmasked).graph();
            Comparison differs = check.comparison();
            Set<String> compared = compared();
            BlockwiseExecution whole = new BlockwiseExecution(
                    BlockwiseExecution.of(unmasked, executor, Settings.DEFAULT), inputs, compared);
            BlockwiseExecution reference =
                    new BlockwiseExecution(BlockwiseExecution.of(masked, executor, Settings.DEFAULT), inputs, compared);
            BlockwiseExecution cut =
                    new BlockwiseExecution(BlockwiseExecution.of(pruned, executor, Settings.DEFAULT), inputs, compared);
            for (Block block : blocks) {
                List<Map<String, Tensor>> before = whole.advance(block);
                List<Map<String, Tensor>> expected = reference.advance(block);
                List<Map<String, Tensor>> actual = cut.advance(block);
                for (int run = 0; run < inputs.size(); run++) {
                    differs.add(only(expected.get(run), compared), actual.get(run));
                    changes.add(only(before.get(run), compared), expected.get(run));
                }
            }
            return differs;
        };
    }

    /** Outputs and probed values. */
    private Set<String> compared() {
        Set<String> compared = new LinkedHashSet<>(original.outputs());
        compared.addAll(check.probed().values());
        return compared;
    }

    /** What is kept of values at the borders of blocks, as far as the same positions are kept all along their axes. */
    private Map<String, Tensor> kept(Map<String, Tensor> full) {
        Map<String, Tensor> kept = new LinkedHashMap<>();
        full.forEach((value, tensor) -> {
            if (tensor.type().isFloating() && !extents.contains(value)) {
                keptIndices.kept(value).ifPresent(axes -> kept.put(value, sliced(tensor, axes)));
            }
        });
        return kept;
    }

    private static Tensor sliced(Tensor tensor, Map<Integer, int[]> axes) {
        Tensor rest = tensor;
        for (Map.Entry<Integer, int[]> axis : axes.entrySet()) {
            rest = Tensors.sliced(rest, axis.getKey(), axis.getValue());
        }
        return rest;
    }

    /** Values computed from extents alone: they are smaller in the pruned model, and rightly so. */
    private static Set<String> extents(Graph graph, Operators operators) {
        Set<String> extents = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean measures = operators.is(node, Trait.READS_EXTENTS);
            Set<String> read = new LinkedHashSet<>(node.reads());
            read.removeAll(graph.constants().keySet());
            if (measures || !read.isEmpty() && extents.containsAll(read)) {
                extents.addAll(node.outputs());
            }
        }
        return extents;
    }

    private static Map<String, Tensor> only(Map<String, Tensor> values, Iterable<String> names) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        for (String name : names) {
            if (values.containsKey(name)) {
                some.put(name, values.get(name));
            }
        }
        return some;
    }
}
