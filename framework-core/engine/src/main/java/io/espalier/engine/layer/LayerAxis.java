package io.espalier.engine.layer;

import io.espalier.engine.coupling.label.LabelledAxis;

/**
 * The axis of a weight along which lie the channels that a layer computes.
 *
 * @param layer the best name of the layer
 * @param axis the axis of its weight
 */
public record LayerAxis(String layer, LabelledAxis axis) {}
