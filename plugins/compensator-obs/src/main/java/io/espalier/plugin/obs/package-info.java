/** Refitting weights after the cut by least squares. */
package io.espalier.plugin.obs;
