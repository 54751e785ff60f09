/** The losses that gradients are usually taken of. */
package io.espalier.plugin.losses;
