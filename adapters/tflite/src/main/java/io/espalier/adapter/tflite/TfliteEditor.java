package io.espalier.adapter.tflite;

import io.espalier.adapter.support.ModelEditor;
import io.espalier.adapter.tflite.edit.ConstantBinding;
import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.adapter.tflite.edit.NodeBinding;
import io.espalier.adapter.tflite.edit.Refit;
import io.espalier.adapter.tflite.edit.SlotBinding;
import io.espalier.adapter.tflite.lift.LiftedTflite;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.GraphIndex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Carries edits in neutral terms into a native model. Used once; not thread-safe.
 *
 * <p>Nodes are not added, and only operands of sums are left out: an operator of TFLite has a layout, fused activations and
 * tensors with a quantisation of their own, which a neutral node does not say.
 */
final class TfliteEditor extends ModelEditor {

    private final LiftedTflite lifted;
    private final NativeEdit model;
    private final GraphIndex index;
    private final List<Edit.SetInput> inputs = new ArrayList<>();
    private final List<Edit.Omit> omits = new ArrayList<>();

    private TfliteEditor(LiftedTflite lifted, NativeEdit model) {
        super(lifted.model().graph());
        this.lifted = lifted;
        this.model = model;
        this.index = GraphIndex.of(lifted.model().graph());
    }

    /**
     * Applies edits in order.
     *
     * @throws IllegalArgumentException when one names something the graph does not have
     */
    static void edit(LiftedTflite lifted, NativeEdit model, List<Edit> edits) {
        TfliteEditor editor = new TfliteEditor(lifted, model);
        editor.apply(edits);
        editor.finish();
    }

    @Override
    protected void setInput(Edit.SetInput edit) {
        super.setInput(edit);
        inputs.add(edit);
    }

    @Override
    protected void omit(Edit.Omit edit) {
        node(edit.sum());
        omits.add(edit);
    }

    @Override
    protected void setShape(Edit.SetShape edit) {
        Integer tensor = lifted.values().get(edit.value());
        if (tensor != null) {
            model.declare(tensor, edit.shape());
        }
    }

    private void finish() {
        // A constant without a binding was made for one node, whose refit reads it.
        changed()
                .forEach(name -> lifted.model()
                        .constant(name)
                        .ifPresent(place -> model.set(place.tensor(), place.part(), constant(name))));
        inputs.forEach(this::place);
        lifted.model().nodes().forEach(this::refit);
        Set<String> unread = new LinkedHashSet<>(dropped());
        unread.addAll(leaveOut());
        model.empty(unread.stream()
                .flatMap(name -> lifted.model().constant(name).stream())
                .map(ConstantBinding::tensor)
                .distinct()
                .toList());
        model.finish();
    }

    /** Leaves operands of sums out; returns the constants that nothing reads any more. */
    private Set<String> leaveOut() {
        if (omits.isEmpty()) {
            return Set.of();
        }
        Map<Integer, Set<Integer>> slots = new LinkedHashMap<>();
        Edit.Omit.bySum(omits).forEach((sum, left) -> slots.put(result(sum), left));
        model.leaveOut(slots);
        Set<String> unread =
                new LinkedHashSet<>(lifted.model().graph().constants().keySet());
        unread.removeAll(GraphEdits.apply(lifted.model().graph(), List.copyOf(omits))
                .constants()
                .keySet());
        return unread;
    }

    /** The tensor that the native operator of a node makes; nodes behind it may be parts of the same operator. */
    private int result(String node) {
        String value = node;
        while (!lifted.values().containsKey(value)) {
            List<GraphIndex.Reader> readers = index.readers(value);
            if (readers.size() != 1) {
                throw new InvalidInputException("The operator that makes " + Quoted.name(node)
                        + " cannot be left out: it is part of a larger operator of the file.");
            }
            value = readers.get(0).node().id();
        }
        return lifted.values().get(value);
    }

    private void place(Edit.SetInput set) {
        NodeBinding binding = lifted.model().node(set.node());
        SlotBinding slot = binding.slots().get(set.slot());
        if (slot instanceof SlotBinding.Operand operand) {
            model.setOperand(operand.operator(), operand.slot(), operand.part(), constant(set.name()));
        } else if (slot == null && (binding.refit().isEmpty() || !isDerived(set))) {
            throw new IllegalArgumentException("operand " + set.slot() + " of the node that makes "
                    + Quoted.name(set.node()) + " has no place in a TFLite model");
        }
    }

    /** Whether an operand was a constant made for its node. */
    private boolean isDerived(Edit.SetInput set) {
        return index.node(set.node())
                .flatMap(node -> node.input(set.slot()))
                .filter(index.constants()::containsKey)
                .isPresent();
    }

    private void refit(String id, NodeBinding binding) {
        binding.refit().ifPresent(refit -> refit.apply(model, new Refit.Edited(node(id), constants())));
    }
}
