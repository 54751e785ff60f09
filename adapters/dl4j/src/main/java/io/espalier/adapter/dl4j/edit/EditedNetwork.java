package io.espalier.adapter.dl4j.edit;

import io.espalier.adapter.dl4j.lift.Companion;
import io.espalier.adapter.dl4j.lift.Extent;
import io.espalier.adapter.dl4j.lift.FlatTensor;
import io.espalier.adapter.dl4j.lift.FlatView;
import io.espalier.adapter.dl4j.lift.LiftedNetwork;
import io.espalier.adapter.dl4j.lift.SizeBinding;
import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A lifted network with edits applied in order. Not thread-safe.
 *
 * <p>Cutting a constant removes indices of the flat vector; what is left keeps its order, because slices keep theirs. So
 * one set of removed indices serves the parameters and the state of their updaters.
 */
public final class EditedNetwork {

    private final LiftedNetwork lifted;
    private final FlatArray data;
    private final Map<String, Tensor> constants;
    private final Map<String, FlatView> views;
    private final Map<String, Tensor> replaced = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private EditedNetwork(LiftedNetwork lifted, FlatArray data) {
        this.lifted = lifted;
        this.data = data;
        this.constants = new LinkedHashMap<>(lifted.graph().constants());
        this.views = new LinkedHashMap<>(lifted.parameters());
        lifted.graph().nodes().forEach(node -> nodes.put(node.id(), node));
    }

    /**
     * Applies edits.
     *
     * @throws IllegalArgumentException when one names something the graph does not have, or asks for what the file cannot
     *     hold
     */
    public static EditedNetwork of(LiftedNetwork lifted, FlatArray data, List<Edit> edits) {
        EditedNetwork network = new EditedNetwork(lifted, data);
        edits.forEach(network::apply);
        return network;
    }

    private void apply(Edit edit) {
        if (edit instanceof Edit.Keep keep) {
            slice(keep);
        } else if (edit instanceof Edit.SetConstant set) {
            set(set.constant(), set.value());
        } else if (edit instanceof Edit.SetInput set) {
            setInput(set);
        } else if (edit instanceof Edit.SetAttribute set) {
            // Sizes follow from the constants, and the library has no other attributes that a cut changes.
            node(set.node());
        }
        // Dropped constants are operands of shapes, which the file does not hold.
    }

    private Tensor constant(String name) {
        Tensor tensor = constants.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the graph has no constant " + Quoted.name(name));
        }
        return tensor;
    }

    private Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("the graph has no node that makes " + Quoted.name(name));
        }
        return node;
    }

    private void slice(Edit.Keep keep) {
        Tensor tensor = constant(keep.constant());
        FlatView view = views.get(keep.constant());
        if (view == null) {
            constants.put(keep.constant(), Slices.of(tensor, keep.axis(), keep.indices()));
            return;
        }
        FlatView cut = view.slice(keep.axis(), keep.indices());
        views.put(keep.constant(), cut);
        Tensor other = replaced.get(keep.constant());
        if (other != null) {
            replaced.put(keep.constant(), Slices.of(other, keep.axis(), keep.indices()));
        }
        constants.put(keep.constant(), other == null ? new FlatTensor(data, cut) : replaced.get(keep.constant()));
    }

    private void set(String name, Tensor value) {
        Tensor before = constant(name);
        if (views.containsKey(name)) {
            if (!before.shape().equals(value.shape())) {
                throw new IllegalArgumentException("the file cannot hold " + Quoted.name(name) + " with shape "
                        + value.shape() + " instead of " + before.shape());
            }
            replaced.put(name, value);
        } else if (value.type().isFloating()) {
            throw new IllegalArgumentException(
                    "the file does not hold " + Quoted.name(name) + ", which follows from others");
        }
        constants.put(name, value);
    }

    private void setInput(Edit.SetInput set) {
        Optional<String> before = node(set.node()).input(set.slot());
        if (before.isEmpty() || views.containsKey(before.get()) || !constants.containsKey(before.get())) {
            throw new IllegalArgumentException("the file cannot give " + Quoted.name(set.node())
                    + " a constant of its own" + " in slot " + set.slot());
        }
        // The old name stays the one that sizes are tied to.
        constants.put(before.get(), set.value());
        constants.put(set.name(), set.value());
    }

    /** Indices of the flat vector that go. */
    public BitSet removed() {
        BitSet removed = new BitSet();
        lifted.parameters().forEach((name, view) -> remove(removed, view, views.get(name)));
        for (Companion companion : lifted.companions()) {
            int[] keep = kept(companion);
            if (keep.length != companion.view().size()) {
                remove(removed, companion.view(), companion.view().slice(0, keep));
            }
        }
        return removed;
    }

    private static void remove(BitSet removed, FlatView before, FlatView after) {
        if (before == after) {
            return;
        }
        before.forEach(0, before.size(), index -> {
            if (index >= 0) {
                removed.set(Math.toIntExact(index));
            }
        });
        after.forEach(0, after.size(), index -> {
            if (index >= 0) {
                removed.clear(Math.toIntExact(index));
            }
        });
    }

    /** Positions that an axis has kept. */
    private int[] kept(Companion companion) {
        long[] before = lifted.parameters().get(companion.constant()).offsets().get(companion.axis());
        long[] after = views.get(companion.constant()).offsets().get(companion.axis());
        int[] keep = new int[after.length];
        int next = 0;
        for (int i = 0; i < before.length && next < after.length; i++) {
            if (before[i] == after[next]) {
                keep[next++] = i;
            }
        }
        return keep;
    }

    /** The parameters with replaced values, nothing removed yet. */
    public FlatArray values() {
        if (replaced.isEmpty()) {
            return data;
        }
        double[] values = new double[Math.toIntExact(data.length())];
        BitSet places = new BitSet();
        replaced.forEach((name, tensor) -> {
            FlatView view = views.get(name);
            double[] wanted = Tensors.toDoubles(tensor);
            int[] next = {0};
            view.forEach(0, view.size(), index -> {
                double value = wanted[next[0]++];
                if (index >= 0) {
                    values[(int) index] = view.code().encode(value);
                    places.set((int) index);
                } else if (value != 0) {
                    throw new IllegalArgumentException("the file has no place for part of " + Quoted.name(name));
                }
            });
        });
        return data.with(Optional.of(values), places);
    }

    /** Numbers of the configuration that have changed, by their place. */
    public Map<String, Long> sizes() {
        Map<String, Long> changed = new LinkedHashMap<>();
        for (SizeBinding binding : lifted.sizes()) {
            Extent extent = binding.extent();
            long size = extent.after(this::constant);
            if (size != extent.original()) {
                changed.put(binding.pointer(), size);
            }
        }
        return changed;
    }
}
