package io.espalier.adapter.onnx.lift;

import io.espalier.spi.tensor.DataType;
import java.util.Arrays;
import java.util.List;

/** Attributes that became inputs in a later opset. */
record MovedAttributes(List<Move> moves) implements OpsetForm {

    /**
     * An attribute that became an input.
     *
     * @param since the opset with the input
     * @param slot the input
     * @param likeData whether the input has the element type of the first one, where it is not that of its form
     */
    record Move(int since, String attribute, int slot, AttributeForm form, boolean likeData) {

        static Move ints(int since, String attribute, int slot) {
            return new Move(since, attribute, slot, AttributeForm.INTS, false);
        }

        static Move integer(int since, String attribute, int slot) {
            return new Move(since, attribute, slot, AttributeForm.INT, false);
        }

        static Move real(int since, String attribute, int slot) {
            return new Move(since, attribute, slot, AttributeForm.FLOAT, false);
        }

        static Move realLikeData(int since, String attribute, int slot) {
            return new Move(since, attribute, slot, AttributeForm.FLOAT, true);
        }

        private DataType type(NodeDraft node) {
            if (likeData) {
                return node.firstInputType();
            }
            return form == AttributeForm.FLOAT || form == AttributeForm.FLOATS ? DataType.FLOAT32 : DataType.INT64;
        }
    }

    static MovedAttributes of(Move... moves) {
        return new MovedAttributes(Arrays.asList(moves));
    }

    @Override
    public void lift(NodeDraft node, int opset) {
        for (Move move : moves) {
            if (opset < move.since()) {
                node.toInput(move.attribute(), move.slot(), move.form(), move.type(node));
            }
        }
    }

    @Override
    public void lower(NativeDraft node, int opset) {
        for (Move move : moves) {
            if (opset < move.since()) {
                node.toAttribute(move.slot(), move.attribute(), move.form());
            }
        }
    }
}
