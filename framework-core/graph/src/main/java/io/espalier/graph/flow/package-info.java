/**
 * Control flow as plain nodes. The way in is {@link io.espalier.graph.flow.FlatGraph}: it lays the bodies of {@code If},
 * {@code Loop} and {@code Scan} flat and puts {@link io.espalier.graph.flow.ControlFlowEdges} where values enter and leave
 * them, so that an analysis walks one list of nodes.
 */
package io.espalier.graph.flow;
