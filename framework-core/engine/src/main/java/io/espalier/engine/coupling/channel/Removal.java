package io.espalier.engine.coupling.channel;

import java.util.BitSet;
import java.util.Collection;

/** A set of label classes that are removed. Immutable and thread-safe. */
public final class Removal {

    private final BitSet classes;

    private Removal(BitSet classes) {
        this.classes = classes;
    }

    /** A removal of channels. */
    public static Removal of(Collection<CoupledChannel> channels) {
        BitSet classes = new BitSet();
        for (CoupledChannel channel : channels) {
            for (int each : channel.classes()) {
                classes.set(each);
            }
        }
        return new Removal(classes);
    }

    /** A removal of classes, as a plan names them. */
    public static Removal of(BitSet classes) {
        return new Removal((BitSet) classes.clone());
    }

    /** Whether a class is removed. */
    public boolean removes(int classNumber) {
        return classNumber >= 0 && classes.get(classNumber);
    }

    /** Whether nothing is removed. */
    public boolean isEmpty() {
        return classes.isEmpty();
    }
}
