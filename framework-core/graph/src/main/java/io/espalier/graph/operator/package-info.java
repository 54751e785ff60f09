/** What every operator does to indices: one line of index notation each. */
package io.espalier.graph.operator;
