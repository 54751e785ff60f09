/**
 * What adapters share. A jar of its own that each adapter packs beside its libraries; it sees the SPI and the JDK only.
 *
 * <p>{@link io.espalier.adapter.support.LiftedModel} holds a neutral graph with its bindings: where its constants and nodes
 * lie in the native model. {@link io.espalier.adapter.support.ModelEditor} applies edits to the neutral side; an adapter
 * extends it with what they change in its file. {@link io.espalier.adapter.support.PendingFile} writes a file beside its
 * target and moves it into place; {@link io.espalier.adapter.support.FileBytes} reads by position and digests,
 */
package io.espalier.adapter.support;
