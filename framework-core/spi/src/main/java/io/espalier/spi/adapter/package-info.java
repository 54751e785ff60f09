/**
 * Opening, editing and running native models.
 *
 * <p>The way in is {@link io.espalier.spi.adapter.FrameworkAdapter}, which opens a file as a
 * {@link io.espalier.spi.adapter.Model}: a neutral graph, a runtime, and a writer that takes
 * {@link io.espalier.spi.adapter.Edit edits}. What edits mean, {@link io.espalier.spi.adapter.GraphEdits} says.
 */
package io.espalier.spi.adapter;
