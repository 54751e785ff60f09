/** Importance by the scale of normalisation layers. */
package io.espalier.plugin.bnscale;
