package io.espalier.engine.coupling;

import java.util.BitSet;

/** A set of classes that go. Immutable. */
public final class Removal {

    private final BitSet classes;

    Removal(BitSet classes) {
        this.classes = classes;
    }

    /** Whether a class goes. */
    public boolean removes(int classNumber) {
        return classNumber >= 0 && classes.get(classNumber);
    }

    /** Whether nothing goes. */
    public boolean isEmpty() {
        return classes.isEmpty();
    }

    BitSet classes() {
        return classes;
    }
}
