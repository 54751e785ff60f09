/** Importance by similarity to other channels. */
package io.espalier.plugin.redundancy;
