package io.espalier.engine.recover;

import io.espalier.graph.shape.Shapes;
import io.espalier.spi.compensator.KeptPositions;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a cut of nothing keeps.
 *
 * @param shapes of the values of the graph
 */
public record AllPositions(Shapes shapes) implements KeptPositions {

    @Override
    public Optional<int[]> ofValue(String value, int axis) {
        return shapes.shape(value)
                .map(shape -> shape.get(axis))
                .filter(extent -> extent.isConstant())
                .map(extent ->
                        IntStream.range(0, Math.toIntExact(extent.constant())).toArray());
    }

    @Override
    public Optional<int[]> ofInput(String node, int slot, int axis) {
        return Optional.empty();
    }
}
