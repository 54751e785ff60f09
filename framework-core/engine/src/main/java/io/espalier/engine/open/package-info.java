/**
 * Open models, made complete: values of inputs that a user gives are known, and what no operator definition tells of the
 * shapes in a graph is measured once, by running the original. Start with {@link io.espalier.engine.open.CompleteModel}.
 */
package io.espalier.engine.open;
