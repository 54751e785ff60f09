/** Data sets in NumPy's npz files. */
package io.espalier.plugin.npz;
