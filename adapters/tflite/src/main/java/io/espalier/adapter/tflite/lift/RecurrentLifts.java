package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.support.Attributes;
import io.espalier.adapter.tflite.edit.NativeEdit;
import io.espalier.adapter.tflite.store.Axes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.UnidirectionalSequenceLSTMOptionsT;

/**
 * Recurrent layers that run over a whole sequence.
 *
 * <p>The native operator has one tensor for each gate, in the order input, forget, cell, output; the neutral one has them
 * joined as input, output, forget, cell. They are joined by nodes, so every gate's tensor is cut where it lies.
 *
 * <p>Converters bound the cell, to 10 as a rule. The neutral operator cannot say so and leaves it out: it changes no
 * coupling, and a model whose cells reach the bound shows it when the lift is compared with the interpreter.
 */
final class RecurrentLifts {

    private static final int[] GATES = {0, 3, 1, 2};
    private static final int INPUT_WEIGHTS = 1;
    private static final int RECURRENT_WEIGHTS = 5;
    private static final int PEEPHOLES = 9;
    private static final int BIASES = 12;
    private static final int PROJECTION = 16;
    private static final int STATES = 18;
    private static final int NORMALISATION = 20;

    private RecurrentLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, RecurrentLifts::sequence);
    }

    private static void sequence(Draft draft) {
        UnidirectionalSequenceLSTMOptionsT options = draft.options(UnidirectionalSequenceLSTMOptionsT.class);
        check(draft, options);
        Axes timeFirst = options.getTimeMajor() ? Axes.identity(3) : Axes.of(1, 0, 2);
        String x = draft.in(0, timeFirst);
        String weights = gates(draft, INPUT_WEIGHTS);
        String recurrent = gates(draft, RECURRENT_WEIGHTS);
        List<String> inputs = new ArrayList<>(List.of(x, weights, recurrent, biases(draft)));
        if (draft.has(PEEPHOLES + 1)) {
            inputs.addAll(List.of("", "", "", peepholes(draft)));
        }
        Attributes attributes = Attributes.none().with("hidden_size", draft.extent(INPUT_WEIGHTS + 1, 0));
        String states = draft.emit("LSTM", inputs, attributes.map());
        draft.implied(states, "hidden_size");
        int index = draft.index();
        draft.refit(states, (edit, edited) -> resizeStates(edit, index));
        String one = draft.emit("Squeeze", List.of(states, draft.derive("direction", 1)));
        draft.out(0, options.getTimeMajor() ? one : draft.transpose(one, timeFirst));
    }

    private static void check(Draft draft, UnidirectionalSequenceLSTMOptionsT options) {
        if (options.getFusedActivationFunction() != ActivationFunctionType.TANH) {
            throw new NotLiftedException("its cells are not activated by tanh");
        }
        if (!draft.has(INPUT_WEIGHTS) || !draft.has(BIASES)) {
            throw new NotLiftedException("its input gate is coupled to its forget gate");
        }
        if (draft.has(PROJECTION)) {
            throw new NotLiftedException("its output is projected");
        }
        if (draft.has(NORMALISATION) || draft.has(NORMALISATION + 1)) {
            throw new NotLiftedException("its gates are normalised");
        }
        if (!draft.inputType(0).isFloating()) {
            throw new NotLiftedException("it computes in integers");
        }
    }

    private static String gates(Draft draft, int first) {
        List<String> gates =
                IntStream.of(GATES).mapToObj(gate -> draft.in(first + gate)).toList();
        String joined =
                draft.emit("Concat", gates, Attributes.none().with("axis", 0).map());
        return unsqueezed(draft, joined);
    }

    /** There is one bias for each gate here, and two in the neutral operator. */
    private static String biases(Draft draft) {
        List<String> gates =
                IntStream.of(GATES).mapToObj(gate -> draft.in(BIASES + gate)).toList();
        String one =
                draft.emit("Concat", gates, Attributes.none().with("axis", 0).map());
        String none = draft.emit("Mul", List.of(one, draft.scalar(0)));
        String both = draft.emit(
                "Concat", List.of(one, none), Attributes.none().with("axis", 0).map());
        return unsqueezed(draft, both);
    }

    /** Input, output, forget. */
    private static String peepholes(Draft draft) {
        List<String> gates = List.of(draft.in(PEEPHOLES), draft.in(PEEPHOLES + 2), draft.in(PEEPHOLES + 1));
        return unsqueezed(
                draft,
                draft.emit("Concat", gates, Attributes.none().with("axis", 0).map()));
    }

    private static String unsqueezed(Draft draft, String value) {
        return draft.emit("Unsqueeze", List.of(value, draft.derive("direction", 0)));
    }

    /** The tensors that keep the state are as wide as the layer. */
    private static void resizeStates(NativeEdit edit, int index) {
        OperatorT operator = edit.operator(index);
        int width = edit.operand(index, INPUT_WEIGHTS + 1).getShape()[0];
        for (int slot = STATES; slot < STATES + 2 && slot < operator.getInputs().length; slot++) {
            if (operator.getInputs()[slot] >= 0) {
                edit.resizeZeros(index, slot, width);
            }
        }
    }
}
