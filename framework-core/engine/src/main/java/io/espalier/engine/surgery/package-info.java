/**
 * Turns a removal into edits of a graph. The way in is {@link io.espalier.engine.surgery.Surgery}; its result is a
 * {@link io.espalier.engine.surgery.PrunedGraph}: the edits, the edited graph, its shapes and the kept indices.
 *
 * <p>{@code ParameterCuts} slices constants, once for all readers or once for each; {@code OperandRewrites} changes shape
 * operands that disagree with what is kept, and {@code PinnedScalars} keeps numbers that a model derives from its extents
 * for arithmetic on data; {@code AttributeRewrites} changes attributes that count channels. Everything else is left as it is.
 * {@link io.espalier.spi.adapter.GraphEdits} applies edits to a neutral graph, as an adapter applies them to its file.
 */
package io.espalier.engine.surgery;
