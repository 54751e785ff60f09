/**
 * Training: weights of a neutral graph follow the gradient of a loss over batches of data, and return to the file through the
 * bindings of its adapter.
 */
package io.espalier.training;
