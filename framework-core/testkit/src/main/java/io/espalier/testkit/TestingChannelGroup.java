package io.espalier.testkit;

import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.ParameterAxis;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Coupled channels over any parameters, for tests of criteria. A channel removes equally many neighbouring slices of each
 * parameter, as a channel that was flattened does.
 *
 * @param name a name for people
 * @param size number of channels, which divides the number of slices of each parameter
 * @param parameters the axes that the channels lie on
 */
public record TestingChannelGroup(String name, int size, List<TestingParameterAxis> parameters)
        implements ChannelGroup {

    public TestingChannelGroup {
        parameters = List.copyOf(parameters);
        for (TestingParameterAxis axis : parameters) {
            if (axis.size() % size != 0) {
                throw new IllegalArgumentException(
                        size + " channels do not divide " + axis.size() + " slices of " + axis);
            }
        }
    }

    @Override
    public List<ParameterAxis> axes() {
        return List.copyOf(parameters);
    }

    @Override
    public int[] slices(int channel, int axis) {
        int each = parameters.get(axis).size() / size;
        return IntStream.range(channel * each, (channel + 1) * each).toArray();
    }
}
