/**
 * Coupled channels: sets of label classes that can be removed without leaving any tensor ragged.
 *
 * <p>The way in is {@link io.espalier.engine.coupling.channel.Groups}, which finds all channels of a {@link
 * io.espalier.engine.coupling.Coupling} and collects those that compete with each other; {@link
 * io.espalier.engine.coupling.channel.Blocked} says what cannot be removed, and why. A chosen {@link
 * io.espalier.engine.coupling.channel.Removal} is turned into shapes and cuts by {@link
 * io.espalier.engine.coupling.channel.KeptIndices}, and into the masks of the proof by {@link
 * io.espalier.engine.coupling.channel.Masking}. {@code Channels} does the finding; {@code Closure} adds what must be
 * removed as well, {@code WidthCheck} demands that the rows of every {@code Grid} keep equally many columns.
 */
package io.espalier.engine.coupling.channel;
