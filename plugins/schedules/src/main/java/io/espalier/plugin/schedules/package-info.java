/** Cuts during training: all at once, or along a curve. */
package io.espalier.plugin.schedules;
