package io.espalier.engine.coupling.explain;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Labels that write down which operator relates which of them.
 *
 * <p>An analysis keeps which labels are removed together, not why. It makes the same labels each time, so a second walk
 * with these labels finds the reasons, and the first one remains fast and small. Only a few classes are followed.
 */
final class RecordingLabels extends Labels {

    private final Coupling coupling;
    private final BitSet followed;
    private final List<Relation> relations = new ArrayList<>();
    private final List<Freeze> freezes = new ArrayList<>();

    /**
     * Two labels that an operator demands to be removed together.
     *
     * @param node first output of the node
     */
    record Relation(String node, int left, int right) {}

    /** A label that an operator keeps from being removed. */
    record Freeze(int label, Barrier barrier) {}

    /**
     * Labels that follow some classes.
     *
     * @param coupling the result of the first analysis
     * @param followed the classes to follow
     */
    RecordingLabels(Coupling coupling, BitSet followed) {
        // The first analysis made as many.
        super(Long.MAX_VALUE);
        this.coupling = coupling;
        this.followed = followed;
    }

    List<Relation> relations() {
        return relations;
    }

    List<Freeze> freezes() {
        return freezes;
    }

    boolean follows(int label) {
        return label != LabelMap.FIXED && followed.get(coupling.classes().of(label));
    }

    @Override
    public void join(int left, int right, Barrier whenFixed) {
        note(left, right, whenFixed);
        super.join(left, right, whenFixed);
    }

    @Override
    public void tie(int left, int right, Barrier whenFixed) {
        note(left, right, whenFixed);
        super.tie(left, right, whenFixed);
    }

    @Override
    public void align(int[] labels, int width, Barrier whenFixed) {
        for (int i = width; i < labels.length; i++) {
            note(labels[i % width], labels[i], whenFixed);
        }
        super.align(labels, width, whenFixed);
    }

    @Override
    public void freeze(int label, Barrier reason) {
        if (follows(label)) {
            freezes.add(new Freeze(label, reason));
        }
        super.freeze(label, reason);
    }

    /** Rows that turn out to be equal are joined without an operator: their cells are the reason. */
    private void note(int left, int right, Barrier where) {
        if (where != null && left != right && follows(left) && follows(right)) {
            relations.add(new Relation(where.node(), left, right));
        }
    }
}
