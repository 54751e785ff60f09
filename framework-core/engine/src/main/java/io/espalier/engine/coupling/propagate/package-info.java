/**
 * What operators do to labels.
 *
 * <p>The way in is {@link io.espalier.engine.coupling.propagate.Propagation}, which visits the nodes of a graph in order.
 * Operators that only move elements (Reshape, Split, Gather with constant indices) do to labels what they do to elements:
 * {@code MoveRules} reads their operands and attributes, {@code IndexMoves} moves the labels. Every other operator is one
 * line of index notation, which {@code NotationApplication} applies: it aligns equal letters of all operands, labels
 * constants that are met for the first time, and relates labels that meet. {@code Parameters} keeps the labels of
 * constants, {@code Roles} learns what each of their axes means.
 */
package io.espalier.engine.coupling.propagate;
