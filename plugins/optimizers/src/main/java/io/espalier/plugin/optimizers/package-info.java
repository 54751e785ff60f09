/** The optimizers that networks are usually trained with. */
package io.espalier.plugin.optimizers;
