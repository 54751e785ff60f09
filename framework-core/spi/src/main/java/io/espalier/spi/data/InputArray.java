package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * An array that feeds an input.
 *
 * @param input name of the input
 * @param declared type and shape of the input
 * @param name name of the array
 * @param array its rows are examples
 */
record InputArray(String input, ValueType declared, String name, Tensor array) {

    private static final int IMAGE_RANK = 4;

    /**
     * An array in the shape of an input, scaled where the input takes floating-point numbers and the array has none.
     *
     * @param notes receives what was done to the array
     * @throws InvalidInputException when the array does not fit
     */
    static InputArray of(
            String input, ValueType declared, String name, Tensor array, InputScaling scaling, List<String> notes) {
        Tensor arranged = array;
        if (declared.shape().isPresent()) {
            Arrangement arrangement = Arrangement.of(
                            name, array, declared.shape().get())
                    .orElseThrow(() -> new InvalidInputException("The array " + Quoted.name(name) + " of shape "
                            + array.shape() + " does not fit the input " + Quoted.name(input) + " of shape "
                            + declared.shape().get().stream()
                                    .map(InputArray::text)
                                    .toList()
                            + "; the first axis counts examples."));
            arrangement.note().ifPresent(notes::add);
            arranged = arrangement.array();
        }
        boolean scaled = !scaling.equals(InputScaling.NONE)
                && declared.type().isFloating()
                && !array.type().isFloating();
        return new InputArray(input, declared, name, scaled ? scaled(name, arranged, scaling) : arranged);
    }

    private static Tensor scaled(String name, Tensor array, InputScaling scaling) {
        int rank = array.shape().size();
        if (scaling.channels() == 1) {
            return ScaledTensor.of(array, scaling, 0);
        }
        for (int axis : rank == IMAGE_RANK ? new int[] {1, rank - 1} : new int[] {rank - 1, 1}) {
            if (axis > 0 && axis < rank && array.shape().get(axis) == scaling.channels()) {
                return ScaledTensor.of(array, scaling, axis);
            }
        }
        throw new InvalidInputException("Mean and deviation are given for " + scaling.channels()
                + " channels, but the array " + Quoted.name(name) + " of shape " + array.shape()
                + " has no such axis of channels; give one number, or one for each channel.");
    }

    /**
     * Checks type and elements.
     *
     * @return what is odd about the array, but not wrong
     * @throws InvalidInputException when the input cannot take the array
     */
    Optional<String> check(RunContext context) {
        if (array.type().isFloating() && !declared.type().isFloating()) {
            throw new InvalidInputException("The input " + Quoted.name(input) + " takes " + declared.type()
                    + ", but the array " + Quoted.name(name) + " holds " + array.type() + "; convert the array.");
        }
        ElementSummary elements = ElementSummary.of(name, array, context);
        requireRange(elements);
        return declared.type().isFloating() && elements.looksLikeBytes()
                ? Optional.of("The array " + Quoted.name(name) + " holds whole numbers up to "
                        + (long) elements.largest() + ", and the input " + Quoted.name(input) + " takes "
                        + declared.type() + ": they were fed as they are; if the network was trained on scaled "
                        + "values, scale the array in the same way (--data-option scale=1/255 for whole-number types).")
                : Optional.empty();
    }

    private static String text(Dimension dimension) {
        if (dimension instanceof Dimension.Fixed fixed) {
            return Long.toString(fixed.extent());
        }
        return dimension instanceof Dimension.Symbol symbol ? symbol.name() : "?";
    }

    private void requireRange(ElementSummary elements) {
        if (declared.type() == array.type() || array.size() == 0) {
            return;
        }
        require(elements.smallest(), elements.rowOfSmallest());
        require(elements.largest(), elements.rowOfLargest());
    }

    private void require(double value, long row) {
        ByteBuffer element = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Elements.put(declared.type(), element, 0, value);
        double stored = Elements.get(declared.type(), element, 0);
        boolean held = declared.type().isFloating()
                ? Double.isFinite(stored)
                : stored == value || declared.type() == DataType.BOOL;
        if (!held) {
            throw new InvalidInputException("The array " + Quoted.name(name) + " holds " + value + " in row " + row
                    + " (rows count from 0), which the input " + Quoted.name(input) + " of " + declared.type()
                    + " cannot hold.");
        }
    }

    /** Some rows in the type of the input. */
    Tensor rows(long[] rows) {
        return Tensors.converted(Rows.of(name, array, rows), declared.type());
    }
}
