/** Coupling analysis: label fields over factors, union-find, rows, grids, barriers. */
package io.espalier.engine.coupling;
