package io.espalier.engine.real;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Zeros in everything that belongs to some channels: filters, biases, scales, shifts, means, and what reads them. */
final class TestingZeros {

    private static final int VARIANCE_SLOT = 4;

    private final TestingPruner pruner;
    private final BitSet classes = new BitSet();

    TestingZeros(TestingPruner pruner) {
        this.pruner = pruner;
    }

    void plant(CoupledChannel channel) {
        Arrays.stream(channel.classes()).forEach(classes::set);
    }

    List<Edit> edits() {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (LabelledAxis labelledAxis : pruner.coupling.labelledAxes()) {
            String constant = labelledAxis.use().constant();
            int[] atoms = pruner.coupling.classesAt(labelledAxis);
            boolean planted = Arrays.stream(atoms).anyMatch(this::isPlanted);
            if (planted && !isVariance(constant)) {
                Tensor tensor = pruner.graph().constants().get(constant);
                clear(values.computeIfAbsent(constant, name -> Tensors.toFloats(tensor)), labelledAxis, atoms);
            }
        }
        List<Edit> edits = new ArrayList<>();
        values.forEach((constant, floats) -> edits.add(new Edit.SetConstant(
                constant,
                Tensors.floats(pruner.graph().constants().get(constant).shape(), floats))));
        return edits;
    }

    private boolean isPlanted(int atom) {
        return atom >= 0 && classes.get(atom);
    }

    /** A variance of zero would be divided by. */
    private boolean isVariance(String constant) {
        return pruner.graph().nodes().stream()
                .anyMatch(node -> node.operator().equals("BatchNormalization")
                        && node.inputs().get(VARIANCE_SLOT).equals(constant));
    }

    private void clear(float[] values, LabelledAxis labelledAxis, int... atoms) {
        SliceMap slices = pruner.coupling.slices(labelledAxis);
        for (int element = 0; element < values.length; element++) {
            int slice = 0;
            int rest = element;
            for (int axis = slices.tables().size() - 1; axis >= 0; axis--) {
                int[] table = slices.tables().get(axis);
                slice += table[rest % table.length];
                rest /= table.length;
            }
            if (isPlanted(atoms[slice])) {
                values[element] = 0;
            }
        }
    }
}
