/** Widths by how dense layers stay, whatever their weights are: {@code precrop}. */
package io.espalier.plugin.density;
