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

    /**
     * Checks shape, type and elements.
     *
     * @return what is odd about the array, but not wrong
     * @throws InvalidInputException when the input cannot take the array
     */
    Optional<String> check(RunContext context) {
        requireShape();
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
                        + "values, scale the array in the same way.")
                : Optional.empty();
    }

    private void requireShape() {
        List<Long> found = array.shape();
        if (!declared.shape().map(expected -> fits(expected, found)).orElse(true)) {
            throw new InvalidInputException("The array " + Quoted.name(name) + " of shape " + found
                    + " does not fit the input " + Quoted.name(input) + " of shape "
                    + declared.shape().get().stream().map(InputArray::text).toList()
                    + "; the first axis counts examples.");
        }
    }

    private static boolean fits(List<Dimension> expected, List<Long> found) {
        boolean fits = expected.size() == found.size();
        for (int axis = 1; fits && axis < found.size(); axis++) {
            fits = !(expected.get(axis) instanceof Dimension.Fixed fixed) || fixed.extent() == found.get(axis);
        }
        return fits;
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
