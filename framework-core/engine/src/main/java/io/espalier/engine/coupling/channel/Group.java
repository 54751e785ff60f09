package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.label.LabelledAxis;
import java.util.List;

/**
 * Coupled channels on the same labelled axes: they are ranked against each other.
 *
 * @param id number of the group, from 0, in the order of the graph
 * @param name name of the first weight that computes its channels, else of the first parameter it prunes
 * @param signature equal for groups of the same structure
 * @param labelledAxes the axes that lose positions with its channels
 * @param channels its coupled channels, in the order of their first class
 */
public record Group(
        int id, String name, String signature, List<LabelledAxis> labelledAxes, List<CoupledChannel> channels) {

    public Group {
        labelledAxes = List.copyOf(labelledAxes);
        channels = List.copyOf(channels);
    }
}
