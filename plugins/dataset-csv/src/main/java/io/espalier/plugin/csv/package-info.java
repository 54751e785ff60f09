/** Data sets in CSV files. */
package io.espalier.plugin.csv;
