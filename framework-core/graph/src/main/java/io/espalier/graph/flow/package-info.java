/** Graphs whose nodes have bodies, seen as one list of nodes. */
package io.espalier.graph.flow;
