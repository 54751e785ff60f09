/** Importance by the magnitude of weights. */
package io.espalier.plugin.magnitude;
