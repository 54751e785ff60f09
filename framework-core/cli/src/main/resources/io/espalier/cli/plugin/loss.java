package {package};

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;

/** Mean square of the first output. Put your formula and its source here. */
public final class {class} implements Loss {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Mean square of the first output, without labels.";
    }

    @Override
    public String of(LossContext context) {
        String output = context.outputs().get(0);
        if (context.type(output).filter({class}::isReal).isEmpty()) {
            throw new InvalidInputException("The loss '{name}' does not fit the output " + Quoted.name(output)
                    + ": it is no array of real numbers with an axis of examples. Choose another loss.");
        }
        return context.apply("Mul", output, output);
    }

    private static boolean isReal(ValueType type) {
        return type.type().isFloating()
                && type.shape().filter(shape -> !shape.isEmpty()).isPresent();
    }
}
