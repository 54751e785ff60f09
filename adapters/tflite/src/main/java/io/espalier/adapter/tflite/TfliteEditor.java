package io.espalier.adapter.tflite;

import io.espalier.adapter.support.ModelEditor;
import io.espalier.adapter.tflite.edit.ConstantBinding;
import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.adapter.tflite.edit.NodeBinding;
import io.espalier.adapter.tflite.edit.Refit;
import io.espalier.adapter.tflite.edit.SlotBinding;
import io.espalier.adapter.tflite.lift.LiftedTflite;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.GraphIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries edits in neutral terms into a native model. Used once; not thread-safe.
 *
 * <p>Nodes are neither added nor removed: an operator of TFLite has a layout, fused activations and tensors with a
 * quantisation of their own, which a neutral node does not say.
 */
final class TfliteEditor extends ModelEditor {

    private final LiftedTflite lifted;
    private final NativeEdit model;
    private final GraphIndex index;
    private final List<Edit.SetInput> inputs = new ArrayList<>();

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
        model.empty(dropped().stream()
                .flatMap(name -> lifted.model().constant(name).stream())
                .map(ConstantBinding::tensor)
                .distinct()
                .toList());
        model.finish();
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
