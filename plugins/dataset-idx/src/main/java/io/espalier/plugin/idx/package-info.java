/** Data sets in idx files. */
package io.espalier.plugin.idx;
