package io.espalier.engine.coupling;

import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.testkit.model.Truth.Atom;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The result of an analysis in terms of constants, axes and indices.
 *
 * @param classes atoms that go together, for classes that can go
 * @param frozen atoms that stay
 */
record TestingAtoms(Set<Set<Atom>> classes, Set<Atom> frozen) {

    static TestingAtoms of(TestingPruning pruning) {
        Coupling coupling = pruning.coupling();
        Map<Integer, Set<Atom>> byClass = new LinkedHashMap<>();
        Set<Atom> frozen = new LinkedHashSet<>();
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            int[] classes = coupling.classesAt(labelledAxis);
            SliceMap slices = coupling.slices(labelledAxis);
            for (int axis = 0; axis < slices.tables().size(); axis++) {
                int[] table = slices.tables().get(axis);
                for (int index = 0; index < table.length && axis == labelledAxis.axis(); index++) {
                    Atom atom = new Atom(labelledAxis.use().constant(), axis, index);
                    int each = classes[table[index]];
                    if (each < 0 || coupling.classes().frozen(each).isPresent()) {
                        frozen.add(atom);
                    } else {
                        byClass.computeIfAbsent(each, key -> new LinkedHashSet<>())
                                .add(atom);
                    }
                }
            }
        }
        return new TestingAtoms(new LinkedHashSet<>(byClass.values()), frozen);
    }
}
