/**
 * Labels and the axes they lie on.
 *
 * <p>An axis is an ordered list of {@link io.espalier.engine.coupling.label.AxisFactor}s: an axis of 384 is 12 x 32 once a
 * Reshape has divided it. A {@link io.espalier.engine.coupling.label.Layout} says how the axes of one value are made of
 * factors and which {@link io.espalier.engine.coupling.label.LabelMap}s cover them; each of these gives a label to every
 * position along its factors. {@link io.espalier.engine.coupling.label.Labels} makes labels and keeps what is known of
 * them: which are joined, tied, rows of others, or frozen by a {@link io.espalier.engine.coupling.label.Barrier}. When
 * the walk is over, {@link io.espalier.engine.coupling.label.LabelledGraph} holds all layouts, and {@link
 * io.espalier.engine.coupling.label.LabelClasses} the classes of labels that are always removed together.
 */
package io.espalier.engine.coupling.label;
