package io.espalier.engine.reprove;

import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.plan.Plan.Recovery.RecoveredConstant;
import io.espalier.engine.reprove.Difference.Kind;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records what a compensator made of a file after the cut, so that nothing else can pass for its work later. */
public final class RecoveryRecord {

    private RecoveryRecord() {}

    /**
     * Compares a file after the cut with the same file after the recovery.
     *
     * @param compensator its name
     */
    public static Recovery between(String compensator, Graph cut, Graph recovered) {
        List<RecoveredConstant> constants = new ArrayList<>();
        boolean sameStructure = true;
        for (Difference difference : GraphDifferences.between(cut, recovered)) {
            Optional<Tensor> value = replaced(difference, cut, recovered);
            value.ifPresent(tensor -> constants.add(new RecoveredConstant(difference.name(), TensorDigest.of(tensor))));
            sameStructure &= value.isPresent();
        }
        return new Recovery(
                compensator, constants, sameStructure ? Optional.empty() : Optional.of(GraphDigest.of(recovered)));
    }

    /** The new value of a constant that has other elements and nothing else. */
    private static Optional<Tensor> replaced(Difference difference, Graph cut, Graph recovered) {
        Tensor before = cut.allConstants().get(difference.name());
        Tensor after = recovered.allConstants().get(difference.name());
        boolean sameForm = difference.kind() == Kind.CONSTANT
                && before != null
                && after != null
                && before.type() == after.type()
                && before.shape().equals(after.shape());
        return sameForm ? Optional.of(after) : Optional.empty();
    }

    /** What a graph has of the recovered constants that are recorded; the differences name those that it has not. */
    static List<Difference> missing(Recovery recovery, Graph graph) {
        Map<String, Tensor> constants = graph.allConstants();
        return recovery.constants().stream()
                .filter(recorded -> !Optional.ofNullable(constants.get(recorded.name()))
                        .map(TensorDigest::of)
                        .equals(Optional.of(recorded.digest())))
                .map(recorded -> new Difference(
                        Kind.CONSTANT,
                        recorded.name(),
                        "the constant " + Quoted.name(recorded.name())
                                + " is not what the recovery of this run made of it"))
                .toList();
    }
}
