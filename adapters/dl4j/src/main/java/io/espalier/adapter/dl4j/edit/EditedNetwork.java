package io.espalier.adapter.dl4j.edit;

import io.espalier.adapter.dl4j.lift.Companion;
import io.espalier.adapter.dl4j.lift.Extent;
import io.espalier.adapter.dl4j.lift.FlatTensor;
import io.espalier.adapter.dl4j.lift.FlatView;
import io.espalier.adapter.dl4j.lift.LiftedNetwork;
import io.espalier.adapter.dl4j.lift.SizeBinding;
import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.adapter.support.ModelEditor;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A lifted network with edits applied in order. Not thread-safe.
 *
 * <p>Cutting a constant removes indices of the flat vector; what is left keeps its order, because slices keep theirs. So
 * one set of removed indices serves the parameters and the state of their updaters.
 *
 * <p>Nodes are not added, and of nodes only sums are left out: a layer is several neutral nodes, and has an updater and
 * settings for training, which a neutral node does not say.
 */
public final class EditedNetwork extends ModelEditor {

    private final LiftedNetwork lifted;
    private final FlatArray data;
    private final Map<String, FlatView> views;
    private final Map<String, Tensor> replaced = new LinkedHashMap<>();
    private final List<Edit.Omit> omits = new ArrayList<>();

    private EditedNetwork(LiftedNetwork lifted, FlatArray data) {
        super(lifted.graph());
        this.lifted = lifted;
        this.data = data;
        this.views = new LinkedHashMap<>(lifted.parameters());
    }

    /**
     * Applies edits.
     *
     * @throws IllegalArgumentException when one names something the graph does not have, or asks for what the file cannot
     *     hold
     */
    public static EditedNetwork of(LiftedNetwork lifted, FlatArray data, List<Edit> edits) {
        EditedNetwork network = new EditedNetwork(lifted, data);
        network.apply(edits);
        network.forgetUnread();
        return network;
    }

    @Override
    protected void keep(Edit.Keep edit) {
        String name = edit.constant();
        FlatView view = views.get(name);
        if (view == null) {
            super.keep(edit);
            return;
        }
        views.put(name, view.slice(edit.axis(), edit.indices()));
        Tensor other =
                replaced.computeIfPresent(name, (key, value) -> Tensors.sliced(value, edit.axis(), edit.indices()));
        replace(name, other == null ? new FlatTensor(data, views.get(name)) : other);
    }

    @Override
    protected void setConstant(Edit.SetConstant edit) {
        String name = edit.constant();
        Tensor value = edit.value();
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
        replace(name, value);
    }

    @Override
    protected void setInput(Edit.SetInput edit) {
        Optional<String> before = node(edit.node()).input(edit.slot());
        if (before.isEmpty() || views.containsKey(before.get()) || !constants().containsKey(before.get())) {
            throw new IllegalArgumentException("the file cannot give " + Quoted.name(edit.node())
                    + " a constant of its own in slot " + edit.slot());
        }
        // The old name stays the one that sizes are tied to.
        replace(before.get(), edit.value());
        replace(edit.name(), edit.value());
    }

    @Override
    protected void omit(Edit.Omit edit) {
        node(edit.sum());
        omits.add(edit);
    }

    /** The inputs of vertices that are left out. */
    public List<Edit.Omit> omits() {
        return Collections.unmodifiableList(omits);
    }

    /** Parameters of layers that are left out lose all positions. */
    private void forgetUnread() {
        if (omits.isEmpty()) {
            return;
        }
        Set<String> left =
                GraphEdits.apply(lifted.graph(), List.copyOf(omits)).constants().keySet();
        lifted.parameters().keySet().stream()
                .filter(name -> lifted.graph().constants().containsKey(name) && !left.contains(name))
                .forEach(name -> {
                    views.put(name, nothing(views.get(name)));
                    replace(name, new FlatTensor(data, views.get(name)));
                });
    }

    private static FlatView nothing(FlatView view) {
        FlatView empty = view;
        for (int axis = 0; axis < view.offsets().size(); axis++) {
            empty = empty.slice(axis, new int[0]);
        }
        return empty;
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
