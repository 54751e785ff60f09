package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.tensor.DataType;
import io.espalier.testkit.TestingLossContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a {@link Loss} owes: nodes of which one makes the value it names, or one sentence why the model does not fit. */
public abstract class LossContract extends ProviderContract<Loss> {

    protected LossContract() {
        super(Loss.class);
    }

    /** A new instance of the loss under test. */
    protected abstract Loss loss();

    /** Shapes of outputs that the loss is made for, without the examples. */
    protected List<List<Long>> shapes() {
        return List.of(List.of(10L), List.of(7L, 10L), List.of(10L, 8L, 8L));
    }

    @Override
    protected final Loss provider() {
        return loss();
    }

    private TestingLossContext model(DataType type, Optional<List<Long>> shape) {
        Optional<List<Dimension>> open = shape.map(extents -> {
            List<Dimension> dimensions = new ArrayList<>(List.of(new Dimension.Unknown()));
            extents.forEach(each -> dimensions.add(new Dimension.Fixed(each)));
            return dimensions;
        });
        return new TestingLossContext(Map.of("y", new ValueType(type, open)), options(), true);
    }

    @Test
    void namesAValueThatItMadeOfTheOutput() {
        for (List<Long> shape : shapes()) {
            TestingLossContext context = model(DataType.FLOAT32, Optional.of(shape));
            assertThat(context.has(loss().of(context))).as("shape %s", shape).isTrue();
            assertThat(context.nodes())
                    .as("nodes that read the output of shape %s", shape)
                    .anyMatch(node -> node.inputs().contains("y"));
        }
    }

    @Test
    void refusesAnOutputThatIsNotReal() {
        assertThatThrownBy(() -> loss().of(model(DataType.INT64, Optional.of(List.of(10L)))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'");
    }

    @Test
    void refusesAnOutputOfUnknownShape() {
        assertThatThrownBy(() -> loss().of(model(DataType.FLOAT32, Optional.empty())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'");
    }
}
