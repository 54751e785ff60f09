package io.espalier.api;

import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.layer.FileNames;
import io.espalier.spi.Stability;
import io.espalier.spi.criterion.ParameterRole;

/**
 * An axis of a parameter that loses positions when a coupled channel is removed.
 *
 * @param parameter name of the parameter
 * @param reader first output of the node whose copy of the parameter this is; empty where there is one for all
 * @param axis the axis
 * @param role what the axis means to the channel
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record CoupledAxis(String parameter, String reader, int axis, ParameterRole role) {

    static CoupledAxis of(LabelledAxis axis, FileNames names) {
        return new CoupledAxis(
                names.of(axis.use().constant()), names.of(axis.use().node()), axis.axis(), axis.role());
    }

    @Override
    public String toString() {
        return parameter + (reader.isEmpty() ? "" : " (for " + reader + ")") + "[" + axis + "]";
    }
}
