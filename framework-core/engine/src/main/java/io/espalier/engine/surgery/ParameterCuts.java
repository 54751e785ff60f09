package io.espalier.engine.surgery;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.label.LabelledGraph;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cuts parameters. A constant that several operators read is cut in place as those see it that share it, or as all see
 * it when they lose the same; readers that lose something else, or nothing, get a copy of their own.
 */
final class ParameterCuts {

    private final GraphIndex index;
    private final FreshNames names;
    private final LabelledGraph labelled;
    private final Map<String, Map<ParameterUse, KeptIndices.Cut>> cuts = new LinkedHashMap<>();

    ParameterCuts(GraphIndex index, FreshNames names, LabelledGraph labelled, KeptIndices keptIndices) {
        this.index = index;
        this.names = names;
        this.labelled = labelled;
        for (KeptIndices.Cut cut : keptIndices.cuts()) {
            cuts.computeIfAbsent(cut.use().constant(), key -> new LinkedHashMap<>())
                    .put(cut.use(), cut);
        }
    }

    List<Edit> edits() {
        List<Edit> edits = new ArrayList<>();
        cuts.forEach((constant, byUse) -> edits.addAll(edits(constant, byUse)));
        return edits;
    }

    private List<Edit> edits(String constant, Map<ParameterUse, KeptIndices.Cut> byUse) {
        Optional<KeptIndices.Cut> inPlace = inPlace(constant, byUse);
        List<Edit> edits = new ArrayList<>();
        for (GraphIndex.Reader reader : index.readers(constant)) {
            String node = reader.node().id();
            Optional<KeptIndices.Cut> own = Optional.ofNullable(byUse.get(labelled.use(constant, node, reader.slot())));
            if (!same(own, inPlace)) {
                String name = names.fresh(constant + "/" + node + "/" + reader.slot());
                edits.add(new Edit.SetInput(node, reader.slot(), name, cutTensor(constant, own)));
            }
        }
        inPlace.ifPresent(cut -> edits.addAll(inPlace(constant, cut)));
        return edits;
    }

    /** The cut of the tensor itself: what its readers share, or what all of them lose alike. */
    private Optional<KeptIndices.Cut> inPlace(String constant, Map<ParameterUse, KeptIndices.Cut> byUse) {
        KeptIndices.Cut shared = byUse.get(ParameterUse.shared(constant));
        KeptIndices.Cut first = byUse.values().iterator().next();
        boolean alike = byUse.size() == index.timesRead(constant)
                && byUse.values().stream().allMatch(cut -> same(cut, first));
        return alike ? Optional.of(first) : Optional.ofNullable(shared);
    }

    private static boolean same(Optional<KeptIndices.Cut> one, Optional<KeptIndices.Cut> other) {
        return one.isPresent() && other.isPresent() ? same(one.get(), other.get()) : one.equals(other);
    }

    private static boolean same(KeptIndices.Cut one, KeptIndices.Cut other) {
        if (one.axes().isEmpty() || other.axes().isEmpty()) {
            return Arrays.equals(one.elements().orElse(null), other.elements().orElse(null));
        }
        for (int axis = 0; axis < one.axes().get().size(); axis++) {
            if (!Arrays.equals(one.axes().get().get(axis), other.axes().get().get(axis))) {
                return false;
            }
        }
        return true;
    }

    private List<Edit> inPlace(String constant, KeptIndices.Cut cut) {
        if (cut.axes().isEmpty()) {
            return List.of(new Edit.SetConstant(constant, cutTensor(constant, cut)));
        }
        List<Edit> edits = new ArrayList<>();
        List<Long> before = index.constants().get(constant).shape();
        for (int axis = 0; axis < before.size(); axis++) {
            int[] keep = cut.axes().get().get(axis);
            if (keep.length != before.get(axis)) {
                edits.add(new Edit.Keep(constant, axis, keep));
            }
        }
        return edits;
    }

    private Tensor cutTensor(String constant, Optional<KeptIndices.Cut> cut) {
        return cut.map(own -> cutTensor(constant, own)).orElse(index.constants().get(constant));
    }

    private Tensor cutTensor(String constant, KeptIndices.Cut cut) {
        Tensor tensor = index.constants().get(constant);
        Optional<List<int[]>> axes = cut.axes();
        if (axes.isEmpty()) {
            return gathered(tensor, cut);
        }
        for (int axis = 0; axis < axes.get().size(); axis++) {
            int[] keep = axes.get().get(axis);
            tensor = keep.length == tensor.shape().get(axis) ? tensor : Tensors.sliced(tensor, axis, keep);
        }
        return tensor;
    }

    private static Tensor gathered(Tensor tensor, KeptIndices.Cut cut) {
        int width = tensor.type().bytes();
        int[] elements = cut.elements().orElseThrow();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(elements.length, width)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements.length; ) {
            int run = i + 1;
            while (run < elements.length && elements[run] == elements[run - 1] + 1) {
                run++;
            }
            bytes.limit(run * width);
            tensor.read(elements[i], bytes);
            i = run;
        }
        return Tensors.of(tensor.type(), cut.shape(), bytes.flip());
    }
}
