package {package};

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/** Squared distance between the probabilities of the classes and the truth. Put your formula and its source here. */
public final class {class} implements Loss {

    private static final ValueType CLASSES =
            new ValueType(DataType.INT64, Optional.of(List.of(new Dimension.Unknown())));

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Squared distance between the first output, a probability for each class, and the truth.";
    }

    @Override
    public String of(LossContext context) {
        String output = context.outputs().get(0);
        long count = classes(output, context);
        String labels = context.labels("", List.of(CLASSES))
                .orElseThrow(() -> new InvalidInputException(
                        "The loss '{name}' needs a class for each example, but the data has none. Add labels to it."));
        context.requireClasses(labels, count);
        String offAndOn = context.constant(Tensors.floats(List.of(2L), 0, 1));
        String truth = context.apply("OneHot", labels, context.constant(Tensors.vector(count)), offAndOn);
        String difference = context.apply("Sub", output, truth);
        return context.apply("Mul", difference, difference);
    }

    private static long classes(String output, LossContext context) {
        return context.type(output)
                .filter(type -> type.type().isFloating())
                .flatMap(ValueType::shape)
                .filter(shape -> shape.size() == 2)
                .filter(shape -> shape.get(1) instanceof Dimension.Fixed)
                .map(shape -> ((Dimension.Fixed) shape.get(1)).extent())
                .orElseThrow(() -> new InvalidInputException("The loss '{name}' does not fit the output "
                        + Quoted.name(output) + ": it is no row of real numbers an example. Choose another loss."));
    }
}
