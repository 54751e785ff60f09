package io.espalier.adapter.onnx.lift;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Lifts a node that is about to be written, to see whether it means what it should. Used once. */
final class Relift implements NodeDraft.Surroundings {

    private final NativeDraft draft;
    private final int opset;
    private final NativeDraft.Surroundings around;
    private final Map<String, Tensor> constants = new HashMap<>();
    private final KnownTypes types;

    Relift(NativeDraft draft, int opset, NativeDraft.Surroundings around) {
        this.draft = draft;
        this.opset = opset;
        this.around = around;
        this.constants.putAll(draft.constants());
        Map<String, ValueType> known = new HashMap<>();
        draft.inputs.forEach(input -> around.type(input).ifPresent(type -> known.put(input, type)));
        this.types = new KnownTypes(known);
    }

    /**
     * Whether the node that was meant comes back.
     *
     * @param withoutDefaults leaves out attributes that say what their absence says
     */
    boolean returns(UnaryOperator<Map<String, Attribute>> withoutDefaults) {
        Node meaning = draft.meaning();
        NodeDraft lifted = new NodeDraft(draft.node(), this);
        try {
            if (meaning.domain().isEmpty()) {
                OpsetForms.lift(lifted, opset);
            } else {
                ContribLifts.lift(lifted);
            }
        } catch (InvalidInputException e) {
            return false;
        }
        Node back = lifted.node();
        return lifted.before.isEmpty()
                && lifted.after.isEmpty()
                && back.qualifiedOperator().equals(meaning.qualifiedOperator())
                && back.outputs().equals(meaning.outputs())
                && haveSameValues(present(back.inputs()), present(meaning.inputs()))
                && withoutDefaults.apply(back.attributes()).equals(withoutDefaults.apply(meaning.attributes()));
    }

    private static List<String> present(List<String> inputs) {
        List<String> present = new ArrayList<>(inputs);
        while (!present.isEmpty() && present.get(present.size() - 1).isEmpty()) {
            present.remove(present.size() - 1);
        }
        return present;
    }

    private boolean haveSameValues(List<String> some, List<String> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).equals(others.get(i)) && !areSame(constant(some.get(i)), constant(others.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean areSame(Optional<Tensor> one, Optional<Tensor> other) {
        return one.isPresent()
                && other.isPresent()
                && Arrays.equals(Tensors.toDoubles(one.get()), Tensors.toDoubles(other.get()));
    }

    @Override
    public KnownTypes types() {
        return types;
    }

    @Override
    public Optional<Tensor> constant(String value) {
        return Optional.ofNullable(constants.get(value)).or(() -> around.constant(value));
    }

    @Override
    public boolean isRead(int output) {
        return !draft.outputs.get(output).isEmpty();
    }

    @Override
    public String addConstant(String wish, Tensor value, String attribute, AttributeForm form) {
        return addImplied(wish, value);
    }

    @Override
    public String addImplied(String wish, Tensor value) {
        String name = fresh(wish);
        imply(name, value);
        return name;
    }

    @Override
    public void imply(String value, Tensor tensor) {
        constants.put(value, tensor);
    }

    @Override
    public void forgetType(String value) {}

    @Override
    public void refuseAtLast(String what) {
        throw broken(what);
    }

    @Override
    public InvalidInputException broken(String what) {
        return new InvalidInputException(what);
    }

    @Override
    public String fresh(String wish) {
        return "relifted " + constants.size() + " " + wish;
    }
}
